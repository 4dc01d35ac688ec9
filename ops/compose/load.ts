import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodePaymentSignatureHeader } from '@x402/core/http'
import type { PaymentRequirements } from '@x402/core/types'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { privateKeyToAccount } from 'viem/accounts'
import type { L402Offer } from '../../lib/l402/l402-schemas.ts'
import { decodeInvoice } from '../../lib/lightning/decode-invoice.ts'
import { PAY_TO, PAYER } from '../../lib/x402/embedded/embedded-chain.ts'
import type { X402Offer } from '../../lib/x402/x402-schemas.ts'
import { computePowerExample } from '../../schemas/compute-power.ts'
import type { PaymentRequired } from '../../schemas/payment-required.ts'

type Offer = PaymentRequired & L402Offer & X402Offer

import { openChain } from './evm-chain.ts'
import { lns, type Node, openNode } from './lnd.ts'
import { payInvoice } from './pay.ts'
import { say } from './say.ts'

const URL = 'http://proxy:8080/v1/compute-power'
const REQUEST_LIMIT_MS = 40_000
/** For one purchase: longer than any part of the network is down in a fault run, and than a signature is good for. */
const PURCHASE_LIMIT_MS = 150_000
const RETRY_MS = 500
const MAX_SECONDS = 600
const MAX_PER_SECOND = 100
const INVOICE_PAGE = 1000

type Rail = 'l402' | 'x402'
/** A client that gives up has paid nothing; one that has paid goes on asking. */
type Outcome = 'answered' | 'not_offered' | 'not_paid' | 'expired' | 'lost'
type Ask = (body: string, proof?: Record<string, string>) => Promise<{ readonly status: number; readonly text: string }>

/** What one run has met: outcomes by rail, and every status that came before them. */
class Tally {
  readonly outcomes: Record<Rail, Partial<Record<Outcome, number>>> = { l402: {}, x402: {} }
  readonly statuses: Record<string, number> = {}

  outcome(rail: Rail, outcome: Outcome): void {
    this.outcomes[rail][outcome] = (this.outcomes[rail][outcome] ?? 0) + 1
  }

  status(status: string): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1
  }
}

/** Buys over both rails in turn, so many times a second for so many seconds, and prints what became of it as JSON. */
export async function load(seconds = '10', perSecond = '5'): Promise<void> {
  const duration = bounded(seconds, MAX_SECONDS)
  const rate = bounded(perSecond, MAX_PER_SECOND)
  const payer = await openNode('lnd-payer')
  const scheme = new ExactEvmScheme(privateKeyToAccount(PAYER.key))
  const tally = new Tally()
  const ask = asker(tally)
  const buyers: Record<Rail, () => Promise<Outcome>> = {
    l402: () => buyWithSats(ask, (invoice) => paySurely(payer, invoice)),
    x402: () => buyWithDollars(ask, (terms) => sign(scheme, terms))
  }
  const running: Promise<void>[] = []
  for (let count = 0; count < duration * rate; count++) {
    const rail: Rail = count % 2 === 0 ? 'l402' : 'x402'
    running.push(buyers[rail]().then((outcome) => tally.outcome(rail, outcome)))
    await sleep(1000 / rate)
  }
  await Promise.all(running)
  say(JSON.stringify(tally))
}

async function buyWithSats(ask: Ask, pay: (invoice: string) => Promise<string | undefined>): Promise<Outcome> {
  const body = orderOf(randomUUID())
  const offer = await offerOf(ask, body, ({ macaroon, invoice }) => macaroon !== undefined && invoice !== undefined)
  if (offer === undefined) return 'not_offered'
  const preimage = await pay(offer.invoice!)
  if (preimage === undefined) return 'not_paid'
  return collect(ask, body, { authorization: `L402 ${offer.macaroon}:${preimage}` })
}

async function buyWithDollars(ask: Ask, sign: (terms: PaymentRequirements) => Promise<string>): Promise<Outcome> {
  const name = randomUUID()
  const body = orderOf(name)
  const offer = await offerOf(ask, body, ({ accepts }) => accepts !== undefined)
  if (offer === undefined) return 'not_offered'
  // The name fetches an answer whose connection broke.
  const header = await sign(offer.accepts![0] as PaymentRequirements)
  return collect(ask, body, { 'payment-signature': header, 'idempotency-key': name })
}

/**
 * Pays, and does not take an error for the end: a payment that was on its way may arrive all the same.
 * @returns the preimage; undefined where the payment has failed for good
 */
async function paySurely(payer: Node, invoice: string): Promise<string | undefined> {
  const id = decodeInvoice(invoice).paymentHash.toString('hex')
  const end = Date.now() + PURCHASE_LIMIT_MS
  let isOver = false
  while (!isOver) {
    // Once the time is over, only what is still on its way is waited for.
    isOver = Date.now() > end
    try {
      if (!isOver) return await payInvoice(payer, invoice)
    } catch {
      // The payment's own state tells.
    }
    const { payment, is_pending: isPending } = await lns.getPayment({ lnd: payer.lnd, id }).catch(nothingKnown)
    if (payment) return payment.secret
    if (isPending) isOver = false
    await sleep(RETRY_MS)
  }
  return undefined
}

function nothingKnown(): { payment?: undefined; is_pending?: undefined } {
  return {}
}

/** Asks until there is an offer that suits. */
async function offerOf(ask: Ask, body: string, suits: (offer: Offer) => boolean): Promise<Offer | undefined> {
  const end = Date.now() + PURCHASE_LIMIT_MS
  while (Date.now() < end) {
    const { status, text } = await ask(body)
    const offer = status === 402 ? (JSON.parse(text) as Offer) : undefined
    if (offer && suits(offer)) return offer
    await sleep(RETRY_MS)
  }
  return undefined
}

/** Sends the same proof until it brings the answer, or can bring none any more. */
async function collect(ask: Ask, body: string, proof: Record<string, string>): Promise<Outcome> {
  const end = Date.now() + PURCHASE_LIMIT_MS
  while (Date.now() < end) {
    const { status } = await ask(body, proof)
    if (status === 200) return 'answered'
    if (status === 402) return 'expired'
    await sleep(RETRY_MS)
  }
  return 'lost'
}

/** Every answer that is neither an offer nor a sale is counted by its status; a connection that fails has none. */
function asker(tally: Tally): Ask {
  return async (body, proof = {}) => {
    try {
      const response = await fetch(URL, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...proof },
        body,
        signal: AbortSignal.timeout(REQUEST_LIMIT_MS)
      })
      const { status } = response
      if (status !== 200 && status !== 402) tally.status(String(status))
      return { status, text: await response.text() }
    } catch {
      tally.status('no answer')
      return { status: 0, text: '' }
    }
  }
}

async function sign(scheme: ExactEvmScheme, accepted: PaymentRequirements): Promise<string> {
  const { payload } = await scheme.createPaymentPayload(2, accepted)
  return encodePaymentSignatureHeader({ x402Version: 2, accepted, payload })
}

/** A workout of an athlete of its own. */
function orderOf(athlete: string): string {
  return JSON.stringify({ ...computePowerExample, athlete_uuid: athlete })
}

function bounded(text: string, max: number): number {
  const value = Number(text)
  if (!(value > 0 && value <= max)) throw new Error(`the value must be above 0 and at most ${max}`)
  return value
}

/** What was received over each rail since the network began, as the node and the chain know it: JSON. */
export async function received(): Promise<void> {
  const { lnd } = await openNode('lnd-merchant')
  let sats = 0
  let token: string | undefined
  do {
    const page = await lns.getInvoices({ lnd, ...(token === undefined ? { limit: INVOICE_PAGE } : { token }) })
    for (const invoice of page.invoices)
      if (invoice.is_confirmed && invoice.description !== 'set up') sats += invoice.received
    token = page.next
  } while (token !== undefined)
  const evm = openChain()
  const atomic = await evm.balanceOf(PAY_TO).finally(() => evm.close())
  say(JSON.stringify({ sats, atomic: String(atomic) }))
}
