import { busyWords } from '../../patient-fetch.ts'
import { isPreimage, lightningProof, type Offer, type Problem, type Proof } from './offer.ts'
import { forgetPending, keepPending, type Pending } from './pending.ts'
import { type Answer, ask, type Outcome } from './service.ts'

/**
 * Where a purchase is. `asking` ends in `offered` or `failed`; `paying` in `settling`, or in `offered` with the reason
 * once the wallet refuses, fails, or has not answered for WALLET_LIMIT_MS; `settling` in `answered`, in `offered` with a
 * new offer where the proof buys nothing, or in `failed` after MOST_TRIES, with the proof kept.
 */
export type Step = 'asking' | 'offered' | 'paying' | 'settling' | 'answered' | 'failed'

export interface PurchaseState {
  readonly step: Step
  readonly pending: Pending
  readonly offer?: Offer
  /** The current step or problem, in a sentence. */
  readonly message?: string
  readonly problem?: Problem
  readonly answer?: { readonly value: Answer; readonly text: string; readonly transaction: string | undefined }
}

const MOST_TRIES = 20
const MOST_QUESTIONS = 5
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 10_000

/** People look for their phone, or unlock a hardware wallet; nobody does so for longer. */
const WALLET_LIMIT_MS = 180_000

/**
 * How to pay an offer: resolves with the proof, rejects with what the wallet says.
 * @param signal is aborted when nobody waits any longer. A payment that was made all the same still resolves.
 */
export type Pay = (offer: Offer, signal: AbortSignal) => Promise<Proof>

/**
 * One purchase, from the first request to its answer. A proof is stored before it is sent and deleted once the answer
 * has arrived, so that a lost page or connection costs nothing.
 */
export class Purchase {
  #state: PurchaseState
  readonly #tell: (state: PurchaseState) => void
  #waiting: AbortController | undefined

  constructor(pending: Pending, tell: (state: PurchaseState) => void) {
    this.#state = {
      step: pending.offer === undefined ? 'asking' : 'offered',
      pending,
      ...(pending.offer && { offer: pending.offer })
    }
    this.#tell = tell
  }

  /** Asks for an offer, shows one that was kept, or fetches the answer that a kept proof bought. */
  async begin(): Promise<void> {
    const { pending } = this.#state
    if (pending.proof !== undefined) return this.#fetchAnswer(pending.proof)
    if (pending.offer !== undefined) return this.#change({ step: 'offered' })
    this.#change({ step: 'asking' })
    for (let tries = 1; ; tries++) {
      try {
        const outcome = await ask(pending.path, pending.body)
        if (outcome.kind !== 'later' || tries === MOST_QUESTIONS) return this.#receive(outcome)
        const seconds = Math.min(outcome.afterSeconds, LONGEST_WAIT_MS / 1000)
        this.#change({ message: busyWords(seconds) })
        await pause(seconds * 1000)
      } catch {
        return this.#change({ step: 'failed', message: 'The service did not answer. Nothing was charged.' })
      }
    }
  }

  /** Pays the offer with a wallet and fetches the answer. */
  async pay(pay: Pay): Promise<void> {
    const { offer } = this.#state
    if (offer === undefined) return
    const waiting = new AbortController()
    this.#waiting = waiting
    this.#change({ step: 'paying', message: 'Waiting for the wallet.' })
    const timer = setTimeout(() => this.stopWaiting(), WALLET_LIMIT_MS)
    let proof: Proof
    try {
      proof = await pay(offer, waiting.signal)
    } catch (error) {
      if (!waiting.signal.aborted)
        this.#change({ step: 'offered', message: `The wallet did not pay: ${walletWords(error)}` })
      return
    } finally {
      clearTimeout(timer)
    }
    // A late payment of what was paid in another way meanwhile.
    if (this.#state.pending.proof !== undefined) return
    const pending = { ...this.#state.pending, proof }
    keepPending(pending)
    this.#change({ pending })
    await this.#fetchAnswer(proof)
  }

  /** Shows the offers again while a wallet thinks. What it pays after all is used when it comes. */
  stopWaiting(): void {
    if (this.#state.step !== 'paying') return
    this.#waiting?.abort()
    this.#change({
      step: 'offered',
      message:
        'The wallet has not answered. If it pays the invoice after all, the answer comes by itself; a signature that comes late is not used, and costs nothing.'
    })
  }

  /** Accepts the preimage shown by an external wallet. */
  async prove(preimage: string): Promise<void> {
    await this.pay(async ({ macaroon }) => {
      if (!isPreimage(preimage) || macaroon === undefined) throw new Error('a preimage has 64 hex digits.')
      return lightningProof(macaroon, preimage.trim().toLowerCase())
    })
  }

  async #fetchAnswer(proof: Proof): Promise<void> {
    this.#change({ step: 'settling', message: 'The payment is on its way; the proof is kept in this browser.' })
    const { path, body } = this.#state.pending
    let waitMs = FIRST_WAIT_MS
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      try {
        const outcome = await ask(path, body, proof)
        if (outcome.kind !== 'later') return this.#receive(outcome)
        waitMs = Math.min(outcome.afterSeconds * 1000, LONGEST_WAIT_MS)
        this.#change({ message: outcome.problem.detail })
      } catch {
        this.#change({ message: 'The line was lost. The proof is kept; asking again.' })
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
      }
      await pause(waitMs)
    }
    this.#change({
      step: 'failed',
      message: 'There is no answer yet. The proof is kept: ask again, or come back later.'
    })
  }

  #receive(outcome: Outcome): void {
    if (outcome.kind === 'answer') {
      forgetPending()
      const { answer: value, text, receipt } = outcome
      this.#change({ step: 'answered', answer: { value, text, transaction: transactionIn(receipt) } })
    } else if (outcome.kind === 'offer') {
      const { proof: _, ...unpaid } = this.#state.pending
      const pending = { ...unpaid, offer: outcome.offer }
      keepPending(pending)
      const { reason } = outcome.offer
      this.#change({ step: 'offered', pending, offer: outcome.offer, ...(reason && { message: reason.detail }) })
    } else {
      const { problem } = outcome
      this.#change({ step: 'failed', message: problem.detail, problem })
      if (outcome.kind === 'problem' && problem.status < 500) forgetPending()
    }
  }

  #change(change: Partial<PurchaseState>): void {
    const { message: _, problem: __, ...rest } = this.#state
    this.#state = { ...rest, ...change }
    this.#tell(this.#state)
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}

const LONGEST_WORDS = 200

/** What a wallet says went wrong, as a sentence: an `Error`, or the plain object that many wallets throw. */
function walletWords(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message ?? error
  const words = (typeof message === 'string' && message !== '' ? message : 'it gives no reason').slice(0, LONGEST_WORDS)
  return /[.!?]$/.test(words) ? words : `${words}.`
}

function transactionIn(receipt: string | undefined): string | undefined {
  if (receipt === undefined) return undefined
  try {
    return (JSON.parse(atob(receipt)) as { transaction?: string }).transaction
  } catch {
    return undefined
  }
}
