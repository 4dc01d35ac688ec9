import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'

/**
 * What makes two requests the same purchase: method, route pattern, path parameters and the meaning of the body.
 * @returns sha256 as 64 hex digits
 */
export function requestFingerprint(method: string, routePattern: string, params: unknown, body: unknown): string {
  return createHash('sha256')
    .update(`${method}\n${routePattern}\n${canonicalJson(params ?? {})}\n${canonicalJson(body)}`)
    .digest('hex')
}
