/**
 * Suffixes that compressing proxies append to a tag, inside its quotes (Apache `-gzip`, Jetty `--gzip`, Caddy `-zstd`).
 */
const COMPRESSED = /(--?|;)(gzip|br|deflate|zstd)"$/

/**
 * Whether the client already has this version (RFC 9110 13.1.2: a list of tags or `*`, compared weakly).
 * @param etag strong, with its quotes
 */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((given) => {
    const tag = given.trim().replace(/^W\//, '')
    return tag === '*' || tag === etag || tag.replace(COMPRESSED, '"') === etag
  })
}
