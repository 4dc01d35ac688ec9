import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodePaymentSignatureHeader } from '@x402/core/http'
import type { PaymentRequirements } from '@x402/core/types'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { privateKeyToAccount } from 'viem/accounts'
import { decodeInvoice } from '../../lib/lightning/decode-invoice.ts'
import { PAYER } from '../../lib/x402/embedded/embedded-chain.ts'
import { computePowerExample } from '../../schemas/compute-power.ts'
import { lns, type Node, openNode } from './lnd.ts'
import { payInvoice } from './pay.ts'
import { say } from './say.ts'
import { Shop } from './shop.ts'

/** For one payment over Lightning. */
const PAYMENT_LIMIT_MS = 150_000
const RETRY_MS = 500
const MAX_SECONDS = 600
const MAX_PER_SECOND = 100
/** A channel holds 483 payments under way. */
const MAX_PAYING = 100

type Rail = 'l402' | 'x402'
/** A client that gives up has paid nothing; one that has paid goes on asking. */
type Outcome = 'answered' | 'not_offered' | 'not_paid' | 'expired' | 'lost'

/**
 * Buys over both rails in turn, so many times a second for so many seconds, and prints what became of it as JSON:
 * outcomes by rail, answers by status, and the median and 95th percentile of a purchase in seconds.
 */
export async function load(seconds = '10', perSecond = '5'): Promise<void> {
  const duration = bounded(seconds, MAX_SECONDS)
  const rate = bounded(perSecond, MAX_PER_SECOND)
  const payer = await openNode('lnd-payer')
  const scheme = new ExactEvmScheme(privateKeyToAccount(PAYER.key))
  const shop = new Shop()
  const buyers: Record<Rail, () => Promise<Outcome>> = {
    l402: () => buyWithSats(shop, payer),
    x402: () => buyWithDollars(shop, scheme)
  }
  const outcomes: Record<Rail, Partial<Record<Outcome, number>>> = { l402: {}, x402: {} }
  const times: number[] = []
  const buy = async (rail: Rail): Promise<void> => {
    const began = performance.now()
    const outcome = await buyers[rail]()
    outcomes[rail][outcome] = (outcomes[rail][outcome] ?? 0) + 1
    if (outcome === 'answered') times.push((performance.now() - began) / 1000)
  }
  const started = performance.now()
  const running: Promise<void>[] = []
  for (let count = 0; count < duration * rate; count++) {
    // By the clock: a pause that took too long is made up for.
    await sleep(Math.max(0, started + (count * 1000) / rate - performance.now()))
    running.push(buy(count % 2 === 0 ? 'l402' : 'x402'))
  }
  const beginning = (performance.now() - started) / 1000
  await Promise.all(running)
  say(
    JSON.stringify({
      outcomes,
      statuses: shop.statuses,
      begun_per_second: rounded(running.length / beginning),
      seconds: { median: quantile(times, 0.5), p95: quantile(times, 0.95) }
    })
  )
}

async function buyWithSats(shop: Shop, payer: Node): Promise<Outcome> {
  const body = orderOf(randomUUID())
  const offer = await shop.offer(body, ({ macaroon, invoice }) => macaroon !== undefined && invoice !== undefined)
  if (offer === undefined) return 'not_offered'
  const preimage = await paySurely(payer, offer.invoice!)
  if (preimage === undefined) return 'not_paid'
  return shop.collect(body, { authorization: `L402 ${offer.macaroon}:${preimage}` })
}

async function buyWithDollars(shop: Shop, scheme: ExactEvmScheme): Promise<Outcome> {
  const name = randomUUID()
  const body = orderOf(name)
  const offer = await shop.offer(body, ({ accepts }) => accepts !== undefined)
  if (offer === undefined) return 'not_offered'
  const header = await sign(scheme, offer.accepts![0] as PaymentRequirements)
  // The name fetches an answer whose connection broke.
  return shop.collect(body, { 'payment-signature': header, 'idempotency-key': name })
}

let paying = 0

/**
 * Pays, and does not take an error for the end: a payment that was on its way may arrive all the same.
 * @returns the preimage; undefined where the payment has failed for good
 */
async function paySurely(payer: Node, invoice: string): Promise<string | undefined> {
  const id = decodeInvoice(invoice).paymentHash.toString('hex')
  const end = Date.now() + PAYMENT_LIMIT_MS
  while (paying >= MAX_PAYING) await sleep(RETRY_MS / 10)
  paying += 1
  try {
    for (let isOver = false; !isOver; ) {
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
  } finally {
    paying -= 1
  }
}

function nothingKnown(): { payment?: undefined; is_pending?: undefined } {
  return {}
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

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN)
}

function rounded(value: number): number {
  return Number(value.toFixed(2))
}
