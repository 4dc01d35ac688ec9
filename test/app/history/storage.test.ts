import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { programOf } from '../../support/program.ts'
import { ask, challengeOf, NO_LIMITS, PATH, workout } from '../../support/purchase.ts'
import { freePort, Instance } from '../../support/service-process.ts'
import { noSmallDisk, SmallDisk } from '../../support/small-disk.ts'
import {
  athleteUrl,
  buyWorkout,
  type Engine,
  isAway,
  onEachEngine,
  payFor,
  revise,
  startTestService
} from '../../support/test-service.ts'
import { until } from '../../support/until.ts'

const REPLAYS = 50
const [COMMAND, ...SERVER] = programOf('server.ts')

/** A purchase over HTTP, and what its answer was. */
interface Bought {
  readonly body: Record<string, unknown>
  readonly authorization: string
  text: string
}

async function pay(service: Instance): Promise<Bought> {
  const body = workout()
  const offer = await service.ask(PATH, { method: 'POST', body })
  const { token, invoice } = challengeOf({ statusCode: offer!.status, headers: offer!.headers, body: offer!.text })
  const paid = await service.ask('/dev/lightning/pay', { method: 'POST', body: { invoice } })
  return { body, authorization: `L402 ${token}:${JSON.parse(paid!.text).preimage}`, text: '' }
}

async function redeem(service: Instance, { body, authorization }: Bought) {
  return answered(service, PATH, { method: 'POST', body, headers: { authorization } })
}

/** Asks again while load is shed, as a client does: a process that has just started is slow. */
async function answered(service: Instance, path: string, request?: Parameters<Instance['ask']>[1]) {
  type Answer = NonNullable<Awaited<ReturnType<Instance['ask']>>>
  let answer: Answer | undefined
  await until('an answer that is not `overloaded`', async () => {
    answer = await service.ask(path, request)
    return answer !== undefined && !answer.text.includes('"overloaded"')
  })
  return answer!
}

async function buy(service: Instance): Promise<Bought> {
  const bought = await pay(service)
  const { status, text } = await redeem(service, bought)
  if (status !== 200) throw new Error(`not sold: ${text}`)
  bought.text = text
  return bought
}

/** What was bought is given again and records are read; nothing is sold. */
async function isDegraded(t: Test, service: Instance, bought: Bought, unredeemed: Bought, name: string) {
  await until('it is found out', async () => {
    if ((await service.ask('/readyz'))?.status === 503) return true
    // The write-ahead log may be overwritten from its start: it takes rows until the database file has to grow.
    await buy(service).catch(() => {})
    return false
  })
  t.match(JSON.parse((await service.ask('/readyz'))!.text), {
    detail: 'Not ready: the database accepts no writes.',
    components: { ledger: 'degraded' }
  })
  t.match(JSON.parse((await service.ask('/v1/health'))!.text), {
    status: 'degraded',
    components: { ledger: 'degraded' }
  })
  t.equal((await service.ask('/livez'))?.status, 200, `${name}: alive`)
  const replays = await Promise.all(Array.from({ length: REPLAYS }, () => redeem(service, bought)))
  t.strictSame(
    [...new Set(replays.map(({ status, text, headers }) => [status, text, headers['idempotent-replayed']].join()))],
    [[200, bought.text, 'true'].join()],
    `${name}: every replay`
  )
  const { workout_id: workoutId } = JSON.parse(bought.text)
  const reads = [
    '/workouts',
    '/workouts.csv',
    `/workouts/${workoutId}?include=revisions`,
    '/curve',
    '/curve?format=svg'
  ]
  for (const rest of reads) {
    const { status, text } = await answered(service, athleteUrl(bought.body.athlete_uuid, rest))
    t.equal(status, 200, `${name}: ${rest}: ${text.slice(0, 200)}`)
  }
  const refused = await redeem(service, unredeemed)
  t.match([refused.status, refused.text], [503, '"ledger_unavailable"'], `${name}: nothing new is sold`)
  t.equal((await answered(service, PATH, { method: 'POST', body: workout() })).status, 503, `${name}: or offered`)
}

async function sellsAgain(t: Test, service: Instance, unredeemed: Bought) {
  await until('it is well again', async () => (await service.ask('/readyz'))?.status === 200)
  const answer = await redeem(service, unredeemed)
  t.match([answer.status, answer.headers['idempotent-replayed']], [200, undefined], 'what was paid meanwhile is sold')
}

await onEachEngine(t, (t, engine) => {
  if (engine.name === 'sqlite') onFullDisk(t)
  else onReadOnlyServer(t, engine)
})

function onFullDisk(t: Test): void {
  const skip = noSmallDisk()
  const environment = (folder: string) => ({
    DATABASE_URL: `sqlite:${folder}/data/oracle.db`,
    X402: 'off',
    L402_SECRETS: `1:${randomBytes(32).toString('hex')}`,
    ...NO_LIMITS
  })

  t.test('a disk that fills up, and starts on a full or read-only one', { skip }, async (t) => {
    const disk = new SmallDisk(t, 8)
    const service = new Instance(await freePort(), environment(disk.folder), join(t.testdir(), 'log'))
    t.teardown(() => service.end())
    await service.start()
    const bought = await buy(service)
    const unredeemed = await pay(service)
    disk.fill()
    await redeem(service, unredeemed)
    await isDegraded(t, service, bought, unredeemed, 'filled up')
    await service.kill()
    await service.start()
    await isDegraded(t, service, bought, unredeemed, 'killed, and started on a full disk')
    await service.stop()
    await service.start()
    await isDegraded(t, service, bought, unredeemed, 'stopped, and started on a full disk')
    await service.kill()

    disk.free()
    disk.setReadOnly(true)
    await service.start()
    await isDegraded(t, service, bought, unredeemed, 'read-only after a crash')
    await service.kill()
    disk.setReadOnly(false)
    await service.start()
    await service.stop()
    disk.setReadOnly(true)
    await service.start()
    await isDegraded(t, service, bought, unredeemed, 'read-only after a stop')
    t.match(service.log(), 'the database accepts no writes')
    disk.setReadOnly(false)
    await sellsAgain(t, service, unredeemed)
    await service.kill()
    await service.start()
    t.equal((await redeem(service, unredeemed)).status, 200, 'and was written down')
  })

  t.test('a start that can read nothing either: one line', { skip }, async (t) => {
    const disk = new SmallDisk(t, 1)
    const start = (folder: string) =>
      spawnSync(COMMAND, SERVER, {
        env: { PATH: process.env.PATH, PORT: '0', ...environment(folder) },
        encoding: 'utf8'
      })
    mkdirSync(join(disk.folder, 'data'))
    disk.fill()
    const full = start(disk.folder)
    disk.free()
    disk.setReadOnly(true)
    for (const [name, { status, stderr }] of Object.entries({ full, readOnly: start(disk.folder) })) {
      t.equal(status, 1, name)
      t.match(stderr, /^DATABASE_URL: opening the database failed: [^\n]+\n$/, name)
    }
  })
}

function onReadOnlyServer(t: Test, engine: Engine): void {
  t.test('Postgres takes no writes: what was bought is given again, records are read', async (t) => {
    const service = await startTestService(t, engine)
    const { app, place } = service
    const bought = await buyWorkout(app)
    await revise(app, bought)
    const body = workout()
    const paid = await payFor(app, PATH, body)
    const [{ name }] = (await place.rows('SELECT current_database() AS name')) as [{ name: string }]
    const setReadOnly = async (value: 'on' | 'off') => {
      await engine.server!.ask('postgres', `ALTER DATABASE ${name} SET default_transaction_read_only = ${value}`)
      await engine.server!.ask(
        'postgres',
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`
      )
    }
    const isReadOnly = async (one: typeof app) => {
      await until('it is found out', async () => (await one.inject('/readyz')).statusCode === 503)
      await until('it can be read', async () => (await ask(one, bought.body, bought.authorization)).statusCode === 200)
      for (let index = 0; index < REPLAYS; index++) {
        const replay = await ask(one, bought.body, bought.authorization)
        t.strictSame([replay.statusCode, replay.body], [200, bought.text])
      }
      const reads = ['/workouts', `/workouts/${bought.workoutId}?include=revisions`, '/curve', '/workouts.csv']
      for (const rest of reads)
        t.equal((await one.inject(athleteUrl(bought.body.athlete_uuid, rest))).statusCode, 200, rest)
      t.match((await one.inject('/v1/health')).json(), { components: { ledger: 'degraded' } })
      for (const [what, answer] of [
        ['a payment', await ask(one, body, paid)],
        ['an offer', await ask(one, workout())]
      ] as const) {
        isAway(t, answer, what)
        t.equal(answer.json().code, 'ledger_unavailable', what)
      }
    }
    await setReadOnly('on')
    await isReadOnly(app)
    const started = await startTestService(t, engine, { place })
    await isReadOnly(started.app)
    await setReadOnly('off')
    for (const one of [app, started.app])
      await until('it takes writes', async () => (await one.inject('/readyz')).statusCode === 200)
    t.equal((await ask(app, body, paid)).statusCode, 200)
    t.equal((await ask(started.app, body, paid)).headers['idempotent-replayed'], 'true')
  })
}
