import type { WorkoutRecord } from '../workouts/workout-record.ts'
import type { Claim, ClaimRequest, StoredAnswer } from './ledger.ts'

export interface InFlight {
  readonly claim: Claim
  readonly finished: Promise<StoredAnswer | undefined>
  readonly finish: (answer: StoredAnswer | undefined) => void
  /** What a row stores from the moment its payment may settle. */
  settling: { readonly answer: StoredAnswer; readonly record: WorkoutRecord | undefined } | undefined
}

/** The claims that this process holds, by proof and by purchase key; copies of a request wait for them. */
export class ClaimsInFlight {
  readonly #byProof = new Map<string, InFlight>()
  readonly #byPurchase = new Map<string, InFlight>()

  /** The running purchase of a request. */
  find({ proofKey, purchaseKey }: ClaimRequest): InFlight | undefined {
    const held = this.#byProof.get(proofKey)
    return held === undefined && purchaseKey !== undefined ? this.#byPurchase.get(purchaseKey) : held
  }

  /** The entry of a claim that has not ended. */
  of(claim: Claim): InFlight | undefined {
    const held = this.#byProof.get(claim.request.proofKey)
    return held?.claim === claim ? held : undefined
  }

  holds(proofKey: string): boolean {
    return this.#byProof.has(proofKey)
  }

  get size(): number {
    return this.#byProof.size
  }

  hold(request: ClaimRequest, nowMs: number): Claim {
    const claim: Claim = { request, claimedAtMs: nowMs }
    let finish: InFlight['finish'] = () => undefined
    const finished = new Promise<StoredAnswer | undefined>((resolve) => {
      finish = resolve
    })
    const held = { claim, finished, finish, settling: undefined }
    this.#byProof.set(request.proofKey, held)
    if (request.purchaseKey !== undefined) this.#byPurchase.set(request.purchaseKey, held)
    return claim
  }

  /** Ends a claim and resolves its waiters: with the answer, or undefined if the proof is free again. */
  end(claim: Claim, answer: StoredAnswer | undefined): void {
    const held = this.of(claim)
    if (held === undefined) return
    const { proofKey, purchaseKey } = claim.request
    this.#byProof.delete(proofKey)
    if (purchaseKey !== undefined) this.#byPurchase.delete(purchaseKey)
    held.finish(answer)
  }
}
