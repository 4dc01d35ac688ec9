import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NWCClient } from '@getalby/sdk'
import { AnswerPending, lightning, nwc, PaymentFailed, PaymentImpossible, powerOracle } from '../src/index.ts'
import { fakeService } from '../src/testing.ts'
import { Budget, microUsd } from '../src/usd.ts'
import { amountMsat } from '../src/wallets/lightning.ts'
import { answer, workout } from './workout.ts'

const baseUrl = 'https://power.example'

test('the made-up service: lost answers cost one payment', async () => {
  const { fetch, wallet, payments } = fakeService({ answer, lost: 2 })
  const oracle = powerOracle({ baseUrl, pay: wallet, maxPriceUsd: 1, fetch })
  assert.deepEqual(await oracle.computePower(workout()), answer)
  assert.equal(payments(), 1)
})

test('after a payment a 402 or a page of a proxy is never paid again', async () => {
  for (const status of [402, 409, 403, 502, 503]) {
    const { fetch, wallet, payments } = fakeService({ answer })
    const stubborn: typeof fetch = async (url, init) =>
      new Headers(init?.headers).has('authorization') ? new Response('<html>', { status }) : fetch(url, init)
    const oracle = powerOracle({ baseUrl, pay: wallet, maxPriceUsd: 1, fetch: stubborn, retryForSeconds: 0 })
    const error = await oracle.computePower(workout()).catch((thrown: unknown) => thrown)
    assert.equal(error instanceof AnswerPending, status > 500, String(status))
    assert.equal(payments(), 1, String(status))
  }
})

test('a wallet that throws is not asked again', async () => {
  const { fetch } = fakeService({ answer })
  let asked = 0
  const pay = {
    pay: async () => {
      asked++
      throw new Error('no route')
    }
  }
  const oracle = powerOracle({ baseUrl, pay, maxPriceUsd: 1, maxTotalUsd: '0.15', fetch })
  await assert.rejects(oracle.computePower(workout()), PaymentFailed)
  assert.equal(asked, 1)
  await assert.rejects(oracle.computePower(workout()), /less is left/, 'it may have paid')
})

test('dollars are exact, and a budget holds side by side', () => {
  assert.equal(microUsd('0.10'), 100_000n)
  assert.equal(microUsd(0.25), 250_000n)
  assert.equal(microUsd('12'), 12_000_000n)
  for (const text of ['', '-1', '1e3', '0.0000001', 'NaN', '1,00']) assert.throws(() => microUsd(text), TypeError, text)
  const budget = new Budget('0.10', '0.25')
  budget.take('0.10')
  budget.giveBack(budget.take('0.10'))
  budget.take('0.10')
  assert.throws(() => budget.take('0.10'), /maxTotalUsd/)
})

test('the amount of an invoice is read from the invoice', async () => {
  const amounts: [hrp: string, msat: bigint | undefined][] = [
    ['lnbc2500u', 250_000_000n],
    ['lnbc20m', 2_000_000_000n],
    ['lnbc9678785340p', 967_878_534n],
    ['lnbcrt1u', 100_000n],
    ['lntb1', 100_000_000_000n],
    ['LNBC1500N', 150_000n],
    ['lnbc', undefined],
    ['lnxx1u', undefined]
  ]
  for (const [hrp, msat] of amounts) assert.equal(amountMsat(`${hrp}1qqqqqqq`), msat, hrp)
  const { fetch } = fakeService({ answer })
  const inflated: typeof fetch = async (url, init) => {
    const offer = await (await fetch(url, init)).json()
    return Response.json({ ...offer, priceSats: 100, macaroon: 'AAAA', invoice: 'lnbc1m1qqqqqqq' }, { status: 402 })
  }
  const pay = lightning(() => Promise.reject(new Error('it was paid')))
  const oracle = powerOracle({ baseUrl, pay, maxPriceUsd: 1, fetch: inflated })
  await assert.rejects(oracle.computePower(workout()), PaymentImpossible)
})

test("Alby's client is a wallet as it is", () => {
  const wallet = (client: NWCClient) => nwc(client)
  assert.equal(typeof wallet, 'function')
  assert.equal(typeof NWCClient, 'function')
})
