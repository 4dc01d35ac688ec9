import type { IncomingHttpHeaders } from 'node:http'

const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i
const FORWARDED = /^(forwarded|x-forwarded-.*|x-real-ip|via)$/

/**
 * Whether a request comes from this machine and was meant for it. A page in a browser here reaches loopback too, under
 * a name of its own that resolves to it; and a proxy here sends what strangers asked.
 * @param remoteAddress of the connection; undefined once it was reset
 */
export function isFromThisMachine(remoteAddress: string | undefined, headers: IncomingHttpHeaders): boolean {
  if (!LOOPBACK_ADDRESS.test(remoteAddress ?? '') || !LOOPBACK_HOST.test(headers.host ?? '')) return false
  for (const name in headers) if (FORWARDED.test(name)) return false
  return true
}
