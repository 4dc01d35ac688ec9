/** Of what may answer a mistyped path, which may hold an athlete's UUID too. */
export const NO_REFERRER = { 'referrer-policy': 'no-referrer' } as const

/** Headers of every answer to a URL that may hold an athlete's UUID, the key to the records. */
export const PRIVATE_HEADERS = { 'cache-control': 'private, no-store', ...NO_REFERRER } as const
