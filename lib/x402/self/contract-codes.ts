import { RecentMap } from '../../memory/recent-map.ts'
import type { Hex } from '../settler.ts'

const ADDRESSES = 2_000
/** How long a newly deployed wallet is still treated as a key's account, whose payments are rejected. */
const KEPT_MS = 30_000

const NO_CODE: Hex = '0x'
const SOME_CODE: Hex = '0x00'

/**
 * Caches which addresses are contracts. The scheme only needs to know whether there is code; the code itself, up to 24
 * kB, is not stored.
 */
export class ContractCodes {
  readonly #known = new RecentMap<string, { readonly code: Hex; readonly untilMs: number }>(ADDRESSES)
  readonly #now: () => number

  /** @param now unix milliseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  /** @returns `0x` for an account without code, other bytes for a contract; undefined if not cached */
  find(address: string): Hex | undefined {
    const known = this.#known.get(address.toLowerCase())
    return known !== undefined && this.#now() < known.untilMs ? known.code : undefined
  }

  keep(address: string, code: Hex): void {
    const untilMs = this.#now() + KEPT_MS
    this.#known.set(address.toLowerCase(), { code: code === NO_CODE ? NO_CODE : SOME_CODE, untilMs })
  }
}
