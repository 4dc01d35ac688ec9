import { hash } from 'node:crypto'
import { canonicalJson } from '../json/canonical-json.ts'

/**
 * What makes two requests the same purchase: method, route pattern, path parameters and the meaning of the body.
 * @param canonicalBody the parsed body in RFC 8785 form
 * @returns sha256 as 64 hex digits
 */
export function requestFingerprint(
  method: string,
  routePattern: string,
  params: unknown,
  canonicalBody: string
): string {
  return hash('sha256', `${method}\n${routePattern}\n${canonicalJson(params ?? {})}\n${canonicalBody}`)
}
