import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { privateKeyToAccount } from 'viem/accounts'
import {
  AnswerPending,
  lightning,
  nwc,
  type PaidRequest,
  PaymentImpossible,
  PaymentRejected,
  PriceExceeded,
  ProblemError,
  powerOracle,
  type Wallet,
  webln,
  x402
} from '../src/index.ts'
import { developmentPayer, developmentWallet } from '../src/testing.ts'
import { type Service, startService } from './service.ts'
import { workout } from './workout.ts'

let service: Service
before(async () => {
  service = await startService()
})
after(() => service.stop())

const client = (pay: Wallet | Wallet[], more = {}) =>
  powerOracle({ baseUrl: `${service.url}/`, pay, maxPriceUsd: '0.10', ...more })

async function dollars(): Promise<Wallet> {
  const { privateKey, assets } = await developmentPayer(service.url)
  return x402(privateKeyToAccount(privateKey), { assets })
}

async function payInvoice(invoice: string): Promise<{ preimage: string }> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ invoice })
  return (await fetch(`${service.url}/dev/lightning/pay`, { method: 'POST', headers, body })).json()
}

test('buys on both rails, and lives through a history', async () => {
  for (const wallet of [developmentWallet(service.url), await dollars()]) {
    const oracle = client(wallet)
    const request = workout()
    const { valid, price } = await oracle.validate(request)
    assert.deepEqual([valid, price.price_usd], [true, '0.10'])
    const first = await oracle.computePower(request)
    assert.ok(first.results.session.total_work.value > 0 && first.workout_id && first.revision_id)
    const revision = { ...request, evaluation_context: 'completed', performed_date: '2026-01-16' } as const
    const second = await oracle.revise(first.workout_id, { ...revision, supersedes_revision_id: first.revision_id })
    const { athlete_uuid: athlete } = request
    const { workouts } = await oracle.workouts(athlete, { limit: 5, movement: 'pull_up' })
    assert.deepEqual(
      workouts.map(({ revision_id }) => revision_id),
      [second.revision_id]
    )
    assert.equal((await oracle.workout(athlete, first.workout_id)).revisions?.length, 2)
    assert.ok((await oracle.curve(athlete, { to_seconds: 600 })).workout_count === 1)
    const voided = await oracle.voidWorkout(first.workout_id, {
      athlete_uuid: athlete,
      revision_id: second.revision_id ?? ''
    })
    assert.equal(voided.state, 'voided')
  }
})

test('WebLN and Nostr Wallet Connect pay, and the first wallet that can', async () => {
  let enabled = 0
  const extension = webln({
    enable: async () => {
      enabled++
    },
    sendPayment: payInvoice
  })
  const connect = nwc({ payInvoice: ({ invoice }) => payInvoice(invoice) })
  const unknownToken = x402(privateKeyToAccount((await developmentPayer(service.url)).privateKey))
  for (const pay of [extension, connect, lightning(async (invoice) => (await payInvoice(invoice)).preimage)])
    assert.ok(await client([unknownToken, pay]).computePower(workout()))
  assert.equal(enabled, 1)
})

test('nothing is paid above a cap, without a wallet, or for a request with problems', async () => {
  let paid = 0
  const wallet = lightning((invoice) => {
    paid++
    return payInvoice(invoice)
  })
  await assert.rejects(client(wallet, { maxPriceUsd: 0.09 }).computePower(workout()), PriceExceeded)
  await assert.rejects(client([]).computePower(workout()), PaymentImpossible)
  await assert.rejects(client(lightning(payInvoice, { maxSats: 99 })).computePower(workout()), PaymentImpossible)
  const wrong = workout({ duration_seconds: 1 })
  await assert.rejects(client(wallet).computePower(wrong), (error) => {
    assert.ok(error instanceof ProblemError)
    const { problem } = error
    assert.ok(problem.status === 422)
    assert.equal(problem.errors?.[0]?.pointer, '/duration_seconds')
    return true
  })
  const total = client(wallet, { maxTotalUsd: '0.20' })
  assert.equal(paid, 0)
  const results = await Promise.allSettled([1, 2, 3].map(() => total.computePower(workout())))
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected']
  )
  assert.equal(paid, 2)
})

test('a lost answer is fetched with the same proof, at once or later, and never paid twice', async () => {
  for (const wallet of [developmentWallet(service.url), await dollars()]) {
    let payments = 0
    const counted: Wallet = {
      pay: async (offer, limit) => {
        payments++
        return wallet.pay(offer, limit)
      }
    }
    let lose = 1
    const losing: typeof fetch = async (url, init) => {
      const response = await fetch(url, init)
      const headers = new Headers(init?.headers)
      if ((headers.has('authorization') || headers.has('payment-signature')) && lose-- > 0) {
        await response.text()
        throw new TypeError('the connection was lost')
      }
      return response
    }
    const kept: PaidRequest[] = []
    const oracle = client(counted, { fetch: losing, onPaid: (paid: PaidRequest) => kept.push(paid) })
    assert.ok((await oracle.computePower(workout())).workout_id)
    assert.equal(payments, 1)

    lose = 1
    const hasty = client(counted, { fetch: losing, retryForSeconds: 0, onPaid: (paid: PaidRequest) => kept.push(paid) })
    const pending = await hasty.computePower(workout()).catch((error: unknown) => error)
    assert.ok(pending instanceof AnswerPending)
    assert.deepEqual(pending.paid, kept[1])
    const resumed = await hasty.resume(JSON.parse(JSON.stringify(pending.paid)))
    assert.ok(resumed.workout_id)
    assert.equal(payments, 2)

    const other = { ...pending.paid, body: JSON.stringify(workout()) }
    await assert.rejects(hasty.resume(other), PaymentRejected)
    assert.equal(payments, 2)
  }
})
