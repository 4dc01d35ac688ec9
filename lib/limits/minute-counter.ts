const MINUTE_MS = 60_000

/** Addresses counted at once; past that, the newcomers of this minute share one count. */
const MAX_KEYS = 50_000
const CROWD = '*'

/** Counts events per client in fixed minutes. Memory is bounded: a minute's counts are dropped together. */
export class MinuteCounter {
  readonly #limit: number
  #counts = new Map<string, number>()
  #minute = 0

  constructor(limitPerMinute: number) {
    this.#limit = limitPerMinute
  }

  /** Counts one more. @returns seconds to wait when that is too many, else undefined */
  take(key: string, nowMs: number): number | undefined {
    const minute = Math.floor(nowMs / MINUTE_MS)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#counts = new Map()
    }
    const counted = this.#counts.has(key) || this.#counts.size < MAX_KEYS ? key : CROWD
    const count = this.#counts.get(counted) ?? 0
    if (count >= this.#limit) return Math.ceil(((minute + 1) * MINUTE_MS - nowMs) / 1000)
    this.#counts.set(counted, count + 1)
    return undefined
  }
}
