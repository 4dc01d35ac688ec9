import type { Problem } from './schemas.ts'
import type { PaidRequest, PaymentOffer } from './wallet.ts'

/** What every error of this package extends. */
export abstract class PowerOracleError extends Error {}

/** The service rejects the request. Nothing was paid. */
export class ProblemError extends PowerOracleError {
  override readonly name = 'ProblemError'
  readonly status: number
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`)
    this.status = problem.status
    this.problem = problem
  }
}

/** The answer costs more than `maxPriceUsd`, or more than is left of `maxTotalUsd`. Nothing was paid. */
export class PriceExceeded extends PowerOracleError {
  override readonly name = 'PriceExceeded'
  readonly priceUsd: string

  constructor(priceUsd: string, cap: string) {
    super(`The answer costs ${priceUsd} US dollars, and ${cap}.`)
    this.priceUsd = priceUsd
  }
}

/** No wallet pays what is offered. Nothing was paid. */
export class PaymentImpossible extends PowerOracleError {
  override readonly name = 'PaymentImpossible'
  readonly offer: PaymentOffer

  constructor(offer: PaymentOffer, why: string) {
    super(why)
    this.offer = offer
  }
}

/** The wallet failed. What it did with the money, only the wallet knows: look before you buy again. */
export class PaymentFailed extends PowerOracleError {
  override readonly name = 'PaymentFailed'
  constructor(cause: unknown) {
    super('The wallet did not pay.', { cause })
  }
}

/** Paid, and no answer yet: the service is down, or the outcome of the payment is not known. `resume(paid)` later. */
export class AnswerPending extends PowerOracleError {
  override readonly name = 'AnswerPending'
  readonly paid: PaidRequest

  constructor(paid: PaidRequest, cause: unknown) {
    super('The answer is paid for and could not be fetched. Resume it; do not buy it again.', { cause })
    this.paid = paid
  }
}

/** The service takes the proof for no answer. It is never paid a second time. */
export class PaymentRejected extends PowerOracleError {
  override readonly name = 'PaymentRejected'
  readonly problem: Problem
  readonly paid: PaidRequest

  constructor(problem: Problem, paid: PaidRequest) {
    const reason = problem.status === 402 ? problem.reason : undefined
    super(`The payment bought no answer: ${reason?.detail ?? problem.detail}`)
    this.problem = problem
    this.paid = paid
  }
}
