import assert from 'node:assert/strict'
import { buildApp } from '../app.ts'
import { loadConfig } from '../lib/config/load-config.ts'
import { decodeInvoice } from '../lib/lightning/decode-invoice.ts'
import { type ComputePowerAnswer, computePowerExample } from '../schemas/compute-power.ts'
import type { DevelopmentReceipt } from '../schemas/development.ts'
import type { PaymentRequired } from '../schemas/payment-required.ts'
import type { ProblemDocument } from '../schemas/problem.ts'
import { answerTable } from './answer-table.ts'

/** Buys one answer from a service of its own, as any HTTP client would, then shows that mistakes cost nothing. */
const app = await buildApp(loadConfig({ PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'warn' }))
await app.listen({ host: '127.0.0.1', port: 0 })
const url = app.publicUrl
const say = (line = '') => process.stdout.write(`${line}\n`)

try {
  say(`Power Oracle runs on ${url} with play money.`)
  await buy()
  await failFree()
  say('\nEvery step was as it should be.')
} finally {
  await app.close()
}

async function buy(): Promise<void> {
  say('\n1. Ask: the first example of the docs, without a payment')
  const unpaid = await post('/v1/compute-power', computePowerExample)
  assert.equal(unpaid.status, 402)
  const offer = (await unpaid.json()) as PaymentRequired
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

async function failFree(): Promise<void> {
  say('\n4. Mistakes are found before any payment is asked for')
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
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body)
  })
}
