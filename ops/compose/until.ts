import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 120_000
const PAUSE_MS = 100

/**
 * Asks again until `attempt` gives something true.
 * @throws Error with the last reason after two minutes
 */
export async function until<T>(what: string, attempt: () => Promise<T>): Promise<T & {}> {
  const end = performance.now() + PATIENCE_MS
  let last: unknown = 'not yet'
  while (performance.now() < end) {
    try {
      const value = await attempt()
      if (value) return value
    } catch (error) {
      last = error instanceof Error ? error.message : JSON.stringify(error)
    }
    await sleep(PAUSE_MS)
  }
  throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}: ${last}`)
}
