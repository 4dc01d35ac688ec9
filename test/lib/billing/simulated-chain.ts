import { hash } from 'node:crypto'
import type { DeferredPayment, Resolution, Settlement } from '../../../lib/billing/rail.ts'
import { RailUnavailable } from '../../../lib/billing/rail.ts'

export const START_SECONDS = 1_800_000_000
export const PRICE_ATOMIC = 7n

/** A payer's signed promise, as a chain's authorisation would be: whoever has it can move the money, once. */
export interface Signed {
  readonly payer: string
  readonly nonce: string
  /** Unix seconds. */
  readonly validBefore: number
  readonly signature: string
}

/** Signs a promise; valid for a minute from the start but for what `change` says. */
export function sign(payer: string, nonce: string, change: Partial<Signed> = {}): Signed {
  const unsigned = { payer, nonce, validBefore: START_SECONDS + 60, ...change }
  return { signature: signatureOf(unsigned), ...unsigned }
}

/** The same public parts, by somebody who cannot sign for the payer. */
export const forge = (signed: Signed): Signed => ({ ...signed, signature: 'by somebody else' })

export const keyOf = ({ payer, nonce }: Signed) => `promise:${payer}|${nonce}`

function signatureOf({ payer, nonce, validBefore }: Omit<Signed, 'signature'>): string {
  return hash('sha256', `the secret of ${payer}: ${nonce} until ${validBefore}`)
}

/** The moments of a payment at which a test may step in. */
export type Moment = 'confirm' | 'settle' | 'moved' | 'resolve'

/**
 * Money as a rail sees it that takes it after computing: balances, promises that move it once, and an outside that
 * refuses, loses its tongue, or tells the truth late.
 */
export class SimulatedChain {
  nowSeconds = START_SECONDS
  confirming: 'truth' | 'refuses' | 'unavailable' = 'truth'
  /**
   * `refuses` for good; `loses` the order and does not know; `delays` it until `mine`; moves the money and `hides` it.
   */
  settling: 'truth' | 'refuses' | 'loses' | 'delays' | 'hides' = 'truth'
  resolving: 'truth' | 'blind' = 'truth'
  /** Every question that was asked, in order. */
  readonly calls: { readonly moment: Moment; readonly key: string }[] = []
  readonly balances = new Map<string, bigint>()
  /** References of the money that moved, by proof. */
  readonly moved = new Map<string, string>()
  readonly #void = new Set<string>()
  readonly #underWay = new Map<string, Signed>()
  /** Called at each moment. */
  at: (moment: Moment, key: string) => void | Promise<void> = () => {}

  balanceOf(payer: string): bigint {
    return this.balances.get(payer) ?? 1000n
  }

  /** The payer takes a promise back; too late where the money has moved. */
  cancel(signed: Signed): void {
    if (!this.moved.has(keyOf(signed))) this.#void.add(keyOf(signed))
  }

  /** What was delayed happens, where it still can. */
  mine(): void {
    for (const signed of this.#underWay.values()) this.#move(signed)
    this.#underWay.clear()
  }

  /** How often something was asked, about one promise or all. */
  count(moment: Moment, signed?: Signed): number {
    return this.calls.filter((call) => call.moment === moment && (!signed || call.key === keyOf(signed))).length
  }

  async confirm(signed: Signed): Promise<Awaited<ReturnType<DeferredPayment['confirm']>>> {
    await this.#reach('confirm', keyOf(signed))
    if (this.confirming === 'unavailable') throw new RailUnavailable(503, 'The chain is unreachable.', 3)
    const code =
      this.confirming === 'refuses'
        ? 'refused_by_whim'
        : this.moved.has(keyOf(signed))
          ? 'used'
          : (this.#whyDead(signed) ?? (this.balanceOf(signed.payer) < PRICE_ATOMIC ? 'no_funds' : undefined))
    return code === undefined ? { ok: true } : { ok: false, refusal: { code, detail: 'The chain refuses.' } }
  }

  async settle(signed: Signed): Promise<Settlement> {
    const key = keyOf(signed)
    await this.#reach('settle', key)
    // What was used already is refused by every chain, and that tells nothing: it may have been this very payment.
    if (this.moved.has(key)) return { kind: 'unknown' }
    if (this.settling === 'refuses') {
      this.#void.add(key)
      this.#underWay.delete(key)
    }
    const code = this.#whyDead(signed)
    if (code !== undefined) return { kind: 'refused', refusal: { code, detail: 'The chain refuses.' } }
    if (this.settling === 'delays') this.#underWay.set(key, signed)
    if (this.settling === 'loses' || this.settling === 'delays' || !this.#move(signed)) return { kind: 'unknown' }
    const hides = this.settling === 'hides'
    await this.#reach('moved', key)
    return hides ? { kind: 'unknown' } : { kind: 'settled', reference: this.moved.get(key)! }
  }

  async resolve(key: string, settleBeforeSeconds: bigint | undefined): Promise<Resolution> {
    await this.#reach('resolve', key)
    if (this.resolving === 'blind') return { kind: 'unknown' }
    const reference = this.moved.get(key)
    if (reference !== undefined) return { kind: 'settled', reference }
    const isLate = settleBeforeSeconds !== undefined && this.nowSeconds >= settleBeforeSeconds
    return { kind: isLate || this.#void.has(key) ? 'dead' : 'open' }
  }

  isByPayer(signed: Signed): boolean {
    return signed.signature === signatureOf(signed)
  }

  #whyDead(signed: Signed): string | undefined {
    if (!this.isByPayer(signed)) return 'forged'
    if (this.#void.has(keyOf(signed))) return 'cancelled'
    return this.nowSeconds >= signed.validBefore ? 'expired' : undefined
  }

  /** @returns whether the money has moved now */
  #move(signed: Signed): boolean {
    const balance = this.balanceOf(signed.payer)
    if (this.moved.has(keyOf(signed)) || this.#whyDead(signed) !== undefined || balance < PRICE_ATOMIC) return false
    this.balances.set(signed.payer, balance - PRICE_ATOMIC)
    this.moved.set(keyOf(signed), `transfer ${this.moved.size + 1}`)
    return true
  }

  async #reach(moment: Moment, key: string): Promise<void> {
    if (moment !== 'moved') this.calls.push({ moment, key })
    await this.at(moment, key)
  }
}
