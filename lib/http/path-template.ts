/** A router's pattern as documents write it: `/v1/workouts/:workout_id` is `/v1/workouts/{workout_id}`. */
export function pathTemplate(pattern: string): string {
  return pattern.replace(/:(\w+)/g, '{$1}')
}
