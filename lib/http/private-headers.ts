/** For responses to a mistyped path, which may contain an athlete's UUID too. */
export const NO_REFERRER = { 'referrer-policy': 'no-referrer' } as const

/** Headers of every response to a URL that may contain an athlete's UUID, the key to the records. */
export const PRIVATE_HEADERS = { 'cache-control': 'private, no-store', ...NO_REFERRER } as const
