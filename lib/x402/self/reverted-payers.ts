import { RecentMap } from '../../memory/recent-map.ts'
import type { Hex } from '../settler.ts'

const PAYERS = 10_000
const MOST_REVERTS = 3
/** As long as an authorisation may be valid: a pending payment is not sent again and again. */
const KEPT_MS = 86_400_000

/**
 * Payers whose transfers reverted in a block although their simulation succeeded. A wallet contract can tell the two
 * apart, so that no simulation reveals it, and each transaction costs this service gas.
 */
export class RevertedPayers {
  readonly #known = new RecentMap<Hex, { readonly reverts: number; readonly untilMs: number }>(PAYERS)
  readonly #now: () => number

  /** @param now unix milliseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  add(payer: Hex): void {
    this.#known.set(payer, { reverts: this.#revertsOf(payer) + 1, untilMs: this.#now() + KEPT_MS })
  }

  /** Whether transfers of this payer are no longer sent. */
  has(payer: Hex): boolean {
    return this.#revertsOf(payer) >= MOST_REVERTS
  }

  #revertsOf(payer: Hex): number {
    const known = this.#known.get(payer)
    return known !== undefined && this.#now() < known.untilMs ? known.reverts : 0
  }
}
