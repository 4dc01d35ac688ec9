import { randomUUID } from 'node:crypto'
import t from 'tap'
import { ask, hypothetical, workout } from '../../support/purchase.ts'
import {
  athleteUrl,
  type Body,
  books,
  buyWorkout,
  correction,
  onEachEngine,
  revise,
  startTestService,
  type TestService,
  voidWorkout
} from '../../support/test-service.ts'

const check = ({ app }: TestService, body: unknown) => ask(app, body, undefined, { url: '/v1/validate' })
type Note = { code: string; message: string; workout_id?: string }
const duplicatesIn = (notes: Note[]) =>
  notes.filter(({ code }) => code === 'possible_duplicate').map(({ workout_id: id }) => id)

/** The example in other words: units, order, defaults, names and the athlete's figures. */
function reworded(body: Body): Body {
  const { splits, ...rest } = structuredClone(body) as Body & { splits: { work: { movements: Body[] } }[] }
  for (const { work } of splits) {
    Object.assign(work.movements[0]!, { inputs: { external_load: { unit: 'kg', value: 43.09127515 } } })
    Object.assign(work.movements[1]!, { inputs: { vest_load: { value: 0, unit: 'lb' } }, spec_overrides: {} })
  }
  return {
    splits: splits.map((split, index) => ({ rest_seconds_after: 0, label: `Round ${index + 1}`, ...split })),
    ...rest,
    title: 'The same',
    user: { body_mass: { value: 81.6, unit: 'kg' }, height: { feet: 5, inches: 10 } },
    response_units: { work: 'kJ' }
  }
}

await onEachEngine(t, (t, engine) => {
  t.test('validation: what the answer costs and notes, and never an invoice', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const feet = { height: { value: 5.1, unit: 'ft' }, body_mass: { value: 80, unit: 'kg' } }
    const answer = await check(service, workout({ user: feet }))
    t.equal(answer.statusCode, 200)
    t.match(answer.headers, { 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' })
    const { valid, price, notes } = answer.json()
    t.equal(valid, true)
    const { routes } = (await app.inject('/v1/payment-requirements')).json()
    t.strictSame(price, routes[0], 'the price as the price list has it')
    t.match(price, { path: '/v1/compute-power', price_usd: '0.10', price_sats: 100, offers: { l402: {} } })
    t.strictSame(
      notes.map(({ code }: Note) => code),
      ['power_denominators', 'unattributed_time', 'height_feet_decimal']
    )
    t.equal(answer.headers['www-authenticate'], undefined)
    t.notMatch(answer.body, /lnbc|results|average_power"/)
    t.equal((await check(service, hypothetical())).statusCode, 200)
    for (const body of [
      undefined,
      '',
      '[]',
      'null',
      '{}',
      workout({ splits: [] }),
      workout({ evaluation_context: 'x' })
    ]) {
      const refused = await check(service, body)
      t.ok([400, 422].includes(refused.statusCode), JSON.stringify(body))
      t.equal(refused.json().code === 'payment_required', false)
    }
    t.equal((await app.inject({ method: 'POST', url: '/v1/validate' })).statusCode, 422, 'no body is no price probe')
    // The same problems as the paid route has.
    for (const body of [workout({ title: 'a\tb' }), workout({ splits: 1, performed_date: '1900-01-01' }), { a: 1 }]) {
      const [free, paid] = [await check(service, body), await ask(app, body)]
      t.strictSame(free.json(), paid.json())
      t.equal(free.statusCode, paid.statusCode)
    }
    t.strictSame(await books(service), [])
  })

  t.test('a workout that the athlete has is noted, before payment and in the answer', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const athlete = randomUUID()
    const same = (more: Body = {}) => workout({ athlete_uuid: athlete, ...more })
    const reported = async (body: Body) => duplicatesIn((await check(service, body)).json().notes)
    t.strictSame(await reported(same()), [], 'nothing is there yet')
    const first = await buyWorkout(app, same())
    t.strictSame(duplicatesIn(JSON.parse(first.text).notes), [])

    t.strictSame(await reported(same()), [first.workoutId])
    t.strictSame(await reported(reworded(same())), [first.workoutId], 'in other words')
    t.strictSame(await reported(same({ athlete_uuid: athlete.toUpperCase() })), [first.workoutId])
    const { splits } = workout() as { splits: Body[] }
    const others: [name: string, body: Body][] = [
      ['another day', same({ performed_date: '2026-01-16' })],
      ['another athlete', workout()],
      ['another time', same({ duration_seconds: 181 })],
      ['another split', same({ splits: splits.toReversed() })],
      ['a rest', same({ splits: splits.map((split) => ({ ...split, rest_seconds_after: 1 })) })]
    ]
    for (const [name, body] of others) t.strictSame(await reported(body), [], name)
    const { performed_date: _, ...undated } = same()
    t.strictSame(await reported({ ...undated, evaluation_context: 'hypothetical' }), [], 'a thought is no record')

    const second = await buyWorkout(app, reworded(same()))
    const notes = JSON.parse(second.text).notes as Note[]
    t.strictSame(duplicatesIn(notes), [first.workoutId])
    t.match(notes.at(-1)!.message, first.workoutId)
    const detail = await app.inject(athleteUrl(athlete, `/workouts/${second.workoutId}`))
    t.strictSame(duplicatesIn(detail.json().answer.notes), [first.workoutId], 'kept as it was said')
    t.strictSame(await reported(same()), [second.workoutId], 'the last one')

    const revised = await revise(app, second, { duration_seconds: 190 })
    t.strictSame(duplicatesIn(JSON.parse(revised.text).notes), [], 'a revision is no duplicate of what it replaces')
    t.strictSame(await reported(same()), [first.workoutId])
    const back = await revise(app, { ...revised, body: correction(revised, { duration_seconds: 180 }) })
    t.strictSame(duplicatesIn(JSON.parse(back.text).notes), [first.workoutId], 'of another workout it is')
    await voidWorkout(app, first)
    await voidWorkout(app, back)
    t.strictSame(await reported(same()), [], 'what is voided does not count')
  })

  t.test('duplicates of a day are sought among the last five with the same movements', async (t) => {
    const { app } = await startTestService(t, engine)
    const athlete = randomUUID()
    const { splits } = workout() as Body & { splits: Body[] }
    const rested = (seconds: number, changes: Body = {}) =>
      workout({
        athlete_uuid: athlete,
        splits: splits.map((split) => ({ ...split, rest_seconds_after: seconds })),
        ...changes
      })
    const sold = async (body: Body) => {
      const bought = await buyWorkout(app, body)
      return { id: bought.workoutId, duplicates: duplicatesIn(JSON.parse(bought.text).notes) }
    }
    const first = await sold(rested(0))
    for (const seconds of [1, 2, 3, 4])
      t.strictSame((await sold(rested(seconds))).duplicates, [], `${seconds} s of rest: another workout`)
    t.strictSame((await sold(rested(0, { duration_seconds: 190 }))).duplicates, [], 'the same splits in another time')
    t.strictSame((await sold(rested(1))).duplicates.length, 1, 'the fifth, word for word')
    t.strictSame((await sold(rested(0))).duplicates, [], `${first.id} is older than the last five`)
    const lighter = { height: { value: 1.8, unit: 'm' }, body_mass: { value: 70, unit: 'kg' } }
    t.strictSame((await sold(rested(0, { user: lighter }))).duplicates.length, 1, 'by another body')
  })
})
