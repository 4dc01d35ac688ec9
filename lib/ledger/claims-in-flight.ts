import type { Claim, ClaimRequest, StoredAnswer } from './ledger.ts'

interface InFlight {
  readonly claim: Claim
  readonly finished: Promise<StoredAnswer | undefined>
  readonly finish: (answer: StoredAnswer | undefined) => void
}

/** The claims that this process holds now, by proof; copies of a request wait on them. */
export class ClaimsInFlight {
  readonly #byProof = new Map<string, InFlight>()

  get(proofKey: string): InFlight | undefined {
    return this.#byProof.get(proofKey)
  }

  hold(request: ClaimRequest, nowMs: number): Claim {
    const claim: Claim = { request, claimedAtMs: nowMs }
    let finish: InFlight['finish'] = () => undefined
    const finished = new Promise<StoredAnswer | undefined>((resolve) => {
      finish = resolve
    })
    this.#byProof.set(request.proofKey, { claim, finished, finish })
    return claim
  }

  /** Ends a claim and tells those who wait: the answer, or undefined when the proof is free again. */
  end(claim: Claim, answer: StoredAnswer | undefined): void {
    const held = this.#byProof.get(claim.request.proofKey)
    if (held?.claim !== claim) return
    this.#byProof.delete(claim.request.proofKey)
    held.finish(answer)
  }
}
