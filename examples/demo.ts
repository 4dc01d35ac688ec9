import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { decodePaymentResponseHeader, wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import { privateKeyToAccount } from 'viem/accounts'
import { buildApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import type { DevelopmentReceipt, L402Offer } from '../lib/l402/l402-schemas.ts'
import { decodeInvoice } from '../lib/lightning/decode-invoice.ts'
import type { DevelopmentChain } from '../lib/x402/x402-schemas.ts'
import { type ComputePowerAnswer, computePowerExample } from '../schemas/compute-power.ts'
import type { PaymentRequired } from '../schemas/payment-required.ts'
import type { Readiness } from '../schemas/probes.ts'
import type { ProblemDocument } from '../schemas/problem.ts'
import { answerTable } from './answer-table.ts'

const CHAIN_ATTEMPTS = 100
const CHAIN_WAIT_MS = 100
const MAX_ATTEMPTS = 20

/** Buys an answer in sats and one in dollars from a service of its own, then shows that mistakes cost nothing. */
const app = await buildApp(loadConfig({ PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'warn' }))
await app.listen({ host: '127.0.0.1', port: 0 })
const url = app.publicUrl
const say = (line = '') => process.stdout.write(`${line}\n`)

try {
  say(`Power Oracle runs on ${url} with play money.`)
  await buyWithSats()
  await buyWithDollars()
  await failFree()
  say('\nEvery step was as it should be.')
} finally {
  await app.close()
}

async function buyWithSats(): Promise<void> {
  say('\n1. Ask: the first example of the docs, without a payment')
  const unpaid = await post('/v1/compute-power', computePowerExample)
  assert.equal(unpaid.status, 402)
  const offer = (await unpaid.json()) as PaymentRequired & L402Offer
  assert.ok(offer.invoice && offer.macaroon && offer.priceSats)
  const invoice = decodeInvoice(offer.invoice)
  const expires = new Date((invoice.timestampSeconds + invoice.expirySeconds) * 1000)
  say(`   402 ${offer.detail}: ${offer.price_usd} USD or ${offer.priceSats} sats`)
  say(`   invoice  ${offer.invoice.slice(0, 40)}…`)
  say(`   network  ${invoice.network}, amount ${Number(invoice.amountMsat) / 1000} sats, for "${invoice.description}"`)
  say(`   expires  ${expires.toISOString()}`)
  assert.equal(Number(invoice.amountMsat) / 1000, offer.priceSats)

  say('\n2. Pay the invoice, and keep the preimage as the proof')
  const paid = await post('/dev/lightning/pay', { invoice: offer.invoice })
  assert.equal(paid.status, 200)
  const receipt = (await paid.json()) as DevelopmentReceipt
  assert.equal(receipt.payment_hash, invoice.paymentHash.toString('hex'))
  say(`   paid ${receipt.amount_sats} sats`)

  say('\n3. Ask again: the same request, with the proof')
  const proof = { authorization: `L402 ${offer.macaroon}:${receipt.preimage}` }
  const answered = await post('/v1/compute-power', computePowerExample, proof)
  assert.equal(answered.status, 200)
  const text = await answered.text()
  say(answerTable(JSON.parse(text) as ComputePowerAnswer))

  const again = await post('/v1/compute-power', computePowerExample, proof)
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.equal(await again.text(), text)
  say('   The same proof brings the same answer again, byte for byte.')
}

async function buyWithDollars(): Promise<void> {
  say('\n4. The same in dollars: an x402 client signs a transfer, and is told the transaction')
  const chain = await developmentChain()
  if (typeof chain === 'string') {
    say(`   left out: ${chain}`)
    return
  }
  const account = privateKeyToAccount(chain.payer.private_key as `0x${string}`)
  const network = chain.network as `eip155:${number}`
  const pay = wrapFetchWithPaymentFromConfig(fetchPatiently, {
    schemes: [{ network, client: new ExactEvmScheme(account) }],
    // Clients spend unknown tokens only if configured.
    spendControls: { allowedAssets: [{ network, asset: chain.asset }] }
  })
  const answered = await pay(`${url}/v1/compute-power`, request(computePowerExample))
  assert.equal(answered.status, 200)
  const answer = (await answered.json()) as ComputePowerAnswer
  const receipt = decodePaymentResponseHeader(answered.headers.get('payment-response') ?? '')
  assert.equal(receipt.success, true)
  say(`   paid 0.10 of the development dollar, transaction ${receipt.transaction.slice(0, 18)}…`)
  const { value, unit, uncertainty } = answer.results.session.total_work
  say(`   ${Math.round(value)} ± ${Math.round(uncertainty)} ${unit}`)
}

/**
 * The chain starts beside the service.
 * @returns the reason if this platform has none
 */
async function developmentChain(): Promise<DevelopmentChain | string> {
  for (let attempt = 0; attempt < CHAIN_ATTEMPTS && (await chainState()) === 'starting'; attempt++)
    await sleep(CHAIN_WAIT_MS)
  const response = await fetch(`${url}/dev/x402`)
  if (response.ok) return (await response.json()) as DevelopmentChain
  return ((await response.json()) as ProblemDocument).detail
}

async function chainState(): Promise<string | undefined> {
  const { components } = (await (await fetch(`${url}/readyz`)).json()) as Readiness
  return components.x402
}

async function failFree(): Promise<void> {
  say('\n5. Mistakes are found before any payment is asked for')
  const [first, ...rest] = computePowerExample.splits
  const [line, ...lines] = first!.work.movements
  const withLine = (changed: object) => ({
    ...computePowerExample,
    splits: [{ ...first, work: { movements: [{ ...line, ...changed }, ...lines] } }, ...rest]
  })
  await expectProblem(400, withLine({ movement: 'thrusters' }))
  await expectProblem(422, withLine({ inputs: { external_load: { value: 95, unit: 'm' } } }))
}

async function expectProblem(status: number, body: object): Promise<void> {
  const response = await post('/v1/compute-power', body)
  assert.equal(response.status, status)
  assert.equal(response.headers.get('www-authenticate'), null)
  const problem = (await response.json()) as ProblemDocument
  assert.ok(problem.errors?.length)
  for (const { pointer, code, detail, nearest, allowed } of problem.errors) {
    say(`   ${status} ${code} at ${pointer}: ${detail}`)
    if (nearest) say(`       nearest: ${nearest.join(', ')}`)
    if (allowed) say(`       allowed: ${allowed.join(', ')}`)
  }
}

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetchPatiently(url + path, request(body, headers))
}

/** Sends a request again after a 503, as its `Retry-After` says: a busy machine has no invoice in time. */
async function fetchPatiently(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(input instanceof Request ? input.clone() : input, init)
    const seconds = response.headers.get('retry-after')
    if (response.status !== 503 || seconds === null || attempt === MAX_ATTEMPTS) return response
    await response.body?.cancel()
    await sleep(Number(seconds) * 1000)
  }
}

function request(body: object, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
}
