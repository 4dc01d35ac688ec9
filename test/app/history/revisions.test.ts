import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { owedPayments } from '../../../lib/ledger/books.ts'
import { caveatsOf } from '../../support/macaroon.ts'
import { type Answer, ask, challengeOf, hypothetical, PATH, workout } from '../../support/purchase.ts'
import {
  athleteUrl,
  type Body,
  type Bought,
  books,
  buyAt,
  buyWorkout,
  correction,
  onEachEngine,
  payFor,
  revise,
  revisionsUrl,
  startTestService,
  states,
  type TestService,
  voidWorkout
} from '../../support/test-service.ts'

const RACERS = 8

/** Asks for a revision, without payment or with one. */
const askRevision = ({ app }: TestService, workoutId: string, body: Body | string, authorization?: string) =>
  ask(app, body, authorization, { url: revisionsUrl(workoutId) })

const asSaid = ({ statusCode, body }: Answer) => ({ statusCode, body: JSON.parse(body) })

function isConflict(t: Test, answer: Answer, canonicalRevisionId: string | undefined, name: string): void {
  const code = canonicalRevisionId === undefined ? 'workout_voided' : 'revision_superseded'
  t.match(asSaid(answer), { statusCode: 409, body: { code, retryable: false } }, name)
  t.equal(answer.json().canonical_revision_id, canonicalRevisionId, `${name}: what is canonical`)
  t.equal(answer.headers['www-authenticate'], undefined, `${name}: no challenge`)
}

/** The state of a workout and its revisions, as its detail tells. */
async function trail({ app }: TestService, { workoutId, body }: Bought) {
  const detail = await app.inject(athleteUrl(body.athlete_uuid, `/workouts/${workoutId}?include=revisions`))
  return detail.json()
}

await onEachEngine(t, (t, engine) => {
  t.test('a revision is paid for, and takes the place of the one it names', async (t) => {
    const service = await startTestService(t, engine, { settings: { PRICE_USD_REVISIONS: '0.07' } })
    const { app } = service
    const first = await buyWorkout(app)
    const body = correction(first, { reason: 'The bar was \u0000 95 lb \ud83c\udfcb.', performed_date: '2026-01-14' })
    const offer = await askRevision(service, first.workoutId, body)
    t.match(offer.json(), { detail: 'Payment required', price_usd: '0.07', priceSats: 70 })
    const caveats = caveatsOf(challengeOf(offer).token)
    for (const caveat of [`path=${revisionsUrl(first.workoutId)}`, 'price_msat=70000', 'method=POST'])
      t.ok(caveats.includes(caveat), caveat)

    const second = await buyAt(app, revisionsUrl(first.workoutId), body)
    t.equal(second.workoutId, first.workoutId)
    t.not(second.revisionId, first.revisionId)
    t.strictSame(JSON.parse(second.text).results, JSON.parse(first.text).results)
    const third = await revise(app, { ...second, body: first.body }, { duration_seconds: 200 })
    const detail = await trail(service, third)
    t.match(detail, { revision_id: third.revisionId, state: 'canonical', performed_date: '2026-01-15' })
    t.strictSame(
      detail.revisions.map(({ revision_id, state }: Body) => [revision_id, state]),
      [
        [first.revisionId, 'superseded'],
        [second.revisionId, 'superseded'],
        [third.revisionId, 'canonical']
      ]
    )
    t.match(detail.revisions[1], { supersedes_revision_id: first.revisionId, reason: body.reason })
    t.notOk('reason' in detail.revisions[2] || 'ended_at' in detail.revisions[2])
    const { revisions: _, ...plain } = detail
    t.strictSame(plain.answer, JSON.parse(third.text), 'the answer as it left')
    t.strictSame(plain.request.duration_seconds, 200)
    t.notOk('athlete_uuid' in plain.request, 'the key is not repeated')
  })

  t.test('a stored answer comes again after its revision was superseded, voided', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const first = await buyWorkout(app)
    const second = await revise(app, first)
    const third = await revise(app, second, { duration_seconds: 181 })
    const replays = async (name: string) => {
      for (const [index, bought] of [first, second, third].entries()) {
        const { body, authorization, url } = bought
        const again = await ask(app, body, authorization, { url })
        t.strictSame([again.statusCode, again.body], [200, bought.text], `${name}: revision ${index}`)
        t.equal(again.headers['idempotent-replayed'], 'true')
      }
    }
    await replays('superseded')
    t.equal((await voidWorkout(app, third)).statusCode, 200)
    await replays('voided')
    t.equal((await books(service)).length, 3, 'and nothing more was sold')
  })

  t.test('paid too late: 409, and the payment is recorded in the books', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const first = await buyWorkout(app)
    const url = revisionsUrl(first.workoutId)
    const late = correction(first, { duration_seconds: 199 })
    const authorization = await payFor(app, url, late)
    const second = await revise(app, first)
    const books = await service.place.open()
    const owed = async () => {
      const found: string[] = []
      for await (const { why } of owedPayments(books)) found.push(why)
      return found
    }
    t.strictSame(await owed(), [], 'not before it comes')
    const isOwed = async (answer: Answer, canonical: string | undefined, count: number, name: string) => {
      isConflict(t, answer, canonical, name)
      t.match(answer.json().detail, /owed to you/, name)
      t.strictSame(await owed(), Array(count).fill('revision_lost_its_place'), name)
    }
    await isOwed(await askRevision(service, first.workoutId, late, authorization), second.revisionId, 1, 'superseded')
    await isOwed(await askRevision(service, first.workoutId, late, authorization), second.revisionId, 1, 'once')

    const never = correction(second, { duration_seconds: 198 })
    const toNothing = await payFor(app, url, never)
    t.equal((await voidWorkout(app, second)).statusCode, 200)
    await isOwed(await askRevision(service, first.workoutId, never, toNothing), undefined, 2, 'voided')
    t.strictSame(await states(service), { superseded: 1, voided: 1 })
  })

  t.test('what cannot take its place is free: 404, 409, 422, 400, and no challenge', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const first = await buyWorkout(app)
    const second = await revise(app, first)
    const { workoutId } = first
    const body = correction(second)
    const otherAthlete = { ...body, athlete_uuid: randomUUID() }
    const gone = [
      ['of somebody else', await askRevision(service, workoutId, otherAthlete)],
      ['of somebody else, by an old revision', await askRevision(service, workoutId, correction(first, otherAthlete))],
      ['that never was', await askRevision(service, randomUUID(), body)],
      ['that cannot be', await askRevision(service, '%00', body)],
      ['that is a revision', await askRevision(service, second.revisionId, body)],
      ["that is another language's", await askRevision(service, encodeURIComponent("'; -- ü"), body)]
    ] as const
    for (const [name, answer] of gone) {
      t.equal(answer.json().code, 'workout_not_found', `a workout ${name}`)
      t.strictSame([answer.statusCode, answer.body], [404, gone[0][1].body], 'all the same')
      t.equal(answer.headers['www-authenticate'], undefined)
    }

    const old = await askRevision(service, workoutId, correction(first))
    isConflict(t, old, second.revisionId, 'an old revision')
    isConflict(
      t,
      await askRevision(service, workoutId, { ...body, supersedes_revision_id: 'x' }),
      second.revisionId,
      'x'
    )
    const upper = { ...correction(first), athlete_uuid: String(first.body.athlete_uuid).toUpperCase() }
    isConflict(t, await askRevision(service, workoutId, upper), second.revisionId, 'the same athlete in upper case')

    const wrong: [string, Body, number, string[]][] = [
      ['a plan', { ...body, evaluation_context: 'planned' }, 422, ['/evaluation_context']],
      ['no revision', { ...body, supersedes_revision_id: undefined }, 422, ['/supersedes_revision_id']],
      ['version fields', { ...body, revision_id: 'x', state: 'voided' }, 422, ['/revision_id', '/state']],
      ['several', { ...body, reason: '', duration_seconds: 1 }, 422, ['/duration_seconds', '/reason']],
      ['of nobody, and wrong', { ...otherAthlete, reason: '' }, 422, ['/reason']]
    ]
    for (const [name, sent, status, pointers] of wrong) {
      const answer = await askRevision(service, workoutId, sent)
      const reported = answer.json().errors.map(({ pointer }: { pointer: string }) => pointer)
      t.strictSame([answer.statusCode, reported.sort()], [status, pointers], name)
      t.equal(answer.headers['www-authenticate'], undefined)
    }
    const lines = [{ movement: 'thrusters', reps: 1 }]
    const unknown = await askRevision(service, workoutId, {
      ...body,
      splits: [{ duration_seconds: 9, work: { movements: lines } }]
    })
    t.strictSame([unknown.statusCode, unknown.json().errors[0].nearest[0]], [400, 'thruster'])
    t.equal((await askRevision(service, workoutId, '{')).statusCode, 400)

    await voidWorkout(app, second)
    isConflict(t, await askRevision(service, workoutId, body), undefined, 'a voided workout')
    isConflict(
      t,
      await askRevision(service, workoutId, correction(first)),
      undefined,
      'a voided workout, an old revision'
    )
    t.equal((await askRevision(service, workoutId, otherAthlete)).statusCode, 404, 'somebody else learns nothing of it')
    t.equal((await books(service)).length, 2, 'no payment but the two')
  })

  t.test('paid too late: 409 with what is canonical, the payment is not consumed, and stays decided', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const first = await buyWorkout(app)
    const late = correction(first, { duration_seconds: 190 })
    const authorization = await payFor(app, revisionsUrl(first.workoutId), late)
    const winner = await revise(app, first)
    for (let time = 0; time < 3; time++) {
      const answer = await askRevision(service, first.workoutId, late, authorization)
      isConflict(t, answer, winner.revisionId, `time ${time}`)
    }
    const sold = (await books(service)).filter(({ state }) => state === 'captured')
    t.equal(sold.length, 2)
    t.strictSame(await states(service), { canonical: 1, superseded: 1 })
  })

  t.test('paid revisions race, over two instances: one 200, the others 409, decided once', async (t) => {
    const service = await startTestService(t, engine)
    const other = await startTestService(t, engine, { place: service.place })
    for (let round = 0; round < 3; round++) {
      const first = await buyWorkout(service.app)
      const racers = await Promise.all(
        Array.from({ length: RACERS }, async (_, index) => {
          const body = correction(first, { duration_seconds: 200 + index })
          return { body, authorization: await payFor(service.app, revisionsUrl(first.workoutId), body) }
        })
      )
      const race = () =>
        Promise.all(
          racers.map(({ body, authorization }, index) =>
            askRevision(index % 2 === 0 ? service : other, first.workoutId, body, authorization)
          )
        )
      const answers = await race()
      const won = answers.filter(({ statusCode }) => statusCode === 200)
      t.equal(won.length, 1, 'one won')
      const canonical = won[0]?.json().revision_id
      for (const answer of answers) if (answer !== won[0]) isConflict(t, answer, canonical, 'the others')
      const again = await race()
      t.strictSame(
        again.map(({ body }) => body),
        answers.map(({ body }) => body),
        'asked again, the same'
      )
      t.strictSame((await trail(service, first)).revisions.length, 2)
    }
    t.strictSame(await states(service), { canonical: 3, superseded: 3 })
    const captured = (await books(service)).filter(({ state }) => state === 'captured')
    t.equal(captured.length, 6)
  })

  t.test('a proof buys the revision that it was made for and no other', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const athlete = randomUUID()
    const mine = await buyWorkout(app, { athlete_uuid: athlete })
    const twin = await buyWorkout(app, { athlete_uuid: athlete })
    const body = correction(mine, { duration_seconds: 190 })
    const authorization = await payFor(app, revisionsUrl(mine.workoutId), body)
    const buysNothing = async (url: string, sent: Body, by: string, name: string, code = 'token_other_request') => {
      const answer = await ask(app, sent, by, { url })
      t.match(asSaid(answer), { statusCode: 402, body: { reason: { code } } }, name)
      t.not(challengeOf(answer).token, by.split(/[ :]/)[1], 'with a fresh challenge')
    }
    const twinUrl = revisionsUrl(twin.workoutId)
    const twinBody = { ...body, supersedes_revision_id: twin.revisionId }
    const tries = async (name: string) => {
      await buysNothing(twinUrl, twinBody, authorization, `${name}: another workout`)
      await buysNothing(PATH, mine.body, authorization, `${name}: a new workout`)
      await buysNothing(twinUrl, twinBody, mine.authorization, `${name}: with the proof of a workout`)
      // The very same body: the path alone tells them apart.
      const answer = await ask(app, body, authorization, { url: twinUrl })
      isConflict(t, answer, twin.revisionId, `${name}: the same body for another workout`)
    }
    await tries('unspent')
    const reworded = { ...body, reason: 'x' }
    await buysNothing(revisionsUrl(mine.workoutId), reworded, authorization, 'the same revision for another reason')
    const bought = await ask(app, body, authorization, { url: revisionsUrl(mine.workoutId) })
    t.equal(bought.statusCode, 200, 'and still buys its own')
    await tries('spent')
    t.strictSame(await states(service), { canonical: 2, superseded: 1 })
  })

  t.test('void: once, by the canonical revision, by its athlete alone', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const first = await buyWorkout(app)
    const second = await revise(app, first)
    const stranger = { athlete_uuid: randomUUID() }
    const never = { ...second, workoutId: randomUUID() }
    const gone = await voidWorkout(app, never)
    t.match(asSaid(gone), { statusCode: 404, body: { code: 'workout_not_found' } })
    for (const [bought, more] of [
      [second, stranger],
      [first, stranger],
      [second, { ...stranger, revision_id: 'x' }]
    ] as const) {
      const answer = await voidWorkout(app, bought, more)
      t.strictSame([answer.statusCode, answer.body], [404, gone.body], 'a stranger gets the same answer as anybody')
    }
    isConflict(t, await voidWorkout(app, first), second.revisionId, 'an old revision')
    isConflict(t, await voidWorkout(app, second, { revision_id: 'x' }), second.revisionId, 'no revision')

    const upper = { athlete_uuid: String(second.body.athlete_uuid).toUpperCase(), reason: '=1+1 "twice"\ud800\u0000' }
    const answers = await Promise.all(Array.from({ length: RACERS }, () => voidWorkout(app, second, upper)))
    t.match(asSaid(answers[0]!), {
      statusCode: 200,
      body: { workout_id: second.workoutId, revision_id: second.revisionId, state: 'voided', voided_at: /Z$/ }
    })
    t.equal(answers[0]!.headers['cache-control'], 'no-store')
    const again = await voidWorkout(app, second, { reason: 'another' })
    t.strictSame(new Set([...answers, again].map(({ body }) => body)).size, 1, 'many times are once')
    isConflict(t, await voidWorkout(app, first), undefined, 'an old revision of a voided workout')
    t.equal((await voidWorkout(app, second, stranger)).body, gone.body)

    const detail = await trail(service, first)
    t.match(detail, { state: 'voided', revision_id: second.revisionId })
    t.match(detail.revisions[1], { state: 'voided', ended_at: answers[0]!.json().voided_at })
    t.equal(detail.revisions[1].void_reason, upper.reason)
    t.equal(detail.revisions[0].state, 'superseded')

    const bad = await voidWorkout(app, second, { athlete_uuid: 'x', revision_id: '', reason: 1, more: 1 })
    t.equal(bad.statusCode, 422)
    t.strictSame(
      bad
        .json()
        .errors.map(({ pointer }: Body) => pointer)
        .sort(),
      ['/athlete_uuid', '/more', '/reason', '/revision_id']
    )
  })

  t.test('void and a paid revision race: one of them counts', async (t) => {
    const service = await startTestService(t, engine)
    const other = await startTestService(t, engine, { place: service.place })
    for (let round = 0; round < 6; round++) {
      const first = await buyWorkout(service.app)
      const body = correction(first)
      const authorization = await payFor(service.app, revisionsUrl(first.workoutId), body)
      const steps = [
        () => voidWorkout(other.app, first),
        () => askRevision(service, first.workoutId, body, authorization)
      ]
      const started = (round % 2 === 0 ? steps : steps.toReversed()).map((step) => step())
      const [voided, revised] = await Promise.all(round % 2 === 0 ? started : started.toReversed())
      const detail = await trail(service, first)
      if (voided!.statusCode === 200) {
        isConflict(t, revised!, undefined, 'voided first')
        t.match(detail, { state: 'voided', revision_id: first.revisionId })
      } else {
        t.equal(revised!.statusCode, 200)
        isConflict(t, voided!, revised!.json().revision_id, 'revised first')
        t.match(detail, { state: 'canonical', revision_id: revised!.json().revision_id })
      }
    }
  })

  t.test('planned and hypothetical ones are computed and never kept', async (t) => {
    const service = await startTestService(t, engine)
    const athlete = randomUUID()
    await buyAt(service.app, PATH, hypothetical({ athlete_uuid: athlete }))
    const { performed_date: _, ...thought } = workout({ athlete_uuid: athlete })
    const plan = await buyAt(service.app, PATH, {
      ...thought,
      evaluation_context: 'planned',
      planned_for_date: '2027-02-28'
    })
    t.equal(plan.workoutId, undefined)
    t.strictSame(await states(service), {})
    t.strictSame((await service.app.inject(athleteUrl(athlete, '/workouts'))).json().workouts, [])
  })
})
