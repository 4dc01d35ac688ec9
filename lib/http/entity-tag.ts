/**
 * Whether the client has this version already (RFC 9110 13.1.2: a list of tags or `*`, compared weakly).
 * @param etag strong, with its quotes
 */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((tag) => [etag, '*'].includes(tag.trim().replace(/^W\//, '')))
}
