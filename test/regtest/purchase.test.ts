/** Buying an answer from the real service with a real LND, by hand and with clients from npm. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { paymentOf, payments, revisionCount, workoutsOf } from './books.ts'
import { type Bought, buyWithL402, buyWithLightningTools } from './clients.ts'
import { lns } from './lns.ts'
import { buy, challengeOf, type Paid } from './purchase.ts'
import { startRegnet } from './regnet.ts'
import { Secrets } from './secrets.ts'
import {
  type Answer,
  compute,
  type Service,
  type ServiceSettings,
  sendHalf,
  settingsOf,
  startService
} from './service.ts'
import { ATHLETE, workout } from './workout.ts'

/** 0.10 USD at 100,000 USD per bitcoin. */
const PRICE_SATS = 100
const COPIES = 50
/** When the service is killed after paid requests were sent side by side: some are then done, some begun, some neither. */
const KILL_AFTER_MS = [0, 4, 8, 16, 40]
const PURCHASES_PER_KILL = 8
/** A service without anything to finish stops in half a second; with 15 s it would be killed. */
const STOP_LIMIT_MS = 8000

// Started by hand there is no --timeout, and half a minute is not enough.
t.setTimeout(240_000)

t.test('purchase', async (t) => {
  const regnet = await startRegnet((line) => t.comment(line))
  const secrets = new Secrets()
  t.teardown(async () => {
    if (!t.passing()) t.comment(`the logs are kept in ${regnet.folder}`)
    await regnet.close(!t.passing())
  })
  const settings = await settingsOf(regnet, 'purchase')
  secrets.ofService(settings)
  const service = await startService(regnet, settings, 'purchase')
  const url = `${service.url}/v1/compute-power`

  t.test('challenge, payment, answer, replay', async (t) => {
    const body = workout(secrets.athlete(ATHLETE))
    const before = await regnet.received()
    const challenge = challengeOf(await compute(service, body))
    const invoice = await lns.decodePaymentRequest({ lnd: regnet.payer.lnd, request: challenge.invoice })
    t.equal(invoice.tokens, PRICE_SATS, 'the price')
    t.equal(invoice.destination, regnet.merchant.publicKey, 'the merchant is paid, nobody else')
    const secondsLeft = (Date.parse(invoice.expires_at) - Date.now()) / 1000
    t.ok(secondsLeft > 440 && secondsLeft <= 600, 'ten minutes to pay, of which at most a quarter has gone')
    t.ok(
      Buffer.from(challenge.token, 'base64').includes(Buffer.from(invoice.id, 'hex')),
      'token and invoice belong together'
    )

    const paid = await buy(service, regnet, secrets, body)
    const digest = createHash('sha256').update(Buffer.from(paid.preimage, 'hex')).digest('hex')
    const hash = (await lns.decodePaymentRequest({ lnd: regnet.payer.lnd, request: paid.invoice })).id
    t.equal(digest, hash)
    const first = await compute(service, body, paid.authorization)
    t.equal(first.status, 200, first.text)
    t.equal(first.headers.get('idempotent-replayed'), null)
    const replay = await compute(service, body, paid.authorization)
    t.equal(replay.status, 200)
    t.equal(replay.headers.get('idempotent-replayed'), 'true')
    t.equal(replay.text, first.text, 'byte for byte')
    const after = await regnet.received()
    t.strictSame([after.sats - before.sats, after.invoices - before.invoices], [PRICE_SATS, 1], 'paid once')

    t.test('another spelling of the same request is the same request', async (t) => {
      const answer = await compute(service, JSON.stringify(JSON.parse(body), null, 2), paid.authorization)
      t.equal(answer.text, first.text)
    })

    t.test('one digit more buys nothing', async (t) => {
      const other = body.replace('"reps":21', '"reps":22')
      const answer = await compute(service, other, paid.authorization)
      t.equal(answer.status, 402)
      t.not(challengeOf(answer).token, paid.token, 'a fresh challenge')
    })

    t.test('the same request without a proof is a new purchase', async (t) => {
      const again = await buy(service, regnet, secrets, body)
      t.not(again.invoice, paid.invoice, 'what was sold once is not asked for again')
      const second = await compute(service, body, again.authorization)
      t.equal(second.status, 200)
      t.not(workoutId(second), workoutId(first))
    })

    t.test('an unpaid token buys nothing, with no preimage or with another one', async (t) => {
      const unpaid = challengeOf(await compute(service, workout(secrets.athlete())))
      secrets.token(unpaid.token)
      t.equal((await compute(service, body, `L402 ${unpaid.token}:${paid.preimage}`)).status, 402)
      t.equal((await compute(service, body, `L402 ${unpaid.token}:${'0'.repeat(64)}`)).status, 402)
      t.equal((await compute(service, body, `L402 ${paid.token}:${'0'.repeat(64)}`)).status, 402)
    })
  })

  t.test('fifty copies at once are one execution', async (t) => {
    const athlete = secrets.athlete()
    const body = workout(athlete)
    const paid = await buy(service, regnet, secrets, body)
    const answers = await Promise.all(Array.from({ length: COPIES }, () => compute(service, body, paid.authorization)))
    t.strictSame(tally(answers), { 200: COPIES })
    t.equal(new Set(answers.map((answer) => answer.text)).size, 1, 'fifty equal answers')
    const first = answers.filter((answer) => answer.headers.get('idempotent-replayed') === null)
    t.equal(first.length, 1, 'one of them is told as the first, the others as replays')
    soldOnce(t, settings, athlete, paid, answers[0])
  })

  t.test('clients from npm buy by themselves', async (t) => {
    const pay = async (invoice: string) => {
      const preimage = await regnet.pay(invoice)
      secrets.preimage(preimage)
      return preimage
    }
    const clients: [name: string, buy: (body: string) => Promise<Bought>][] = [
      ['@getalby/lightning-tools fetch402', (body) => buyWithLightningTools('fetch402', url, body, pay)],
      ['@getalby/lightning-tools fetchWithL402', (body) => buyWithLightningTools('fetchWithL402', url, body, pay)],
      ['l402', (body) => buyWithL402(url, body, pay)]
    ]
    for (const [name, buyIt] of clients) {
      const body = workout(secrets.athlete())
      const before = await regnet.received()
      const bought = await buyIt(body)
      secrets.token(bought.proof.replace(/^\S+ /, '').split(':')[0] ?? '')
      t.equal(bought.status, 200, `${name}: ${bought.text}`)
      t.equal((await regnet.received()).sats - before.sats, PRICE_SATS, `${name} paid once`)
      const replay = await compute(service, body, bought.proof)
      t.equal(replay.text, bought.text, `${name}: its proof buys the same answer again`)
      t.equal(replay.headers.get('idempotent-replayed'), 'true')
    }
  })

  t.test('killed between payment and answer', async (t) => {
    const crashSettings = await settingsOf(regnet, 'crash')
    secrets.ofService(crashSettings)
    const before = await regnet.received()
    let current = await startService(regnet, crashSettings, 'crash-first')
    for (const ms of KILL_AFTER_MS) {
      const purchases = await Promise.all(
        Array.from({ length: PURCHASES_PER_KILL }, async () => {
          const athlete = secrets.athlete()
          return { athlete, paid: await buy(current, regnet, secrets, workout(athlete)) }
        })
      )
      const interrupted = purchases.map(({ paid }) =>
        compute(current, paid.body, paid.authorization).catch(() => undefined)
      )
      await sleep(ms)
      await current.kill()
      const seen = await Promise.all(interrupted)
      current = await startService(regnet, crashSettings, `crash-after-${ms}`)
      const tries: number[] = []
      for (const [index, { athlete, paid }] of purchases.entries()) {
        const collected = await collect(current, paid.body, paid.authorization)
        tries.push(collected.tries)
        t.equal(collected.answer.status, 200, `killed after ${ms} ms: ${collected.answer.text.slice(0, 200)}`)
        const earlier = seen[index]
        if (earlier?.status === 200) t.equal(collected.answer.text, earlier.text, 'the answer seen before the end')
        soldOnce(t, crashSettings, athlete, paid, collected.answer)
      }
      const answered = seen.filter((answer) => answer?.status === 200).length
      t.comment(`killed after ${ms} ms: ${answered} of ${seen.length} had answers; tries afterwards: ${tries}`)
    }
    const sold = KILL_AFTER_MS.length * PURCHASES_PER_KILL
    t.equal(payments(crashSettings.database).length, sold, 'every payment is in the books, and no other')
    t.equal(revisionCount(crashSettings.database), sold, 'no workout without a payment, none twice')
    const after = await regnet.received()
    t.strictSame([after.sats - before.sats, after.invoices - before.invoices], [sold * PRICE_SATS, sold], 'every sat')
    await current.stop()
  })

  t.test('an orderly stop loses nothing either', async (t) => {
    const stopSettings = await settingsOf(regnet, 'stop')
    secrets.ofService(stopSettings)
    const before = await startService(regnet, stopSettings, 'stop-before')
    const body = workout(secrets.athlete())
    const { authorization } = await buy(before, regnet, secrets, body)
    const sending = await sendHalf(before, body, authorization)
    const started = performance.now()
    const stopped = before.stop()
    await sleep(200)
    const first = await sending.finish()
    t.equal(first.status, 200, 'what was begun is finished')
    await stopped
    t.equal(await before.ended, '0', 'SIGTERM is an orderly end')
    t.ok(performance.now() - started < STOP_LIMIT_MS, 'and no connection that is kept alive holds it up')
    const after = await startService(regnet, stopSettings, 'stop-after')
    const replay = await compute(after, body, authorization)
    t.strictSame([replay.status, replay.text], [200, first.text], 'the same answer after the stop')
    await after.stop()
  })

  t.test('no log of the services holds a secret', async (t) => {
    await service.stop()
    t.ok(secrets.size > 50, 'there was something to look for')
    t.strictSame(secrets.leaks(regnet.folder), [])
  })
})

/** Asks until there is an answer, as long as the service names a time to come back; bounded. */
async function collect(
  service: Service,
  body: string,
  authorization: string
): Promise<{ answer: Answer; tries: number }> {
  let answer = await compute(service, body, authorization)
  let tries = 1
  for (; tries < 30 && answer.headers.has('retry-after') && [409, 503].includes(answer.status); tries++) {
    await sleep(Math.min(Number(answer.headers.get('retry-after')) * 1000, 2000))
    answer = await compute(service, body, authorization)
  }
  return { answer, tries }
}

/** The books hold this payment once, and of this athlete the workout that it bought and no other. */
function soldOnce(t: Test, settings: ServiceSettings, athlete: string, paid: Paid, answer: Answer | undefined): void {
  const id = workoutId(answer)
  const sold = { state: 'captured', asset: 'msat', amount_atomic: String(PRICE_SATS * 1000), workout_id: id }
  t.match(paymentOf(settings.database, paid.preimage), [sold], 'one payment in the books')
  t.strictSame(workoutsOf(settings.database, athlete), [id], 'one workout in the records')
}

function workoutId(answer: Answer | undefined): string {
  return String(JSON.parse(answer?.text ?? '{}').workout_id)
}

function tally(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
