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

/** For responses to a mistyped path, which may contain an athlete's UUID too. */
export const NO_REFERRER = { 'referrer-policy': 'no-referrer' } as const

/** Headers of every response to a URL that may contain an athlete's UUID, the key to the records. */
export const PRIVATE_HEADERS = { 'cache-control': 'private, no-store', ...NO_REFERRER } as const
