/** The real service while its LND is frozen, stopped, or refuses it: bounded waits, honest answers, no restart. */
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { freePorts, silentPort } from '../support/processes.ts'
import { until } from '../support/until.ts'
import { payments } from './books.ts'
import { buy, challengeOf } from './purchase.ts'
import { startRegnet } from './regnet.ts'
import { Secrets } from './secrets.ts'
import { type Answer, compute, get, health, type Service, settingsOf, startService } from './service.ts'
import { workout } from './workout.ts'

/** A request waits at most 1.5 s for an invoice; the margin is for a busy machine. */
const LIMIT_MS = 1500 + 1500
/** A service that nobody buys from asks its node every 10 s, and waits 2 s for an answer; the rest is margin. */
const NOTICED_MS = 20_000
/** Free routes must not wait for LND; measured: 25 ms on a quiet machine, 400 ms on a busy one. */
const FREE_P99_MS = 1000
const FREE_ROUTES = ['/v1/health', '/v1/movements', '/v1/payment-requirements']
const FLOOD = { seconds: 4, paidPerSecond: 200, freePerSecond: 20 }

// Started by hand there is no --timeout, and half a minute is not enough.
t.setTimeout(240_000)

t.test('faults', async (t) => {
  const regnet = await startRegnet((line) => t.comment(line))
  const { merchant } = regnet
  const secrets = new Secrets()
  t.teardown(async () => {
    if (!t.passing()) t.comment(`the logs are kept in ${regnet.folder}`)
    await regnet.close(!t.passing())
  })
  const prepare = async (name: string, env: NodeJS.ProcessEnv = {}) => {
    const settings = await settingsOf(regnet, name, env)
    secrets.ofService(settings)
    return settings
  }
  const start = async (name: string, env?: NodeJS.ProcessEnv) => startService(regnet, await prepare(name, env), name)

  t.test('LND frozen under 200 requests/s', async (t) => {
    const settings = await prepare('frozen')
    const service = await startService(regnet, settings, 'frozen')
    await well(service)
    const bodies = bodiesOf(secrets.athlete())
    const sold = await buy(service, regnet, secrets, workout(secrets.athlete()))
    const calm = await flood(service, bodies, { ...FLOOD, paidPerSecond: 0 })
    await prepareInvoices(service, secrets.athlete())

    merchant.freeze()
    const frozen = async () => {
      const flooding = flood(service, bodies, FLOOD)
      const redeemed = await compute(service, sold.body, sold.authorization)
      const storm = await flooding
      return { redeemed, storm, state: await health(service, 'l402') }
    }
    const { redeemed, storm, state } = await frozen().finally(() => merchant.thaw())

    t.equal(state, 'degraded')
    t.equal(redeemed.status, 200, 'what was paid for is delivered without LND')
    answersWithinLimit(t, storm.paid)
    t.equal(storm.paid[0]?.status, 402, 'the first challenges come from the pool')
    t.equal(storm.paid.at(-1)?.status, 503, 'then there are none')
    t.strictSame(statuses([...calm.free, ...storm.free]), ['200'], 'free routes go on')
    t.ok(p99(storm.free) < FREE_P99_MS, `and hardly slower: ${p99(storm.free)} ms`)
    t.comment(`challenges while frozen: ${tally(storm.paid)}; slowest ${slowest(storm.paid)} ms`)
    t.comment(`free routes, p99: ${p99(calm.free)} ms calm, ${p99(storm.free)} ms while frozen and flooded`)

    await until('challenges after the thaw', async () => (await compute(service, workout())).status === 402)
    await well(service)
    await regnet.untilPayable()
    const bought = await buy(service, regnet, secrets, workout(secrets.athlete()))
    t.equal(
      (await compute(service, bought.body, bought.authorization)).status,
      200,
      'sold as before, without a restart'
    )
    t.equal(payments(settings.database).length, 2, 'only what was paid stands in the books')
    await service.stop()
  })

  t.test('LND stopped and started again', async (t) => {
    const [service, quiet] = await Promise.all([start('stopped'), start('quiet')])
    const lateShop = await prepare('started-late')
    await well(service)
    await well(quiet)
    const sold = await buy(service, regnet, secrets, workout(secrets.athlete()))
    const pendingBody = workout(secrets.athlete())
    const pending = challengeOf(await compute(service, pendingBody))
    secrets.token(pending.token)

    await merchant.stop()
    const late = await startService(regnet, lateShop, 'started-late')
    const { paid, free } = await flood(service, bodiesOf(secrets.athlete()), { ...FLOOD, seconds: 2 })
    answersWithinLimit(t, paid)
    t.equal(paid.at(-1)?.status, 503, 'no challenges once the prepared ones are gone')
    t.strictSame(statuses(free), ['200'], 'free routes go on')
    t.equal(await health(service, 'l402'), 'degraded')
    t.equal((await compute(service, sold.body, sold.authorization)).status, 200, 'what was paid for is delivered')
    await sellsNothing(t, late)
    const noticed = async () => (await health(quiet, 'l402')) === 'degraded'
    t.ok(await until('a service without buyers to notice', noticed, NOTICED_MS), 'told without a request that fails')

    await merchant.restart()
    await regnet.untilPayable()
    for (const running of [service, late, quiet]) {
      await until('challenges after the restart', async () => (await compute(running, workout())).status === 402)
      await well(running)
      const bought = await buy(running, regnet, secrets, workout(secrets.athlete()))
      t.equal((await compute(running, bought.body, bought.authorization)).status, 200, 'sold without a restart')
    }
    const preimage = await regnet.pay(pending.invoice)
    secrets.preimage(preimage)
    const answer = await compute(service, pendingBody, `L402 ${pending.token}:${preimage}`)
    t.equal(answer.status, 200, 'a challenge from before the stop can be paid after it')
    await Promise.all([service, late, quiet].map((running) => running.stop()))
  })

  t.test('an LND that refuses, or is none', async (t) => {
    const [closedPort] = await freePorts(1)
    const silent = await silentPort()
    t.teardown(silent.close)
    const forged = Buffer.from(await regnet.macaroon(), 'base64')
    forged.writeUInt8(forged.readUInt8(forged.length - 1) ^ 1, forged.length - 1)
    const cases: Record<string, NodeJS.ProcessEnv> = {
      'forged-macaroon': { LND_MACAROON: forged.toString('base64') },
      'macaroon-without-invoices': { LND_MACAROON: await regnet.macaroon(['info:read']) },
      'certificate-of-another': { LND_TLS_CERT: regnet.payer.certificate },
      'closed-port': { LND_SOCKET: `localhost:${closedPort}` },
      'silent-port': { LND_SOCKET: silent.socket }
    }
    for (const [name, env] of Object.entries(cases)) {
      await t.test(name, async (t) => {
        const service = await start(name, env)
        await sellsNothing(t, service)
        await service.stop()
      })
    }
  })

  t.test('no log of the services holds a secret', async (t) => {
    t.ok(secrets.size > 30, 'there was something to look for')
    t.strictSame(secrets.leaks(regnet.folder), [])
  })
})

/** Waits until the health page tells that invoices can be made. */
async function well(service: Service): Promise<void> {
  await until('the service to be well', async () => (await health(service, 'l402')) === 'ok')
}

/** Asks so often within a minute that the service keeps a few invoices ready. */
async function prepareInvoices(service: Service, athlete: string): Promise<void> {
  for (let variant = 0; variant < 20; variant++) challengeOf(await compute(service, workout(athlete, variant)))
  await sleep(1000)
}

/** A service without a working LND: it says so, serves what is free, and asks for no payment. */
async function sellsNothing(t: Test, service: Service): Promise<void> {
  const answers: Answer[] = []
  for (let round = 0; round < 5; round++) answers.push(await compute(service, workout()))
  t.strictSame(statuses(answers), ['503'])
  answersWithinLimit(t, answers)
  t.equal(await health(service, 'l402'), 'degraded')
  t.strictSame(statuses(await Promise.all(FREE_ROUTES.map((path) => get(service, path)))), ['200'])
}

/** 402 with a challenge or 503 with a time to come back; nothing else, and nothing late. */
function answersWithinLimit(t: Test, answers: readonly Answer[]): void {
  t.strictSame(
    statuses(answers).filter((status) => status !== '402' && status !== '503'),
    [],
    'challenges and "later", nothing else'
  )
  for (const answer of answers) {
    if (answer.status === 402) challengeOf(answer)
    else if (!(Number(answer.headers.get('retry-after')) > 0)) t.fail(`no Retry-After: ${answer.text}`)
  }
  t.ok(slowest(answers) < LIMIT_MS, `nobody waited longer than the limit: ${slowest(answers)} ms`)
}

/** Different workouts, so that no answer can be a reused one. */
function bodiesOf(athlete: string): string[] {
  return Array.from({ length: FLOOD.seconds * FLOOD.paidPerSecond }, (_, index) => workout(athlete, index + 1))
}

/** Asks at a steady rate, whether or not earlier questions were answered. Bounded in count and time. */
async function flood(service: Service, bodies: readonly string[], rate: typeof FLOOD) {
  const paid = steadily(rate.seconds, rate.paidPerSecond, (index) => compute(service, bodies[index] ?? workout()))
  const free = steadily(rate.seconds, rate.freePerSecond, (index) =>
    get(service, FREE_ROUTES[index % FREE_ROUTES.length] ?? '')
  )
  return { paid: await paid, free: await free }
}

async function steadily(seconds: number, perSecond: number, send: (index: number) => Promise<Answer>) {
  const started = performance.now()
  const running: Promise<Answer>[] = []
  for (let index = 0; index < seconds * perSecond; index++) {
    await sleep(started + (index * 1000) / perSecond - performance.now())
    running.push(send(index).catch(noAnswer))
  }
  return Promise.all(running)
}

/** A question without an answer counts as status 0, so that it fails by name and the rest is still told. */
function noAnswer(error: unknown): Answer {
  return { status: 0, headers: new Headers(), text: String(error), ms: 0 }
}

function statuses(answers: readonly Answer[]): string[] {
  return [...new Set(answers.map((answer) => String(answer.status)))].sort()
}

function tally(answers: readonly Answer[]): string {
  return statuses(answers)
    .map((status) => `${answers.filter((answer) => String(answer.status) === status).length} x ${status}`)
    .join(', ')
}

function slowest(answers: readonly Answer[]): number {
  return Math.round(Math.max(0, ...answers.map((answer) => answer.ms)))
}

function p99(answers: readonly Answer[]): number {
  const sorted = answers.map((answer) => answer.ms).sort((a, b) => a - b)
  return Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0)
}
