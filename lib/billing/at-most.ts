/** @returns what the promise gives, or `too_late` after the limit; the promise itself goes on */
export async function atMost<T>(promise: Promise<T>, limitMs: number): Promise<T | 'too_late'> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<'too_late'>((resolve) => {
    timer = setTimeout(() => resolve('too_late'), limitMs)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}
