import { AnswerPending, PaymentFailed, PaymentImpossible, PaymentRejected } from './errors.ts'
import { answerOf, problemOf, send, type Transport } from './transport.ts'
import type { Budget } from './usd.ts'
import type { PaidRequest, Payment, PaymentOffer, Wallet } from './wallet.ts'

export interface Purse {
  readonly wallets: readonly Wallet[]
  readonly budget: Budget
  /** Is given the paid request before it is sent, to keep it until the answer is there. */
  readonly onPaid: ((paid: PaidRequest) => unknown) | undefined
}

/** Buys the answer to a request: asks, pays once, and asks again with the proof. */
export async function buy<Answer>(transport: Transport, purse: Purse, path: string, request: object): Promise<Answer> {
  const body = JSON.stringify(request)
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
  const unpaid = await send(transport, { method: 'POST', path, headers, body })
  if (unpaid.status !== 402) return answerOf(unpaid)
  const { headers: proof } = await pay(await offerOf(unpaid), purse)
  const paid: PaidRequest = { path, body, headers: { ...headers, ...proof } }
  await purse.onPaid?.(paid)
  return collect(transport, paid)
}

/**
 * Fetches the answer of a paid request with the same proof: never with a second payment.
 * @throws AnswerPending where it may be fetched later, PaymentRejected where it will not be
 */
export async function collect<Answer>(transport: Transport, paid: PaidRequest): Promise<Answer> {
  let response: Response
  try {
    response = await send(transport, { method: 'POST', ...paid })
    if (response.ok) return (await response.json()) as Answer
  } catch (error) {
    throw new AnswerPending(paid, error)
  }
  const problem = await problemOf(response)
  const isOpen = response.status >= 500 || response.status === 429 || response.headers.has('retry-after')
  throw isOpen ? new AnswerPending(paid, problem) : new PaymentRejected(problem, paid)
}

async function pay(offer: PaymentOffer, { wallets, budget }: Purse): Promise<Payment> {
  const priceMicroUsd = budget.take(offer.price_usd)
  for (const wallet of wallets) {
    let payment: Payment | undefined
    try {
      payment = await wallet.pay(offer, { priceMicroUsd })
    } catch (error) {
      if (!(error instanceof PaymentImpossible)) throw new PaymentFailed(error)
      budget.giveBack(priceMicroUsd)
      throw error
    }
    if (payment !== undefined) return payment
  }
  budget.giveBack(priceMicroUsd)
  const why = wallets.length === 0 ? 'There is no wallet: `pay` is not set.' : 'No wallet pays what is offered.'
  throw new PaymentImpossible(offer, why)
}

/** The body of a 402, with the members of `PAYMENT-REQUIRED`, which alone hold the extensions. */
async function offerOf(response: Response): Promise<PaymentOffer> {
  const offer = (await response.json()) as PaymentOffer
  const encoded = response.headers.get('payment-required')
  if (encoded === null) return offer
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0))
  return { ...offer, ...(JSON.parse(new TextDecoder().decode(bytes)) as Partial<PaymentOffer>) }
}
