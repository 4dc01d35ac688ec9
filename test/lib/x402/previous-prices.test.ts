import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ChargeRequest } from '../../../lib/billing/rail.ts'
import { previousPrices } from '../../../lib/x402/previous-prices.ts'
import type { Settler } from '../../../lib/x402/settler.ts'
import { termsFor } from '../../../lib/x402/terms.ts'
import { X402Rail } from '../../../lib/x402/x402-rail.ts'
import { encode, signed, TERMS } from './wire/payments.ts'

const STARTED_MS = Date.now()
const GRACE_MS = 300_000
const prices = (compute_power: bigint) => ({ compute_power, revision: 50_000n })

t.test('a start knows what the one before asked, for as long as its offers are good', async (t) => {
  const folder = join(t.testdir(), 'data')
  const start = (price: bigint, nowMs: number) => previousPrices(folder, prices(price), nowMs).get('compute_power')
  t.equal(start(100_000n, STARTED_MS), undefined, 'the first start')
  t.equal(start(100_000n, STARTED_MS + 1), undefined, 'nothing has changed')
  const before = { microUsd: 100_000n, untilMs: STARTED_MS + 10 + GRACE_MS }
  t.same(start(200_000n, STARTED_MS + 10), before)
  t.same(start(200_000n, STARTED_MS + 20), before, 'a restart makes it no longer')
  t.equal(start(200_000n, before.untilMs), undefined, 'it is over')
  t.same(start(100_000n, before.untilMs + 1), { microUsd: 200_000n, untilMs: before.untilMs + 1 + GRACE_MS })
  t.same(readdirSync(folder), ['x402-prices.json'], 'nothing half-written is left')
})

t.test('an unreadable file counts as a first start, and is rewritten', async (t) => {
  for (const text of ['', 'null', '5', '[]', '{', '{"compute_power":null}', '{"compute_power":{"microUsd":"0.1"}}']) {
    const folder = t.testdir({ 'x402-prices.json': text })
    t.equal(previousPrices(folder, prices(1n), STARTED_MS).size, 0, text)
    t.equal(previousPrices(folder, prices(2n), STARTED_MS).get('compute_power')?.microUsd, 1n)
  }
  t.equal(previousPrices(undefined, prices(1n), STARTED_MS).size, 0)
  const file = join(t.testdir(), 'file')
  writeFileSync(file, '')
  t.throws(() => previousPrices(file, prices(1n), STARTED_MS), 'a folder that cannot be written is told at the start')
  t.ok(existsSync(file))
})

t.test('a payment at the previous price is taken to its last millisecond', async (t) => {
  // Sooner than the authorisation itself runs out.
  const untilMs = STARTED_MS + 60_000
  const { domain, network, asset, payTo } = TERMS
  const token = { ...domain, network, asset, payTo, decimals: 6 }
  const settler: Settler = {
    verify: async () => ({ kind: 'good' }),
    settle: async () => ({ kind: 'unknown' }),
    state: () => ({ status: 'ok' })
  }
  const rail = new X402Rail({
    backend: () => ({ token, settler, evidence: undefined, wrongSettings: () => [] }),
    reason: () => '',
    publicUrl: () => 'https://power.example',
    extensionsOf: () => ({}),
    previousPrice: () => ({ microUsd: 100_000n, untilMs }),
    answerKeptMs: 1,
    receipts: undefined
  })
  const proof = encode(await signed({ terms: termsFor(token, 100_000n) }))
  const at = async (nowMs: number) => {
    const request: ChargeRequest = {
      method: 'POST',
      path: '/v1/compute-power',
      route: '/v1/compute-power',
      fingerprint: '',
      priceMicroUsd: 200_000n,
      clientAddress: '',
      headers: {},
      nowMs
    }
    const result = rail.authorise(proof, request)
    return result.kind === 'authorised' ? result.authorisation.deferred?.confirm() : result
  }
  t.same(await at(STARTED_MS), { ok: true })
  t.same(await at(untilMs), { ok: true })
  t.match(await at(untilMs + 1), { ok: false, refusal: { code: 'invalid_payment_requirements' } })
})
