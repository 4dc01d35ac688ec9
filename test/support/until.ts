import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 60_000
const LONGEST_PAUSE_MS = 250

/**
 * Retries at growing intervals until `attempt` returns a truthy value; a hang becomes a named failure.
 * @returns what `attempt` returned
 * @throws Error with the last error of `attempt`, after the limit
 */
export async function until<T>(what: string, attempt: () => T | Promise<T>, limitMs = PATIENCE_MS): Promise<T & {}> {
  const start = performance.now()
  let last: unknown = 'not yet'
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs = performance.now() - start) {
    try {
      const value = await attempt()
      if (value) return value
    } catch (error) {
      last = error
    }
    await sleep(Math.min(LONGEST_PAUSE_MS, 5 + waitedMs / 20))
  }
  throw new Error(`waited ${limitMs} ms until ${what}: ${describe(last)}`)
}

/** ln-service rejects with arrays (`[code, name, details]`); this makes one line of whatever was thrown. */
export function describe(error: unknown): string {
  return error instanceof Error ? error.message : JSON.stringify(error)
}
