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
