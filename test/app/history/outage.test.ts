import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { ask, PATH, workout } from '../../support/purchase.ts'
import {
  type Answer,
  athleteUrl,
  type Bought,
  books,
  buyWorkout,
  correction,
  type Engine,
  isAway,
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

const MANY = 6000

/** What is asked for while the database is away, and again when it is back; the proofs are paid before. */
interface Questions {
  readonly reads: Record<string, () => Promise<Answer>>
  readonly writes: Record<string, () => Promise<Answer>>
  readonly athletes: readonly string[]
}

async function prepare({ app }: TestService): Promise<Questions> {
  const [read, revised, voided, erased] = [
    await buyWorkout(app),
    await buyWorkout(app),
    await buyWorkout(app),
    await buyWorkout(app)
  ]
  const of = ({ body }: Bought) => String(body.athlete_uuid)
  const get = (rest: string) => () => app.inject(athleteUrl(of(read), rest))
  const body = workout()
  const url = revisionsUrl(revised.workoutId)
  const revision = correction(revised)
  const [forBody, forRevision] = [await payFor(app, PATH, body), await payFor(app, url, revision)]
  return {
    athletes: [of(read), of(revised), of(voided), of(erased), String(body.athlete_uuid)],
    reads: {
      list: get('/workouts'),
      CSV: get('/workouts?format=csv'),
      record: get(`/workouts/${read.workoutId}?include=revisions`),
      curve: get('/curve'),
      picture: get('/curve?format=svg')
    },
    writes: {
      'a paid workout': () => ask(app, body, forBody),
      'a paid revision': () => ask(app, revision, forRevision, { url }),
      void: () => voidWorkout(app, voided),
      erasure: () => app.inject({ method: 'DELETE', url: athleteUrl(of(erased)) })
    }
  }
}

const askAll = async (questions: Record<string, () => Promise<Answer>>) => {
  const answers = await Promise.all(
    Object.entries(questions).map(async ([name, question]) => [name, await question()] as const)
  )
  return new Map(answers)
}

/** What needs no database goes on, and nothing is sold. */
async function isOpenOtherwise(t: Test, { app }: TestService, offer = 503): Promise<void> {
  for (const path of ['/v1/movements', '/v1/payment-requirements', '/openapi.json', '/docs', '/llms.txt', '/v1/health'])
    t.equal((await app.inject(path)).statusCode, 200, path)
  t.match((await app.inject('/v1/health')).json(), { components: { ledger: 'degraded' } })
  t.equal((await ask(app, '{}')).statusCode, 422, 'problems are reported')
  t.equal((await ask(app, workout())).statusCode, offer, 'and no invoice is made')
}

async function isWell(t: Test, service: TestService, { reads, writes, athletes }: Questions): Promise<void> {
  await until('it is well again', async () => {
    const { components } = (await service.app.inject('/v1/health')).json()
    return components.ledger === 'ok' && (await reads.list!()).statusCode === 200
  })
  for (const [name, { statusCode }] of await askAll(reads)) t.equal(statusCode, 200, `well again: ${name}`)
  for (const [name, { statusCode, body }] of await askAll(writes))
    t.equal(statusCode, 200, `well again: ${name} ${body}`)
  await isWhole(t, service)
  const log = service.log().toLowerCase()
  for (const athlete of athletes) t.notOk(log.includes(athlete), 'no UUID in the log')
}

/** Each revision has its payment, each workout one revision that is not superseded. */
async function isWhole(t: Test, service: TestService): Promise<void> {
  const { rows } = service.place
  const sold = new Set(
    (await books(service)).flatMap(({ state, answer_revision_id: id }) => (state === 'captured' ? [id] : []))
  )
  const revisions = await rows('SELECT revision_id, workout_id, state FROM revisions')
  t.ok(
    revisions.every(({ revision_id }) => sold.has(revision_id)),
    'no revision without a payment'
  )
  const standing = revisions.filter(({ state }) => state !== 'superseded').map(({ workout_id }) => workout_id)
  t.equal(new Set(standing).size, standing.length, 'one revision a workout')
  t.equal(standing.length, new Set(revisions.map(({ workout_id }) => workout_id)).size)
}

async function takeDown({ server }: Engine, way: 'stopped' | 'killed' | 'frozen'): Promise<void> {
  if (way === 'frozen') server!.freeze()
  else await server!.stop(way === 'stopped' ? 'SIGINT' : 'SIGKILL')
}

async function bringBack({ server }: Engine, way: 'stopped' | 'killed' | 'frozen'): Promise<void> {
  if (way === 'frozen') server!.thaw()
  else await server!.run()
}

await onEachEngine(t, (t, engine) => {
  if (engine.name === 'sqlite') {
    t.test('the file is gone: nothing is sold or changed, until it is back', async (t) => {
      const service = await startTestService(t, engine)
      const { config } = service.place
      const path = config.kind === 'sqlite' ? config.path : ''
      const questions = await prepare(service)
      renameSync(path, `${path}.away`)
      for (const [name, answer] of await askAll(questions.writes)) isAway(t, answer, name)
      await isOpenOtherwise(t, service)
      renameSync(`${path}.away`, path)
      await isWell(t, service, questions)
    })
    return
  }

  for (const way of ['stopped', 'killed', 'frozen'] as const)
    t.test(`Postgres is ${way}: 503, nothing half-written, and well again by itself`, async (t) => {
      const service = await startTestService(t, engine)
      const questions = await prepare(service)
      await takeDown(engine, way)
      const { reads, writes } = questions
      const answers = await askAll({ ...reads, ...writes })
      for (const [name, answer] of answers) {
        isAway(t, answer, name)
        if (!(name in reads) && name !== 'erasure') continue
        t.equal(answer.headers['cache-control'], 'private, no-store', name)
        t.equal(answer.headers['referrer-policy'], 'no-referrer', name)
      }
      await isOpenOtherwise(t, service)
      await bringBack(engine, way)
      await isWell(t, service, questions)
    })

  for (const way of ['killed', 'frozen'] as const)
    t.test(`Postgres is ${way} in the middle of it all: each purchase is whole, or can be made again`, async (t) => {
      const service = await startTestService(t, engine)
      const { app } = service
      const many = await Promise.all(
        Array.from({ length: 30 }, async () => {
          const body = workout()
          return { body, authorization: await payFor(app, PATH, body) }
        })
      )
      const standing = await buyWorkout(app)
      const url = revisionsUrl(standing.workoutId)
      const revision = correction(standing)
      const all = [
        ...many.map(
          ({ body, authorization }) =>
            () =>
              ask(app, body, authorization)
        ),
        await payFor(app, url, revision).then((paid) => () => ask(app, revision, paid, { url }))
      ]
      const first = all.slice(0, 10).map((question) => question())
      await Promise.race(first)
      const rest = all.slice(10).map((question) => question())
      await takeDown(engine, way)
      const answers = await Promise.all([...first, ...rest])
      for (const answer of answers) if (answer.statusCode !== 200) isAway(t, answer, 'not yet')
      t.ok(answers.some(({ statusCode }) => statusCode === 200) && answers.some(({ statusCode }) => statusCode === 503))
      await bringBack(engine, way)
      await until('it is well again', async () => (await app.inject('/v1/health')).json().components.ledger === 'ok')
      for (const [index, question] of all.entries()) {
        const again = await question()
        t.equal(again.statusCode, 200, again.body)
        if (answers[index]!.statusCode === 200) t.equal(again.body, answers[index]!.body, 'the same answer')
      }
      await isWhole(t, service)
      t.strictSame(await states(service), { canonical: 31, superseded: 1 })
      t.equal((await listed(app, standing.body.athlete_uuid)).length, 1)
    })

  t.test('a list that breaks in the middle is seen to be broken', async (t) => {
    const { app, place } = await startTestService(t, engine)
    const { body } = await buyWorkout(app)
    // Many pages: it takes a while, whatever the connection's buffers hold.
    await place.rows(`
      INSERT INTO revisions SELECT (jsonb_populate_record(r, jsonb_build_object('sequence', 100 + n,
        'workout_sequence', 100 + n, 'revision_id', 'r' || n, 'workout_id', 'w' || n,
        'answer_json', '{}', 'request_json', '{}', 'figures', '{}'))).*
      FROM revisions r, generate_series(1, ${MANY}) n`)
    await place.rows('ANALYZE revisions')
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const path = athleteUrl(body.athlete_uuid, '/workouts?format=csv')
    const read = async (response: IncomingMessage) => {
      let text = ''
      for await (const chunk of response) text += chunk
      return text.split('\r\n').length - 2
    }
    const [whole] = await once(request({ port, host: '127.0.0.1', path }).end(), 'response')
    t.equal(await read(whole), MANY + 1)
    const [broken] = await once(request({ port, host: '127.0.0.1', path }).end(), 'response')
    await once(broken, 'readable')
    await takeDown(engine, 'stopped')
    await t.rejects(read(broken), { code: 'ECONNRESET' })
    await bringBack(engine, 'stopped')
    await until('it is well again', async () => (await app.inject('/v1/health')).json().components.ledger === 'ok')
    t.equal((await listed(app, body.athlete_uuid, 'limit=100&performed_to=2026-01-14')).length, 0)
  })
})
