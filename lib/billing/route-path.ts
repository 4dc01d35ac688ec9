/**
 * The path of a request as its route pattern and parameters spell it, without query. Unlike the request target it
 * has one spelling only.
 * @param pattern such as `/v1/workouts/:workout_id/revisions`
 */
export function routePath(pattern: string, params: unknown): string {
  if (!pattern.includes(':')) return pattern
  const values = params as Readonly<Record<string, string>>
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}
