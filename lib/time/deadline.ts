const LATE = Symbol('late')

/**
 * Bounds how long a caller waits for a promise. The underlying work continues; its later outcome is dropped.
 * @param onLate returns the result after `limitMs`, or throws the caller's error
 * @returns the outcome of the promise, or of `onLate`
 */
export async function withDeadline<T, L = never>(
  promise: Promise<T>,
  limitMs: number,
  onLate: () => L
): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), limitMs)
  })
  try {
    const outcome = await Promise.race([promise, limit])
    return outcome === LATE ? onLate() : outcome
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Rejects with the signal's reason as soon as it aborts, whatever the promise does later. undici hears the signal of a
 * request only once it has a connection.
 */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
