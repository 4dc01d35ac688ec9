import { networksAround } from './client-network.ts'

const MINUTE_MS = 60_000

/** Clients and networks counted at once. */
const MAX_KEYS = 50_000
/** Size to which a full table is folded, densest networks first. */
const FOLDED_KEYS = 10_000
/** Folding that frees fewer keys costs more than it gains. */
const WORTH_FOLDING = 5000
/** If a full table cannot be folded, newcomers share these counts by network. */
const SHARED_COUNTS = 4096

/**
 * Counts events per client in fixed minutes. Memory is bounded: a minute's counts are dropped together. When the table
 * is full, clients of the same network are folded into one count (IPv6 /64 to /56 to /48, IPv4 to /24), so that a
 * network that sends from thousands of addresses limits itself and not every newcomer.
 */
export class MinuteCounter {
  readonly #limit: number
  #counts = new Map<string, number>()
  #minute = 0
  #isFolded = false
  #isFull = false

  constructor(limitPerMinute: number) {
    this.#limit = limitPerMinute
  }

  /**
   * Counts one event.
   * @returns seconds to wait if it exceeds the limit, otherwise undefined
   */
  take(key: string, nowMs: number): number | undefined {
    this.#begin(nowMs)
    const counted = this.countedAs(key) ?? this.#makeRoom(key)
    const count = this.#counts.get(counted) ?? 0
    if (count >= this.#limit) return secondsLeft(nowMs)
    this.#counts.set(counted, count + 1)
    return undefined
  }

  /**
   * Counts nothing.
   * @returns seconds to wait if one more event exceeds the limit, otherwise undefined
   */
  wait(key: string, nowMs: number): number | undefined {
    this.#begin(nowMs)
    const counted = this.countedAs(key) ?? sharedCount(networksAround(key)[1])
    return (this.#counts.get(counted) ?? 0) >= this.#limit ? secondsLeft(nowMs) : undefined
  }

  /** The client or the network that it is counted with; undefined if the table has room for neither. */
  countedAs(key: string): string | undefined {
    if (this.#counts.has(key)) return key
    if (this.#isFolded) {
      const found = networksAround(key).find((network) => this.#counts.has(network))
      if (found !== undefined) return found
    }
    return this.#counts.size < MAX_KEYS ? key : undefined
  }

  #begin(nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS)
    if (minute === this.#minute) return
    this.#minute = minute
    this.#counts = new Map()
    this.#isFolded = false
    this.#isFull = false
  }

  #makeRoom(key: string): string {
    if (!this.#isFull) {
      const before = this.#counts.size
      this.#fold(0)
      if (this.#counts.size > FOLDED_KEYS) this.#fold(1)
      this.#isFull = before - this.#counts.size < WORTH_FOLDING
    }
    return this.countedAs(key) ?? sharedCount(networksAround(key)[1])
  }

  /** @param width index into `networksAround` */
  #fold(width: 0 | 1): void {
    const networks = new Map<string, string[]>()
    for (const key of this.#counts.keys()) {
      const network = networksAround(key)[width]
      const members = networks.get(network)
      if (members === undefined) networks.set(network, [key])
      else members.push(key)
    }
    const densestFirst = [...networks].sort(([, one], [, other]) => other.length - one.length)
    for (const [network, members] of densestFirst) {
      if (members.length === 1 || this.#counts.size <= FOLDED_KEYS) break
      // Not their sum: folding alone would lock out the neighbours of moderate clients.
      let busiest = 0
      for (const member of members) {
        busiest = Math.max(busiest, this.#counts.get(member)!)
        this.#counts.delete(member)
      }
      this.#counts.set(network, busiest)
      this.#isFolded = true
    }
  }
}

function secondsLeft(nowMs: number): number {
  return Math.ceil((MINUTE_MS - (nowMs % MINUTE_MS)) / 1000)
}

/** Stable within a process and evenly spread. */
function sharedCount(network: string): string {
  let hash = 0
  for (let index = 0; index < network.length; index++) hash = (Math.imul(hash, 31) + network.charCodeAt(index)) | 0
  return `shared ${Math.abs(hash % SHARED_COUNTS)}`
}
