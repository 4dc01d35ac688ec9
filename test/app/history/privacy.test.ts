import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import type { WorkoutDatabase } from '../../../lib/workouts/workout-database.ts'
import { athleteKey } from '../../../lib/workouts/workout-record.ts'
import { ask, hypothetical, PATH, workout } from '../../support/purchase.ts'
import {
  type Answer,
  athleteUrl,
  type Bought,
  books,
  buyAt,
  buyWorkout,
  correction,
  listed,
  onEachEngine,
  payFor,
  revise,
  revisionsUrl,
  startTestService,
  states,
  type TestService,
  voidWorkout
} from '../../support/test-service.ts'

const erase = ({ app }: TestService, athlete: unknown) => app.inject({ method: 'DELETE', url: athleteUrl(athlete) })

function isPrivate(t: Test, { headers }: Answer, name: string): void {
  t.equal(headers['cache-control'], 'private, no-store', `${name}: Cache-Control`)
  t.equal(headers['referrer-policy'], 'no-referrer', `${name}: Referrer-Policy`)
}

/** Every row of every table, as text; bytes as hex. */
async function rowsAsText({ place }: TestService): Promise<string> {
  const names =
    place.config.kind === 'sqlite'
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
  const asText = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value))
  const tables = (await place.rows(names)).map(({ name }) => String(name))
  const rows = await Promise.all(tables.map((name) => place.rows(`SELECT * FROM ${name}`)))
  return rows
    .flat()
    .map((row) => Object.values(row).map(asText).join('\t'))
    .join('\n')
}

/** The database's own files, where it has some of its own. */
function filesAsText({ place: { config } }: TestService): string {
  if (config.kind !== 'sqlite') return ''
  return [config.path, `${config.path}-wal`].map((path) => readFileSync(path, 'latin1')).join('\n')
}

/** How often the database is asked for an answer, and the answer. */
async function costOf({ app }: TestService, request: InjectOptions): Promise<{ asked: string[]; answer: Answer }> {
  const { database } = app.ledger as unknown as { database: WorkoutDatabase }
  const asked: string[] = []
  for (const name of ['read', 'query', 'transact'] as const) {
    const original = Object.getPrototypeOf(database)[name]
    Object.assign(database, {
      [name](...args: unknown[]) {
        asked.push(name)
        return original.apply(database, args)
      }
    })
  }
  const answer = await app.inject(request)
  for (const name of ['read', 'query', 'transact']) Reflect.deleteProperty(database, name)
  return { asked, answer }
}

await onEachEngine(t, (t, engine) => {
  t.test('every answer that has to do with an athlete is private, errors and what is not there included', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const { body, workoutId } = await buyWorkout(app)
    const athlete = body.athlete_uuid
    const url = (rest = '') => athleteUrl(athlete, rest)
    const asks: [InjectOptions, number, string?][] = [
      [{ url: url('/workouts') }, 200],
      [{ url: url('/workouts'), method: 'HEAD' }, 200],
      [{ url: url('/workouts?format=csv') }, 200],
      [{ url: url(`/workouts/${workoutId}?include=revisions`) }, 200],
      [{ url: url('/curve') }, 200],
      [{ url: url('/curve?format=svg') }, 200],
      [{ url: url('/curve'), headers: { 'if-none-match': '*' } }, 304],
      [{ url: url(`/workouts/${randomUUID()}`) }, 404],
      [{ url: url('/nothing') }, 404],
      [{ url: url(`/workouts/${workoutId}/void`), method: 'POST' }, 404],
      [{ url: url() }, 405, 'DELETE'],
      [{ url: url(), method: 'POST' }, 405, 'DELETE'],
      [{ url: url('/workouts'), method: 'POST', payload: {} }, 405, 'GET, HEAD'],
      [{ url: url('/workouts'), method: 'DELETE' }, 405, 'GET, HEAD'],
      [{ url: url(`/workouts/${workoutId}`), method: 'PATCH' }, 405, 'GET, HEAD'],
      [{ url: url('/curve'), method: 'PUT' }, 405, 'GET, HEAD'],
      [{ url: url('/workouts?limit=0') }, 422],
      [{ url: url('/curve?format=png') }, 422],
      [{ url: url(`/workouts/${workoutId}?include=all`) }, 422],
      [{ url: athleteUrl(`${athlete}%20`, '/workouts') }, 422],
      [{ url: athleteUrl(`${athlete}%zz`, '/workouts') }, 400],
      [{ url: athleteUrl(`${athlete}${'x'.repeat(101)}`, '/curve') }, 404],
      [{ url: url('/workouts/%c3%28') }, 400],
      [{ url: url(`/workouts/${'x'.repeat(101)}`) }, 404],
      [{ url: url(), method: 'DELETE', payload: 'x', headers: { 'content-type': 'text/plain' } }, 415],
      [{ url: url(), method: 'DELETE', payload: '{', headers: { 'content-type': 'application/json' } }, 400],
      [{ url: url(), method: 'DELETE' }, 200]
    ]
    for (const [request, status, allow] of asks) {
      const answer = await app.inject(request)
      const name = `${request.method ?? 'GET'} ${String(request.url).replaceAll(String(athlete), '…')}`
      t.strictSame([answer.statusCode, answer.headers.allow], [status, allow], name)
      isPrivate(t, answer, name)
      t.notOk(answer.body.includes(String(athlete)), `${name}: the key is not repeated`)
    }
    for (const [rest, method] of [
      ['void', 'GET'],
      ['void', 'DELETE'],
      ['revisions', 'GET'],
      ['revisions', 'PUT']
    ] as const) {
      const answer = await app.inject({ method, url: `/v1/workouts/${workoutId}/${rest}` })
      t.strictSame([answer.statusCode, answer.headers.allow], [405, 'POST'], `${method} ${rest}`)
    }
    const hurried = await startTestService(t, engine, {
      place: service.place,
      settings: { RATE_LIMIT_PER_MINUTE: '1' }
    })
    // A new minute may begin between two of them.
    const answers = []
    for (let time = 0; time < 3; time++) answers.push(await hurried.app.inject(url('/workouts')))
    const refused = answers.find(({ statusCode }) => statusCode === 429)
    t.ok(refused, '429')
    if (refused) isPrivate(t, refused, '429')
  })

  t.test('a mistyped UUID is not repeated', async (t) => {
    const { app } = await startTestService(t, engine)
    const bought = await buyWorkout(app)
    const athlete_uuid = `${bought.body.athlete_uuid}`.replace(/.$/, 'x')
    const answers = [
      await ask(app, { ...bought.body, athlete_uuid }),
      // Too large for every problem to be looked for: another reader finds it.
      await ask(app, { ...bought.body, athlete_uuid, ['x'.repeat(201)]: 1 }),
      await ask(app, correction(bought, { athlete_uuid }), undefined, { url: revisionsUrl(bought.workoutId) }),
      await voidWorkout(app, bought, { athlete_uuid })
    ]
    for (const answer of answers) {
      t.equal(answer.statusCode, 422)
      t.ok(answer.json().errors.some(({ pointer }: { pointer: string }) => pointer === '/athlete_uuid'))
      t.notOk(answer.body.includes(athlete_uuid), answer.body)
    }
  })

  t.test('responses do not reveal which athletes exist', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const known = await buyWorkout(app)
    const fresh = randomUUID()
    await buyAt(app, PATH, hypothetical({ athlete_uuid: fresh }))
    const erased = await buyWorkout(app)
    await revise(app, erased)
    await erase(service, erased.body.athlete_uuid)
    const { workoutId, revisionId, body } = known
    const json = (url: string, payload: unknown): InjectOptions => ({
      method: 'POST',
      url,
      payload: JSON.stringify(payload),
      headers: { 'content-type': 'application/json' }
    })
    const questions: [string, (athlete: string) => InjectOptions][] = [
      ['list', (athlete) => ({ url: athleteUrl(athlete, '/workouts') })],
      ['list by movement', (athlete) => ({ url: athleteUrl(athlete, '/workouts?movement=thruster&limit=1') })],
      ['CSV', (athlete) => ({ url: athleteUrl(athlete, '/workouts?format=csv') })],
      ['record', (athlete) => ({ url: athleteUrl(athlete, `/workouts/${workoutId}?include=revisions`) })],
      ['curve', (athlete) => ({ url: athleteUrl(athlete, '/curve') })],
      ['picture', (athlete) => ({ url: athleteUrl(athlete, '/curve?format=svg') })],
      ['curve again', (athlete) => ({ url: athleteUrl(athlete, '/curve'), headers: { 'if-none-match': '*' } })],
      ['void', (athlete) => json(`/v1/workouts/${workoutId}/void`, { athlete_uuid: athlete, revision_id: revisionId })],
      ['revision', (athlete) => json(revisionsUrl(workoutId), correction(known, { athlete_uuid: athlete }))],
      ['erasure', (athlete) => ({ method: 'DELETE', url: athleteUrl(athlete) })]
    ]
    for (const [name, question] of questions) {
      const answers = []
      for (const athlete of [randomUUID(), fresh, String(erased.body.athlete_uuid)]) {
        const { asked, answer } = await costOf(service, question(athlete))
        const { statusCode, headers, body } = answer
        answers.push({ statusCode, headers: { ...headers, date: undefined }, body, asked })
      }
      t.ok(answers[0]!.asked.length > 0, `${name}: the database is asked`)
      t.strictSame(answers[1], answers[0], `${name}: a new athlete`)
      t.strictSame(answers[2], answers[0], `${name}: an erased one`)
    }
    const never = { athlete_uuid: body.athlete_uuid, revision_id: revisionId }
    for (const athlete_uuid of [body.athlete_uuid, randomUUID()])
      for (const id of [randomUUID(), erased.workoutId]) {
        const { asked, answer } = await costOf(service, json(`/v1/workouts/${id}/void`, { ...never, athlete_uuid }))
        t.strictSame([answer.statusCode, answer.json().code, asked], [404, 'workout_not_found', ['transact']])
      }
    await buyWorkout(app, { athlete_uuid: body.athlete_uuid })
    const { next_cursor } = (await app.inject(athleteUrl(body.athlete_uuid, '/workouts?limit=1'))).json()
    t.strictSame(await listed(app, fresh, `cursor=${next_cursor}`), [], "another's cursor leads to one's own records")
    t.equal((await listed(app, body.athlete_uuid)).length, 2, 'who is known is still there')
  })

  t.test("an athlete's UUID is in no row and no line of the log", async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const athletes: string[] = []
    const athlete = () => {
      athletes.push(randomUUID())
      return athletes.at(-1)!
    }
    const first = await buyWorkout(app, { athlete_uuid: athlete().toUpperCase() })
    const second = await revise(app, first, { reason: 'why' })
    await payFor(app, PATH, (await buyWorkout(app, { athlete_uuid: athlete() })).body)
    await buyAt(app, PATH, hypothetical({ athlete_uuid: athlete() }))
    await voidWorkout(app, second, { athlete_uuid: athlete() })
    await ask(app, correction(first), undefined, { url: revisionsUrl(first.workoutId) })
    await voidWorkout(app, second)
    for (const rest of ['/workouts', '/workouts?limit=0', '/curve', '/nothing', `/workouts/${first.workoutId}`])
      await app.inject(athleteUrl(athlete(), rest))
    // A failure of ours is logged with all that is known of it.
    const { list } = app.workouts
    app.workouts.list = () => Promise.reject(new Error('told to fail'))
    t.equal((await app.inject(athleteUrl(athletes[0], '/workouts'))).statusCode, 500)
    app.workouts.list = list
    await erase(service, athlete())
    const texts = { rows: await rowsAsText(service), files: filesAsText(service), log: service.log() }
    t.ok(texts.rows.includes(first.workoutId))
    t.match(texts.log, 'told to fail')
    for (const [name, text] of Object.entries(texts)) {
      const lower = text.toLowerCase()
      for (const uuid of athletes) {
        t.notOk(lower.includes(uuid), `${name}: not as it is`)
        t.notOk(lower.includes(uuid.replaceAll('-', '')), `${name}: not as hex`)
        t.notOk(text.includes(Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1')), `${name}: not as bytes`)
      }
    }
  })

  t.test('erasing: the records and their answers go, the books stay', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const athlete = randomUUID()
    const first = await buyWorkout(app, { athlete_uuid: athlete, ...marked('erased-split') })
    const second = await revise(app, first, { reason: 'erased-reason' })
    const third = await buyWorkout(app, { athlete_uuid: athlete })
    await voidWorkout(app, third, { reason: 'erased-void' })
    const unpaid = correction(second, { duration_seconds: 200 })
    const authorization = await payFor(app, revisionsUrl(second.workoutId), unpaid)
    const thought = await buyAt(app, PATH, hypothetical({ athlete_uuid: athlete, ...marked('erased-thought') }))
    const other = await buyWorkout(app, marked('kept-split'))
    const otherThought = await buyAt(app, PATH, hypothetical(marked('kept-thought')))
    const kept = { ...(await listed(app, other.body.athlete_uuid))[0] }
    const booked = (rows: Record<string, unknown>[]) =>
      rows
        .map(({ answer_body: _, answer_athlete_key: __, ...row }) => row)
        .sort((a, b) => String(a.proof_key).localeCompare(String(b.proof_key)))
    const before = booked(await books(service))
    const marks = [
      'erased-split',
      'erased-reason',
      'erased-void',
      'erased-thought',
      athleteKey(athlete).toString('hex')
    ]
    for (const mark of marks) t.ok((await rowsAsText(service)).includes(mark), `${mark} is there`)

    const erased = await erase(service, athlete.toUpperCase())
    t.strictSame([erased.statusCode, erased.json()], [200, { erased_revisions: 3 }])
    t.strictSame((await erase(service, athlete)).json(), { erased_revisions: 0 }, 'twice is fine')

    t.strictSame(await listed(app, athlete), [])
    t.equal((await app.inject(athleteUrl(athlete, '/workouts?format=csv'))).body.split('\r\n').length, 2)
    t.equal((await app.inject(athleteUrl(athlete, '/curve'))).json().workout_count, 0)
    for (const { workoutId } of [first, third])
      t.equal((await app.inject(athleteUrl(athlete, `/workouts/${workoutId}?include=revisions`))).statusCode, 404)
    t.equal((await voidWorkout(app, second)).statusCode, 404)
    const late = await ask(app, unpaid, authorization, { url: revisionsUrl(second.workoutId) })
    t.strictSame([late.statusCode, late.json().code], [404, 'workout_not_found'], 'a paid revision of what is gone')

    for (const { body, authorization, url } of [first, third, thought]) {
      const again = await ask(app, body, authorization, { url })
      t.match([again.statusCode, again.json().reason], [402, { code: 'proof_consumed' }], 'no stored answer')
      t.ok(again.headers['www-authenticate'], 'and a fresh challenge')
    }
    t.equal((await ask(app, second.body, second.authorization, { url: second.url })).statusCode, 404)
    t.equal((await ask(app, otherThought.body, otherThought.authorization)).body, otherThought.text)
    const after = booked(await books(service))
    const owed = after.filter(({ state }) => state === 'released')
    t.match(owed, [{ route: '/v1/workouts/:workout_id/revisions' }], 'the late payment is owed')
    t.strictSame(
      after.filter((row) => !owed.includes(row)),
      before,
      'and the books are as they were'
    )
    t.ok(
      before.every(
        ({ amount_atomic, proof_key }) => amount_atomic === '100000' && /^l402:[0-9a-f]{64}$/.test(String(proof_key))
      )
    )

    t.strictSame((await listed(app, other.body.athlete_uuid))[0], kept, 'others keep theirs')
    t.equal((await ask(app, other.body, other.authorization)).body, other.text)
    t.strictSame(await states(service), { canonical: 1 })
    const left = await rowsAsText(service)
    for (const mark of marks) t.notOk(left.includes(mark), `${mark} is not`)
    t.ok(left.includes('kept-split'))
    const anew = await buyWorkout(app, { athlete_uuid: athlete })
    t.strictSame(
      (await listed(app, athlete)).map(({ workout_id }) => workout_id),
      [anew.workoutId],
      'and begins anew'
    )
  })

  t.test('erasing while workouts are bought, revised and voided: each is whole or gone', async (t) => {
    const service = await startTestService(t, engine)
    const other = await startTestService(t, engine, { place: service.place })
    const athlete = randomUUID()
    for (let round = 0; round < 4; round++) {
      // Each body is another one: an instance offers an invoice again as long as it has not seen it redeemed.
      const seconds = (index: number) => ({ athlete_uuid: athlete, duration_seconds: 200 + 10 * round + index })
      const standing: Bought[] = []
      for (const index of [0, 1, 2]) standing.push(await buyWorkout(service.app, seconds(index)))
      const bodies = [3, 4, 5].map((index) => workout(seconds(index)))
      const paid = await Promise.all(bodies.map((body) => payFor(service.app, PATH, body)))
      const url = revisionsUrl(standing[0]!.workoutId)
      const revision = correction(standing[0]!)
      const revisionPaid = await payFor(service.app, url, revision)
      const [erased, also, revised, voided, ...bought] = await Promise.all([
        erase(service, athlete),
        erase(other, athlete),
        ask(other.app, revision, revisionPaid, { url }),
        voidWorkout(service.app, standing[1]!),
        ...bodies.map((body, index) => ask(index === 0 ? service.app : other.app, body, paid[index]))
      ])
      t.strictSame([erased.statusCode, also.statusCode], [200, 200])
      t.ok([200, 404].includes(voided.statusCode), `void: ${voided.statusCode}`)
      t.ok([200, 404, 409].includes(revised.statusCode), `revision: ${revised.statusCode} ${revised.body}`)
      for (const answer of bought) t.equal(answer.statusCode, 200, 'what is new is sold')
      const gone = erased.json().erased_revisions + also.json().erased_revisions
      const left = (await service.place.rows('SELECT workout_id, state FROM revisions')).map((row) =>
        Object.values(row).join()
      )
      t.equal(gone + left.length, 3 + 3 + (revised.statusCode === 200 ? 1 : 0), 'each is counted once')
      t.strictSame(
        (await listed(service.app, athlete, 'limit=100')).length,
        left.filter((row) => row.endsWith('canonical')).length
      )
      t.equal((await erase(service, athlete)).json().erased_revisions, left.length)
      t.strictSame(await states(service), {})
      t.notOk((await rowsAsText(service)).includes(athleteKey(athlete).toString('hex')), 'not even its hash is left')
    }
  })
})

/** A workout with a word of the client's own in it. */
function marked(label: string) {
  const lines = [{ movement: 'air_squat', reps: 5 }]
  return { splits: [{ label, duration_seconds: 60, work: { movements: lines } }] }
}
