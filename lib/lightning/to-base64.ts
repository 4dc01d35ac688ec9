/** Certificate or macaroon as LND's files, in hex or base64, give it: always base64. */
export function toBase64(hexOrBase64: string): string {
  const text = hexOrBase64.trim()
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex').toString('base64') : text
}
