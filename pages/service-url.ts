/**
 * The URL of a path of this service, such as `/v1/validate`. A proxy may serve it under a prefix of its own; scripts lie
 * in `assets`, one folder below the root.
 */
export function serviceUrl(path: string): string {
  return new URL(`..${path}`, import.meta.url).href
}
