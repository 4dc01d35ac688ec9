import { decodePaymentRequiredHeader } from '@x402/core/http'
import t, { type Test } from 'tap'
import { patiently } from '../../support/patience.ts'
import { ask, PATH, workout } from '../../support/purchase.ts'
import {
  type Answer,
  athleteUrl,
  type Body,
  books,
  buyWorkout,
  correction,
  type Engine,
  listed,
  onEachEngine,
  payFor,
  revisionsUrl,
  startTestService,
  states,
  type TestService,
  voidWorkout
} from '../../support/test-service.ts'
import { until } from '../../support/until.ts'
import { noAnvil, startTestChain, type TestChain, type TestPayer } from '../../support/x402/chain.ts'
import { startFacilitator, type TestFacilitator } from '../../support/x402/facilitator.ts'
import { signHeader } from '../../support/x402/payer.ts'

const PRICE_ATOMIC = 100_000n
const RACERS = 6

interface Dollars {
  readonly service: TestService
  /** On the same database. */
  readonly other: TestService
  readonly facilitator: TestFacilitator
  /** How many payments have moved on the chain since the beginning. */
  moved(): Promise<number>
}

let chain: TestChain

async function startTwoServices(t: Test, engine: Engine): Promise<Dollars> {
  const facilitator = await startFacilitator(t, chain)
  const { payTo } = chain.embedded
  const settings = {
    X402: 'facilitator',
    X402_FACILITATOR_URL: facilitator.url,
    ...chain.settings()
  }
  const service = await startTestService(t, engine, { settings })
  const other = await startTestService(t, engine, { place: service.place, settings })
  const before = await chain.balance(payTo)
  const moved = async () => Number((await chain.balance(payTo)) - before) / Number(PRICE_ATOMIC)
  return { service, other, facilitator, moved }
}

/** Asks for the price and signs it; nothing is sent. @returns `PAYMENT-SIGNATURE` */
async function sign(t: Test, { app }: TestService, url: string, body: Body, payer: TestPayer): Promise<string> {
  const offer = await ask(app, body, undefined, { url })
  const header = String(offer.headers['payment-required'])
  t.notOk(Buffer.from(header, 'base64').includes(String(body.athlete_uuid)), 'the key stands in no offer')
  return signHeader(payer.key, decodePaymentRequiredHeader(header).accepts[0]!)
}

function send({ app }: TestService, url: string, body: Body, signature: string): Promise<Answer> {
  return patiently(
    () => ask(app, body, undefined, { url, headers: { 'payment-signature': signature } }),
    ({ body: text, headers }) => ({ text, retryAfter: headers['retry-after'] })
  )
}

function isConflict(t: Test, answer: Answer, code: 'revision_superseded' | 'revision_undecided', name: string): void {
  t.match([answer.statusCode, answer.json()], [409, { code, retryable: code === 'revision_undecided' }], name)
  t.equal(answer.headers['payment-required'], undefined, `${name}: no challenge`)
  if (code === 'revision_undecided') t.ok(Number(answer.headers['retry-after']) >= 1, `${name}: Retry-After`)
}

t.test('history paid in dollars', { skip: noAnvil }, async (t) => {
  chain = await startTestChain(t)

  await onEachEngine(t, (t, engine) => {
    t.test('paid revisions race, over two instances: one is taken and paid, the others keep their money', async (t) => {
      const { service, other, moved } = await startTwoServices(t, engine)
      const first = await buyWorkout(service.app)
      const url = revisionsUrl(first.workoutId)
      const racers = []
      for (let index = 0; index < RACERS; index++) {
        const body = correction(first, { duration_seconds: 200 + index })
        const payer = await chain.newPayer(PRICE_ATOMIC)
        const at = index % 2 === 0 ? service : other
        racers.push({ body, payer, at, signature: await sign(t, service, url, body, payer) })
      }
      const answers = await Promise.all(racers.map(({ at, body, signature }) => send(at, url, body, signature)))
      const won = answers.findIndex(({ statusCode }) => statusCode === 200)
      t.strictSame(
        answers.map(({ statusCode }) => statusCode).sort(),
        [200, ...Array(RACERS - 1).fill(409)],
        answers.map(({ body }) => body.slice(0, 200)).join('\n')
      )
      const canonical = answers[won]!.json().revision_id
      for (const [index, { at, body, payer, signature }] of racers.entries()) {
        t.equal(await chain.balance(payer.address), index === won ? 0n : PRICE_ATOMIC, 'who lost has not paid')
        if (index === won) continue
        const again = await send(at, url, body, signature)
        isConflict(t, again, 'revision_superseded', 'asked again')
        t.equal(again.json().canonical_revision_id, canonical)
      }
      t.equal(await moved(), 1)
      t.strictSame(await states(service), { canonical: 1, superseded: 1 })
    })

    t.test("while one revision is being paid the workout is nobody else's", async (t) => {
      const { service, other, facilitator, moved } = await startTwoServices(t, engine)
      const first = await buyWorkout(service.app)
      const url = revisionsUrl(first.workoutId)
      const body = correction(first, { duration_seconds: 200 })
      const signature = await sign(t, service, url, body, chain.payer)
      const rival = correction(first, { duration_seconds: 201 })
      const [sats, dollars] = [await payFor(other.app, url, rival), await sign(t, service, url, rival, chain.payer)]
      const { calls } = facilitator
      const settled = calls.settle
      facilitator.fail('settle', { kind: 'delay', ms: 1500, worked: false, calls: 1 })
      const paying = send(service, url, body, signature)
      await until('it is being paid', () => calls.settle > settled)
      isConflict(t, await ask(other.app, rival, undefined, { url }), 'revision_undecided', 'a question')
      isConflict(t, await ask(other.app, rival, sats, { url }), 'revision_undecided', 'sats')
      isConflict(t, await send(other, url, rival, dollars), 'revision_undecided', 'dollars')
      isConflict(t, await voidWorkout(other.app, first), 'revision_undecided', 'void')
      t.equal((await listed(other.app, first.body.athlete_uuid))[0]!.revision_id, first.revisionId, 'not yet')
      const paid = await paying
      t.equal(paid.statusCode, 200, paid.body)
      isConflict(t, await ask(other.app, rival, sats, { url }), 'revision_superseded', 'afterwards')
      isConflict(t, await voidWorkout(other.app, first), 'revision_superseded', 'afterwards')
      t.equal((await listed(other.app, first.body.athlete_uuid))[0]!.revision_id, paid.json().revision_id)
      t.equal(await moved(), 1)
    })

    t.test('a payment with an unknown outcome is resolved, and its revision counts', async (t) => {
      const { service, other, facilitator, moved } = await startTwoServices(t, engine)
      const first = await buyWorkout(service.app)
      const url = revisionsUrl(first.workoutId)
      const body = correction(first, { duration_seconds: 200 })
      const signature = await sign(t, service, url, body, chain.payer)
      facilitator.fail('settle', { kind: 'drop', worked: true })
      const answer = await send(service, url, body, signature)
      facilitator.fail('settle')
      // It was found on the chain at once, or is when the same payment comes again.
      if (answer.statusCode !== 200) t.match([answer.statusCode, answer.json().code], [503, 'settlement_pending'])
      const collected = answer.statusCode === 200 ? answer : await send(other, url, body, signature)
      t.equal(collected.statusCode, 200, collected.body)
      t.equal((await listed(service.app, first.body.athlete_uuid))[0]!.revision_id, collected.json().revision_id)
      t.strictSame([await moved(), await states(service)], [1, { canonical: 1, superseded: 1 }])
    })

    t.test('one payment, two revisions: the other is refused and nothing is taken for it', async (t) => {
      const { service, other, moved } = await startTwoServices(t, engine)
      const [one, two] = [await buyWorkout(service.app), await buyWorkout(service.app)]
      const orders = [one, two].map((bought) => ({ url: revisionsUrl(bought.workoutId), body: correction(bought) }))
      const [mine, twin] = orders as [(typeof orders)[0], (typeof orders)[0]]
      const signature = await sign(t, service, mine.url, mine.body, chain.payer)
      t.equal((await send(service, mine.url, mine.body, signature)).statusCode, 200)
      for (const at of [service, other]) {
        const refused = await send(at, twin.url, twin.body, signature)
        t.strictSame([refused.statusCode, refused.json().code], [409, 'proof_other_request'])
        // The path alone tells them apart.
        const same = await send(at, twin.url, mine.body, signature)
        t.strictSame([same.statusCode, same.json().code], [409, 'proof_other_request'])
      }
      await until('its delivery is noted', async () => {
        return (await books(service)).some(({ rail, delivered_at_ms }) => rail === 'x402' && delivered_at_ms !== null)
      })
      const again = await send(other, mine.url, mine.body, signature)
      t.strictSame([again.statusCode, again.json().code], [409, 'revision_superseded'], 'bought, delivered, and spent')
      t.strictSame([await moved(), await states(service)], [1, { canonical: 2, superseded: 1 }])
    })

    t.test('erased while it is paid for: who paid gets the answer, and nothing of it is kept', async (t) => {
      const { service, other, facilitator, moved } = await startTwoServices(t, engine)
      const { calls } = facilitator
      const first = await buyWorkout(service.app)
      const athlete = first.body.athlete_uuid
      const orders = [
        { url: revisionsUrl(first.workoutId), body: correction(first, { reason: 'erased-reason' }) },
        { url: PATH, body: workout({ athlete_uuid: athlete }) }
      ]
      for (const [index, { url, body }] of orders.entries()) {
        const signature = await sign(t, service, url, body, chain.payer)
        const settled = calls.settle
        facilitator.fail('settle', { kind: 'delay', ms: 800, worked: true, calls: 1 })
        const paying = send(service, url, body, signature)
        await until('it is being paid', () => calls.settle > settled)
        const erased = await other.app.inject({ method: 'DELETE', url: athleteUrl(athlete) })
        t.strictSame([erased.statusCode, erased.json().erased_revisions], [200, index === 0 ? 1 : 0])
        const paid = await paying
        t.equal(paid.statusCode, 200, paid.body)
        t.match(paid.json(), { revision_id: /./, results: {} })
        t.strictSame(await listed(service.app, athlete), [], 'nothing comes back')
        const again = await send(service, url, body, signature)
        t.ok([402, 404].includes(again.statusCode), `no stored answer: ${again.statusCode}`)
      }
      t.strictSame([await moved(), await states(service)], [2, {}])
      const rows = (await books(service)).filter(({ rail }) => rail === 'x402')
      t.equal(rows.length, 2)
      for (const { state, amount_atomic, settlement, answer_body, pending_record } of rows) {
        t.strictSame([state, amount_atomic, answer_body, pending_record], ['captured', '100000', null, null])
        t.match(settlement, /^0x[0-9a-f]{64}$/, 'the books keep what moved')
      }
    })
  })
})
