import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse } from 'node:querystring'
import t, { type Test } from 'tap'
import { workoutsAsCsv } from '../../../lib/workouts/workout-csv.ts'
import { ATHLETE } from '../../lib/compute/helpers.ts'
import { workout } from '../../support/purchase.ts'
import {
  type Answer,
  athleteUrl,
  type Body,
  type Bought,
  buyWorkout,
  listed,
  onEachEngine,
  revise,
  type Summary,
  startTestService,
  type TestService,
  voidWorkout
} from '../../support/test-service.ts'

const day = (number: number) => `2026-01-${String(number).padStart(2, '0')}`

const line = (movement: string, inputs: Body = {}) => ({ movement, reps: 5, inputs })
const squats = { splits: [{ duration_seconds: 60, work: { movements: [line('air_squat')] } }] }
const both = { splits: [{ duration_seconds: 60, work: { movements: [line('pull_up'), line('air_squat')] } }] }

const ids = (workouts: readonly { workout_id: string }[]) => workouts.map(({ workout_id }) => workout_id)

/** Buys so many workouts of an athlete, a few at a time. */
async function buyMany(service: TestService, count: number, more: (index: number) => Body): Promise<Bought[]> {
  const bought: Bought[] = []
  while (bought.length < count) {
    const group = Array.from({ length: Math.min(20, count - bought.length) }, (_, k) => more(bought.length + k))
    bought.push(...(await Promise.all(group.map((body) => buyWorkout(service.app, body)))))
  }
  return bought
}

function isRefused(t: Test, answer: Answer, expected: Record<string, string>): void {
  const { code, errors } = answer.json()
  t.strictSame([answer.statusCode, code], [422, 'validation_failed'])
  const reported = errors.map(({ pointer, code }: Record<string, string>) => [pointer, code])
  t.strictSame(Object.fromEntries(reported), expected, 'every problem')
  t.equal(reported.length, Object.keys(expected).length, 'each once')
}

await onEachEngine(t, (t, engine) => {
  t.test('a list: newest day first, then the last bought; filters; a page at a time', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const athlete = randomUUID()
    const bought: Bought[] = []
    for (let index = 0; index < 24; index++) {
      const splits = [{}, squats, both][index % 3]
      bought.push(await buyWorkout(app, { athlete_uuid: athlete, performed_date: day(1 + (index % 5)), ...splits }))
    }
    await buyWorkout(app, { performed_date: day(3) })
    const gone = bought.splice(7, 1)[0]!
    await voidWorkout(app, gone)
    bought[3] = { ...bought[3]!, ...(await revise(app, bought[3]!, { duration_seconds: 999, performed_date: day(9) })) }
    const dateOf = ({ body }: Bought) => String(body.performed_date)
    // A revision keeps its workout's place among those of its day.
    const place = new Map(bought.map(({ workoutId }, index) => [workoutId, index]))
    const model = [...bought].sort((a, b) => {
      return dateOf(b).localeCompare(dateOf(a)) || place.get(b.workoutId)! - place.get(a.workoutId)!
    })
    const movementsOf = ({ body }: Bought) => {
      const lines = (body.splits as { work: { movements: { movement: string }[] } }[])[0]!.work.movements
      return lines.map(({ movement }) => movement)
    }
    const whole = await listed(app, athlete, 'limit=100')
    t.strictSame(
      whole.map(({ workout_id, revision_id, performed_date, movements }) => [
        workout_id,
        revision_id,
        performed_date,
        movements
      ]),
      model.map((one) => [one.workoutId, one.revisionId, dateOf(one), movementsOf(one)])
    )
    for (const query of [
      'limit=1',
      'limit=7',
      '',
      `performed_from=${day(3)}`,
      `performed_to=${day(3)}`,
      `performed_from=${day(2)}&performed_to=${day(3)}`,
      `performed_from=${day(2)}&performed_to=${day(2)}`,
      'movement=air_squat',
      'movement=thruster&limit=3',
      `movement=pull_up&performed_from=${day(4)}&limit=2`,
      'movement=row',
      'performed_from=2030-01-01'
    ]) {
      const { performed_from = '', performed_to = '9', movement } = parse(query)
      const expected = model.filter((one) => {
        const isOfDays = dateOf(one) >= performed_from && dateOf(one) <= performed_to
        return isOfDays && (movement === undefined || movementsOf(one).includes(String(movement)))
      })
      t.strictSame(
        ids(await listed(app, athlete, query)),
        expected.map(({ workoutId }) => workoutId),
        query
      )
    }
    const page = (query: string) => app.inject(athleteUrl(athlete, `/workouts${query}`)).then((answer) => answer.json())
    t.equal((await page('')).workouts.length, 20, 'twenty unless said')
    t.equal((await page('?limit=23')).next_cursor, null, 'the last page says so')
    t.strictSame(await page('?limit=5&cursor='.concat((await page('?limit=20')).next_cursor)), {
      workouts: whole.slice(20),
      next_cursor: null
    })
  })

  t.test('paging is stable while workouts are added, revised and voided', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const athlete = randomUUID()
    const bought = await buyMany(service, 24, (index) => ({
      athlete_uuid: athlete,
      performed_date: day(1 + (index % 3)),
      duration_seconds: 180 + index / 100
    }))
    const before = ids(await listed(app, athlete, 'limit=100'))
    const standing = new Map(bought.map((one) => [one.workoutId, one]))
    const voided = new Set<string>()
    let round = 0
    const seen = await listed(app, athlete, 'limit=5', async () => {
      round++
      for (const date of [day(1), day(2), day(3), day(9), '2020-01-01'])
        await buyWorkout(app, { athlete_uuid: athlete, performed_date: date })
      // Some were listed already, others are still to come; their days stay.
      for (const [index, one] of bought.entries())
        if (index % 4 === round % 4)
          standing.set(
            one.workoutId,
            await revise(app, standing.get(one.workoutId)!, { duration_seconds: 180 + round })
          )
      const next = standing.get(before[5 * round + 1]!)
      if (next !== undefined && round < 4) {
        await voidWorkout(app, next)
        voided.add(next.workoutId)
        standing.delete(next.workoutId)
        bought.splice(
          bought.findIndex(({ workoutId }) => workoutId === next.workoutId),
          1
        )
      }
    })
    t.equal(new Set(ids(seen)).size, seen.length, 'none comes twice')
    t.strictSame(
      ids(seen).filter((id) => before.includes(id)),
      before.filter((id) => !voided.has(id)),
      'those that were there come once each, in their order, but for those voided ahead'
    )
    t.ok(voided.size >= 3 && round >= 4)
  })

  t.test('a bad URL: all its problems are reported at once', async (t) => {
    const { app } = await startTestService(t, engine)
    const athlete = randomUUID()
    const get = (rest: string, uuid: string = athlete) => app.inject(athleteUrl(uuid, rest))
    isRefused(t, await get('/workouts?limit=0&cursor=x&performed_from=2026-02-30&performed_to=x&more=1', 'nobody'), {
      'path:athlete_uuid': 'format_wrong',
      'query:limit': 'out_of_range',
      'query:cursor': 'cursor_invalid',
      'query:performed_from': 'date_invalid',
      'query:performed_to': 'format_wrong',
      'query:more': 'field_unknown'
    })
    for (const [limit, code] of [
      ['0', 'out_of_range'],
      ['101', 'out_of_range'],
      ['-1', 'out_of_range'],
      ['1.5', 'type_wrong'],
      ['', 'type_wrong'],
      ['ten', 'type_wrong'],
      ['1&limit=2', 'type_wrong'],
      ['1e999', 'out_of_range']
    ] as const)
      isRefused(t, await get(`/workouts?limit=${limit}`), { 'query:limit': code })
    const [, , second] = await Promise.all(
      [1, 2, 3].map((n) => buyWorkout(app, { athlete_uuid: athlete, performed_date: day(n) }))
    )
    const cursor: string = (await get('/workouts?limit=1')).json().next_cursor
    const forged = (text: string) => Buffer.from(text).toString('base64url')
    for (const bad of [
      'x',
      `${cursor}A`,
      cursor.slice(0, -2),
      `${cursor}=`,
      second!.workoutId,
      forged('2026-01-15.'),
      forged('2026-01-15.a b'),
      forged(`2026-01-15.${'x'.repeat(101)}`),
      forged('x'),
      'A'.repeat(200)
    ])
      isRefused(t, await get(`/workouts?cursor=${bad}`), { 'query:cursor': 'cursor_invalid' })
    isRefused(t, await get('/workouts?cursor='), { 'query:cursor': 'length_wrong' })
    isRefused(t, await get(`/workouts?cursor=${'A'.repeat(201)}`), { 'query:cursor': 'length_wrong' })
    t.strictSame((await get(`/workouts?cursor=${forged('0000-00-00.x')}`)).json(), { workouts: [], next_cursor: null })
    isRefused(t, await get('/workouts?performed_from=2026-02-02&performed_to=2026-02-01'), {
      'query:performed_to': 'dates_reversed'
    })
    isRefused(t, await get('/workouts?performed_from=2026-02-02&performed_to=2026-02-29&format=xml'), {
      'query:performed_to': 'date_invalid',
      'query:format': 'value_not_allowed'
    })
    isRefused(t, await get('/curve?from_seconds=100&to_seconds=10&performed_from=2026-13-01&format=png', 'nobody'), {
      'path:athlete_uuid': 'format_wrong',
      'query:from_seconds': 'window_empty',
      'query:performed_from': 'date_invalid',
      'query:format': 'value_not_allowed'
    })
    isRefused(t, await get('/curve?from_seconds=0&to_seconds=ten'), {
      'query:from_seconds': 'out_of_range',
      'query:to_seconds': 'type_wrong'
    })
    isRefused(t, await get(`/workouts/${randomUUID()}?include=all&limit=1`, 'nobody'), {
      'path:athlete_uuid': 'format_wrong',
      'query:include': 'value_not_allowed',
      'query:limit': 'field_unknown'
    })
    // Closed vocabularies: refused with what was meant, where that is near.
    const words: [rest: string, name: string, code: string, nearest: string[] | undefined][] = [
      ['/workouts?movement=push-ups', 'movement', 'movement_alias', ['push_up']],
      ['/workouts?movement=Pull_Up', 'movement', 'movement_alias', ['pull_up']],
      ['/workouts?movement=snatch', 'movement', 'movement_ambiguous', ['power_snatch', 'squat_snatch']],
      ['/workouts?movement=thrustre', 'movement', 'movement_unknown', ['thruster']],
      ['/workouts?movement=yoga', 'movement', 'movement_unknown', []],
      ['/workouts?movement=plank', 'movement', 'movement_unimplemented', undefined],
      ['/workouts?movement=nothing%00%27%20OR%201=1', 'movement', 'movement_unknown', []],
      ['/workouts?movement=', 'movement', 'length_wrong', undefined],
      ['/workouts?movement=row&movement=run', 'movement', 'type_wrong', undefined],
      ['/workouts?format=CSV', 'format', 'value_not_allowed', ['csv']],
      ['/workouts?format=xls', 'format', 'value_not_allowed', ['csv']],
      ['/workouts?format=yaml', 'format', 'value_not_allowed', undefined],
      ['/curve?format=png', 'format', 'value_not_allowed', ['svg']],
      [`/workouts/${randomUUID()}?include=revision`, 'include', 'value_not_allowed', ['revisions']],
      ['/workouts?performedFrom=2026-01-01', 'performedFrom', 'field_unknown', ['performed_from', 'performed_to']]
    ]
    for (const [rest, name, code, nearest] of words) {
      const answer = await get(rest)
      isRefused(t, answer, { [`query:${name}`]: code })
      t.strictSame(answer.json().errors[0].nearest, nearest, rest)
    }
    isRefused(t, await app.inject({ method: 'DELETE', url: athleteUrl('nobody') }), {
      'path:athlete_uuid': 'format_wrong'
    })
  })

  t.test('one record, and its audit trail', async (t) => {
    const { app } = await startTestService(t, engine)
    const first = await buyWorkout(app, { user: { ...ATHLETE, age_years: 40, sex: 'female' } })
    const { workoutId, body } = first
    const get = (rest = '', athlete: unknown = body.athlete_uuid) =>
      app.inject(athleteUrl(athlete, `/workouts/${workoutId}${rest}`))
    const { athlete_uuid: _, ...described } = body
    const one = (await get()).json()
    t.strictSame(one.request, JSON.parse(JSON.stringify(described)), 'as it was described')
    t.strictSame(one.answer, JSON.parse(first.text), 'and as it was answered')
    t.notOk('revisions' in one)
    t.equal((await get('', String(body.athlete_uuid).toUpperCase())).body, (await get()).body)
    const second = await revise(app, first, { reason: '=cmd()' })
    await voidWorkout(app, second, { reason: 'twice' })
    const detail = (await get('?include=revisions')).json()
    t.match(detail, { state: 'voided', revision_id: second.revisionId, answer: JSON.parse(second.text) })
    const [one1, two] = detail.revisions
    t.equal(detail.revisions.length, 2)
    t.match(one1, { revision_id: first.revisionId, state: 'superseded', ended_at: two.created_at, answer: one.answer })
    t.match(two, { revision_id: second.revisionId, state: 'voided', reason: '=cmd()', void_reason: 'twice' })
    t.equal(one1.created_at, one.created_at, 'nothing of it was written over')
    t.match((await get('', randomUUID())).json(), { status: 404, code: 'workout_not_found' })
  })

  t.test('a title is kept in list, detail, CSV and curve, revision by revision', async (t) => {
    const { app } = await startTestService(t, engine)
    const athlete = randomUUID()
    const splits = (workout() as { splits: Body[] }).splits.map((split, index) => ({ ...split, label: `=${index}` }))
    const first = await buyWorkout(app, { athlete_uuid: athlete, title: 'Frän 🏋', splits })
    const untitled = await buyWorkout(app, { athlete_uuid: athlete, performed_date: day(3) })
    const titles = async () => {
      const get = async (rest: string) => (await app.inject(athleteUrl(athlete, rest))).json()
      const detail = await get(`/workouts/${first.workoutId}?include=revisions`)
      const { points } = await get('/curve')
      const ofFirst = points.filter(({ workout_id }: Body) => workout_id === first.workoutId)
      t.ok(ofFirst.length > 0)
      return {
        list: (await get('/workouts')).workouts.map(({ title }: Body) => title),
        detail: [detail.title, detail.request.title, ...detail.revisions.map(({ title }: Body) => title)],
        points: [...new Set(ofFirst.map(({ title }: Body) => title))]
      }
    }
    t.strictSame(await titles(), {
      list: ['Frän 🏋', undefined],
      detail: ['Frän 🏋', 'Frän 🏋', 'Frän 🏋'],
      points: ['Frän 🏋']
    })
    t.equal(untitled.text.includes('title'), false)
    const csv = (await app.inject(athleteUrl(athlete, '/workouts.csv'))).body.split('\r\n')
    t.match(csv[1], /,Frän 🏋,.*,thruster pull_up,'=0 \| =1,/)
    await revise(app, first, { title: '-Jackie' })
    t.strictSame(await titles(), {
      list: ['-Jackie', undefined],
      detail: ['-Jackie', '-Jackie', 'Frän 🏋', '-Jackie'],
      points: ['-Jackie']
    })
    t.match((await app.inject(athleteUrl(athlete, '/workouts.csv'))).body.split('\r\n')[1], /,'-Jackie,/)
  })

  t.test('CSV: everything that matches, in one text that a spreadsheet reads as text', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const athlete = randomUUID()
    // More than the service reads at a time.
    await buyMany(service, 130, (index) => ({
      athlete_uuid: athlete,
      performed_date: day(1 + (index % 20)),
      ...(index % 2 === 0 && both)
    }))
    const csv = (query = '') => app.inject(athleteUrl(athlete, `/workouts?format=csv${query}`))
    const rowsOf = (answer: Answer) => {
      const lines = answer.body.split('\r\n')
      t.equal(lines.pop(), '', 'every line ends')
      const [header, ...rows] = lines.map((line) => line.split(','))
      return rows.map((row) => Object.fromEntries(row.map((cell, index) => [header![index], cell])))
    }
    const all = await csv()
    t.match(all.headers, {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="workouts.csv"',
      'cache-control': 'private, no-store'
    })
    const asRow = (workout: Summary & Body) => {
      const { value: work, uncertainty: workSigma } = workout.total_work as Record<string, number>
      const { value: power, uncertainty: powerSigma } = workout.average_power_elapsed as Record<string, number>
      return {
        workout_id: workout.workout_id,
        revision_id: workout.revision_id,
        performed_date: workout.performed_date,
        title: '',
        duration_seconds: String(workout.duration_seconds),
        total_work_j: String(work),
        total_work_uncertainty_j: String(workSigma),
        average_power_elapsed_w: String(power),
        average_power_elapsed_uncertainty_w: String(powerSigma),
        movements: workout.movements.join(' '),
        split_labels: '',
        created_at: workout.created_at
      }
    }
    const whole = (await listed(app, athlete, 'limit=100')) as (Summary & Body)[]
    t.equal(whole.length, 130)
    t.strictSame(rowsOf(all), whole.map(asRow), 'as the list has it')
    t.strictSame(rowsOf(await csv('&limit=1')), rowsOf(all), 'whatever the limit')
    const some = whole.filter(
      ({ performed_date, movements }) => performed_date >= day(18) && movements.includes('pull_up')
    )
    t.ok(some.length > 0 && some.length < 130)
    t.strictSame(rowsOf(await csv(`&movement=pull_up&performed_from=${day(18)}`)), some.map(asRow))
    const cursor = (await app.inject(athleteUrl(athlete, '/workouts?limit=100'))).json().next_cursor
    t.strictSame(rowsOf(await csv(`&cursor=${cursor}`)), whole.slice(100).map(asRow), 'from a cursor on')
    t.equal((await csv('&movement=row')).body.split('\r\n').length, 2, 'nothing: the names of the columns')
    isRefused(t, await csv('&limit=0&performed_to=2026-02-30'), {
      'query:limit': 'out_of_range',
      'query:performed_to': 'date_invalid'
    })

    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const asked = request({ port, host: '127.0.0.1', path: athleteUrl(athlete, '/workouts?format=csv') }).end()
    const [response] = await once(asked, 'response')
    t.equal(response.headers['content-length'], undefined)
    t.equal(response.headers['transfer-encoding'], 'chunked', 'it is streamed')
    let text = ''
    for await (const chunk of response) text += chunk
    t.equal(text, all.body)
    const left = request({ port, host: '127.0.0.1', path: athleteUrl(athlete, '/workouts?format=csv') }).end()
    const [half] = await once(left, 'response')
    half.destroy()
    t.equal((await csv()).body, all.body, 'who leaves in the middle disturbs nobody')
  })

  t.test('curve: what counts, a tag for it, and a picture', async (t) => {
    const service = await startTestService(t, engine)
    const { app } = service
    const athlete = randomUUID()
    const curve = (query = '', headers: Record<string, string> = {}) =>
      app.inject({ url: athleteUrl(athlete, `/curve${query}`), headers })
    const tags = new Set<string>()
    /** The curve has changed: another tag, another body, and 304 from now on. */
    const changed = async (name: string) => {
      const last = [...tags].at(-1) ?? '"none"'
      const answer = await curve('?from_seconds=60&to_seconds=1200', { 'if-none-match': last })
      const tag = String(answer.headers.etag)
      t.strictSame([answer.statusCode, tags.has(tag)], [200, false], `${name}: another curve`)
      t.match(tag, /^"[\w-]{20,}"$/)
      tags.add(tag)
      for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
        const same = await curve('?from_seconds=60&to_seconds=1200', { 'if-none-match': known })
        t.strictSame([same.statusCode, same.body, same.headers.etag], [304, '', tag], `${name}: the same`)
        t.equal(same.headers['cache-control'], 'private, no-store')
      }
      t.equal((await curve('?from_seconds=60&to_seconds=1200')).body, answer.body)
      return answer.json()
    }
    const empty = await changed('nothing')
    t.match(empty, { workout_count: 0, points: [], envelope_points: [], fitness_score: null, critical_power: null })

    // contract.md: the envelope of three samples.
    const rides = [
      await buyWorkout(app, ride(athlete, 60, 400)),
      await buyWorkout(app, ride(athlete, 300, 300)),
      await buyWorkout(app, ride(athlete, 1200, 220))
    ]
    const three = await changed('bought')
    const powerAt = (seconds: number) => powerOn(three.envelope_points, seconds)
    t.strictSame([30, 120, 200, 600, 2400].map(powerAt), [400, 300, 300, 220, 110])
    t.equal(three.work_capacity_auc.value.toFixed(1), '274818.3')
    t.equal(three.log_mean_power.value.toFixed(3), '271.479')
    t.strictSame(three.modality_curves.cardiovascular.work_capacity_auc.value, three.work_capacity_auc.value)

    const better = await revise(app, rides[0]!, ride(athlete, 60, 480))
    const revised = await changed('revised')
    t.equal(powerOn(revised.envelope_points, 30), 480)
    t.equal(revised.workout_count, 3)
    await voidWorkout(app, better)
    const voided = await changed('voided')
    t.equal(powerOn(voided.envelope_points, 30), 300)
    t.ok(voided.work_capacity_auc.value < three.work_capacity_auc.value)
    t.strictSame((await curve('?performed_to=2026-01-14')).json().points, [], 'of some days alone')

    const picture = await curve('?format=svg')
    t.equal(picture.headers['content-type'], 'image/svg+xml; charset=utf-8')
    t.match(picture.headers['content-security-policy'], /default-src 'none'/)
    t.match(picture.body, /^<svg [\s\S]*<\/svg>\s*$/)
    t.notMatch(picture.body, /<script|href=|javascript:/i)
    const again = await curve('?format=svg', { 'if-none-match': String(picture.headers.etag) })
    t.equal(again.statusCode, 304)
    t.not(picture.headers.etag, (await curve()).headers.etag)

    const erased = await app.inject({ method: 'DELETE', url: athleteUrl(athlete) })
    t.equal(erased.statusCode, 200)
    const after = await curve('?from_seconds=60&to_seconds=1200')
    t.strictSame(after.json(), empty)
    t.equal(after.headers.etag, [...tags][0], 'as if nothing had been')

    // contract.md: CP 250 W and W' 13 kJ.
    for (const seconds of [180, 300, 900]) await buyWorkout(app, ride(athlete, seconds, 250 + 13_000 / seconds))
    const { critical_power: fit } = await changed('bought after all')
    t.ok(Math.abs(fit.cp.value - 250) < 1e-6 && Math.abs(fit.w_prime.value - 13_000) < 1e-3, JSON.stringify(fit.cp))
    t.equal(fit.effort_count, 3)
  })

  t.test('a curve is the same at every instance', async (t) => {
    const service = await startTestService(t, engine)
    const other = await startTestService(t, engine, { place: service.place })
    const athlete = randomUUID()
    const url = athleteUrl(athlete, '/curve')
    const alike = async (name: string) => {
      const [one, two] = [await service.app.inject(url), await other.app.inject(url)]
      t.strictSame([one.body, one.headers.etag], [two.body, two.headers.etag], name)
      return one.json().workout_count
    }
    t.equal(await alike('nothing'), 0)
    const ridden = await buyWorkout(service.app, ride(athlete, 60, 400))
    const second = await buyWorkout(other.app, ride(athlete, 300, 300))
    t.equal(await alike('bought at each'), 2)
    await revise(other.app, ridden, ride(athlete, 60, 300))
    t.equal(await alike('revised at the other'), 2)
    await voidWorkout(service.app, second)
    t.equal(await alike('voided'), 1)
    await other.app.inject({ method: 'DELETE', url: athleteUrl(athlete) })
    t.equal(await alike('erased'), 0)
    await buyWorkout(service.app, ride(athlete, 60, 200))
    t.equal(await alike('bought again'), 1)
  })
})

t.test('CSV: what a spreadsheet would take for a formula is text', async (t) => {
  const cells = async (title: string, labels: readonly string[], workoutId = 'w') => {
    const summary = { elapsedSeconds: 1e-7, activeSeconds: 1, restSeconds: 0, workJ: 1, workSigmaJ: 0, title, labels }
    const one = {
      workoutId,
      revisionId: '@x',
      performedDate: '2026-01-15',
      createdAtMs: 0,
      movements: ['+cmd'],
      summary
    }
    async function* pages() {
      yield [one]
    }
    let text = ''
    for await (const part of workoutsAsCsv(pages())) text += part
    const lines = text.split('\r\n')
    t.equal(lines.length, 3, 'a workout is one line')
    return lines[1]!
  }
  t.equal(
    await cells('21-15-9, "Fran"', ['-21', '', 'b'], '=1+1'),
    `'=1+1,'@x,2026-01-15,"21-15-9, ""Fran""",1e-7,1,0,10000000,0,'+cmd,'-21 |  | b,1970-01-01T00:00:00.000Z`
  )
  const formulas = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n\n=1',
    '  =1',
    '\0=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    '\u2028=1'
  ]
  for (const formula of formulas)
    for (const text of [formula, `x;${formula}`, `"${formula}`, `x\r\n${formula}`]) {
      const row = await cells(text, [text, text])
      const read = row.split(/[;\t\r\n]|,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
      const formulae = read.filter((cell) => /^"?\s*[=+\-@\t\r＝＋－＠]/.test(cell))
      t.strictSame(formulae, [], encodeURIComponent(text))
    }
})

/** A ride whose work is exact: so many calories of so many joules each. */
function ride(athlete: string, seconds: number, watts: number): Body {
  const calories = Math.round((seconds * watts) / 1200)
  const movement = {
    movement: 'assault_bike',
    inputs: { calories: { value: calories, unit: 'kcal' } },
    spec_overrides: { joules_per_calorie: (seconds * watts) / calories }
  }
  return {
    athlete_uuid: athlete,
    duration_seconds: seconds,
    splits: [{ duration_seconds: seconds, work: { movements: [movement] } }]
  }
}

interface Corner {
  readonly duration_seconds: number
  readonly average_power: { readonly value: number }
  readonly after: 'constant_work' | 'constant_power'
}

/** The envelope at a duration, as an answer tells it. */
function powerOn(corners: readonly Corner[], seconds: number): number {
  const last = corners.findLast(({ duration_seconds }) => duration_seconds <= seconds)
  if (last === undefined) return corners[0]!.average_power.value
  const { duration_seconds, average_power, after } = last
  return after === 'constant_power' ? average_power.value : (duration_seconds * average_power.value) / seconds
}
