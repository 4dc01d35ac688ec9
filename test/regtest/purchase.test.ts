/** Buying an answer from the real service with a real LND, by hand and with clients from npm. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Bought, buyWithL402, buyWithLightningTools } from './clients.ts'
import { lns } from './lns.ts'
import { buy, challengeOf } from './purchase.ts'
import { startRegnet } from './regnet.ts'
import { Secrets } from './secrets.ts'
import { type Answer, compute, get, killService, type Service, shopOf, startService } from './service.ts'
import { ATHLETE, workout } from './workout.ts'

/** 0.10 USD at 100,000 USD per bitcoin. */
const PRICE_SATS = 100
const COPIES = 50
/** When the service is killed after paid requests were sent side by side: some are then done, some begun, some neither. */
const KILL_AFTER_MS = [0, 2, 4, 8, 16]
const PURCHASES_PER_KILL = 8

t.test('purchase', async (t) => {
  const regnet = await startRegnet((line) => t.comment(line))
  const secrets = new Secrets()
  t.teardown(async () => {
    if (!t.passing()) t.comment(`the logs are kept in ${regnet.folder}`)
    await regnet.close(!t.passing())
  })
  const shop = await shopOf(regnet, 'purchase')
  secrets.shop(shop)
  const service = await startService(regnet, shop, 'purchase')
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
    const { authorization } = await buy(service, regnet, secrets, body)
    const answers = await Promise.all(Array.from({ length: COPIES }, () => compute(service, body, authorization)))
    t.strictSame(tally(answers), { 200: COPIES })
    t.equal(new Set(answers.map((answer) => answer.text)).size, 1, 'fifty equal answers')
    const first = answers.filter((answer) => answer.headers.get('idempotent-replayed') === null)
    t.comment(`${first.length} of ${COPIES} were told as first, the others as replays`)
    await onlyWorkout(t, service, athlete, workoutId(answers[0]))
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
    const crashShop = await shopOf(regnet, 'crash')
    secrets.shop(crashShop)
    let current = await startService(regnet, crashShop, 'crash-first')
    for (const ms of KILL_AFTER_MS) {
      const purchases = await Promise.all(
        Array.from({ length: PURCHASES_PER_KILL }, async () => {
          const athlete = secrets.athlete()
          return { athlete, ...(await buy(current, regnet, secrets, workout(athlete))) }
        })
      )
      const interrupted = purchases.map(({ body, authorization }) =>
        compute(current, body, authorization).catch(() => undefined)
      )
      await sleep(ms)
      await killService(current)
      const seen = await Promise.all(interrupted)
      current = await startService(regnet, crashShop, `crash-after-${ms}`)
      const tries: number[] = []
      for (const [index, { athlete, body, authorization }] of purchases.entries()) {
        const collected = await collect(current, body, authorization)
        tries.push(collected.tries)
        t.equal(collected.answer.status, 200, `killed after ${ms} ms: ${collected.answer.text.slice(0, 200)}`)
        const before = seen[index]
        if (before?.status === 200) t.equal(collected.answer.text, before.text, 'the answer seen before the end')
        await onlyWorkout(t, current, athlete, workoutId(collected.answer))
      }
      const answered = seen.filter((answer) => answer?.status === 200).length
      t.comment(`killed after ${ms} ms: ${answered} of ${seen.length} had answers; tries afterwards: ${tries}`)
    }
    await current.process.stop()
  })

  t.test('an orderly stop loses nothing either', async (t) => {
    const stopShop = await shopOf(regnet, 'stop')
    secrets.shop(stopShop)
    const before = await startService(regnet, stopShop, 'stop-before')
    const body = workout(secrets.athlete())
    const { authorization } = await buy(before, regnet, secrets, body)
    const running = compute(before, body, authorization).catch(() => undefined)
    await before.process.stop()
    const first = await running
    t.equal(await before.process.ended, '0', 'SIGTERM is an orderly end')
    const after = await startService(regnet, stopShop, 'stop-after')
    const { answer } = await collect(after, body, authorization)
    t.equal(answer.status, 200)
    if (first?.status === 200) t.equal(answer.text, first.text)
    await after.process.stop()
  })

  t.test('no log of the services holds a secret', async (t) => {
    await service.process.stop()
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

/** The athlete's list holds this workout and no other: one payment, one execution. */
async function onlyWorkout(t: Test, service: Service, athlete: string, id: string): Promise<void> {
  const { text } = await get(service, `/v1/athletes/${athlete}/workouts`)
  const ids = (JSON.parse(text).workouts ?? []).map((entry: { workout_id: string }) => entry.workout_id)
  t.strictSame(ids, [id], 'one workout in the records')
}

function workoutId(answer: Answer | undefined): string {
  return String(JSON.parse(answer?.text ?? '{}').workout_id)
}

function tally(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
