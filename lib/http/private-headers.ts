/** Headers of every answer to a URL that may hold an athlete's UUID, the key to the records. */
export const PRIVATE_HEADERS = { 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' } as const
