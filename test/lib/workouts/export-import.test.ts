import t, { type Test } from 'tap'
import { figuresOf } from '../../../lib/curve/figures.ts'
import { exportRecords, importRecords } from '../../../lib/workouts/export-import.ts'
import { ImportRefused } from '../../../lib/workouts/record-line.ts'
import type { WorkoutDatabase } from '../../../lib/workouts/workout-database.ts'
import { WorkoutStore } from '../../../lib/workouts/workout-store.ts'
import { computePowerAnswerExample } from '../../../schemas/compute-power.ts'
import { type Engine, onEachEngine } from '../../support/engines.ts'
import { ATHLETE_KEY, claim, NOW_MS, openAt, record, request } from '../ledger/helpers.ts'

const OTHER_KEY = Buffer.alloc(32, 8)

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const row of rows) list.push(row)
  return list
}

/** A place with an athlete's history: `count` workouts, some revised, some voided, in an order of their own. */
async function makeHistory(t: Test, engine: Engine, count: number) {
  let now = NOW_MS
  const { database, ledger } = await openAt(t, await engine.makePlace(t), () => now++)
  const store = new WorkoutStore(database, () => now++)
  let purchases = 0
  const add = async (workout: number, revision: number, supersedes?: { revisionId: string; reason?: string }) => {
    const ids = { workoutId: `w${workout}`, revisionId: `w${workout}r${revision}` }
    const performedDate = `2026-0${1 + (workout % 3)}-15`
    // Some have a name, and labels on their splits.
    const isNamed = workout % 2 === 0
    const { results } = computePowerAnswerExample
    const splits = results.splits.map((split, index) => (isNamed && index > 0 ? { ...split, label: '=x' } : split))
    const answer = {
      ...computePowerAnswerExample,
      results: { ...results, splits },
      workout_id: ids.workoutId,
      revision_id: ids.revisionId
    }
    const title = isNamed ? `Fran ${revision}` : undefined
    const figures = figuresOf(ids.workoutId, performedDate, answer as never, title)
    const body = JSON.stringify(answer)
    const held = await claim(ledger, request(`${++purchases}`))
    const stored = record('', {
      ...ids,
      performedDate,
      figures,
      ...(isNamed && { labels: ['', '=x'], requestJson: JSON.stringify({ title }) }),
      ...(supersedes && { supersedes })
    })
    await ledger.capture(held, { status: 200, body }, stored)
  }
  for (let workout = 0; workout < count; workout++) await add(workout, 1)
  for (let workout = 0; workout < count; workout += 3)
    await add(workout, 2, { revisionId: `w${workout}r1`, reason: 'é "quoted" \0' })
  for (let workout = 0; workout < count; workout += 6) await add(workout, 3, { revisionId: `w${workout}r2` })
  for (let workout = 0; workout < count; workout += 4) {
    const { revisionId } = (await store.state(ATHLETE_KEY, `w${workout}`))!
    await store.voidWorkout(ATHLETE_KEY, `w${workout}`, revisionId, workout === 0 ? 'twice' : undefined)
  }
  return { database, store }
}

async function seen(database: WorkoutDatabase, athleteKey = ATHLETE_KEY) {
  const store = new WorkoutStore(database, () => NOW_MS)
  const { workouts } = await store.list(athleteKey, {}, 1000)
  const { figures, voidedWorkoutIds } = await store.changesSince(athleteKey, undefined)
  const trails = await Promise.all(workouts.map(({ workoutId }) => store.revisions(athleteKey, workoutId)))
  const voided = await store.revisions(athleteKey, 'w0')
  const byId = [...figures].sort((a, b) => (a.workoutId < b.workoutId ? -1 : 1))
  return { workouts, figures: byId, voidedWorkoutIds, trails, voided }
}

await onEachEngine(t, (t, engine) => {
  t.test('out and in again: everything is as it was, and in lists where it was', async (t) => {
    const { database, store } = await makeHistory(t, engine, 30)
    const lines = await all(exportRecords(database, ATHLETE_KEY))
    t.equal(lines.length, 30 + 10 + 5)
    t.notOk(
      lines.some((line) => line.includes(ATHLETE_KEY.toString('hex'))),
      'a file names no athlete'
    )
    const place = await engine.makePlace(t)
    const { database: empty } = await openAt(t, place)
    t.same(await importRecords(empty, ATHLETE_KEY, lines), { imported: 45, alreadyThere: 0 })
    t.same(await all(exportRecords(empty, ATHLETE_KEY)), lines)
    t.same(await seen(empty), await seen(database))
    const ends = await place.rows(
      `SELECT r.revision_id FROM revisions r LEFT JOIN revisions n ON n.supersedes_revision_id = r.revision_id
        WHERE r.state = 'superseded' AND r.ended_sequence <> n.sequence`
    )
    t.same(ends, [], 'a revision ends where the next one begins')
    t.same(await importRecords(empty, ATHLETE_KEY, lines), { imported: 0, alreadyThere: 45 }, 'again')
    t.same(await all(exportRecords(empty, ATHLETE_KEY)), lines)
    const backwards = lines.filter((line) => /"(w1|w2)"/.test(line)).reverse()
    t.same(await importRecords(empty, ATHLETE_KEY, backwards), { imported: 0, alreadyThere: 2 })
    await store.erase(ATHLETE_KEY)
    t.same(await all(exportRecords(database, ATHLETE_KEY)), [])
    t.same(await importRecords(database, ATHLETE_KEY, ['', ...lines, ' ']), { imported: 45, alreadyThere: 0 })
    t.same(await seen(database), await seen(empty))
    const changed = new WorkoutStore(empty, () => NOW_MS)
    const open = (await changed.list(ATHLETE_KEY, {}, 1)).workouts[0]!
    t.match(await changed.voidWorkout(ATHLETE_KEY, open.workoutId, open.revisionId, undefined), { kind: 'voided' })
  })

  t.test('more than one page and one transaction', async (t) => {
    const { database } = await makeHistory(t, engine, 450)
    const lines = await all(exportRecords(database, ATHLETE_KEY))
    const { database: empty } = await openAt(t, await engine.makePlace(t))
    t.same(await importRecords(empty, OTHER_KEY, lines), { imported: lines.length, alreadyThere: 0 })
    t.same(await all(exportRecords(empty, OTHER_KEY)), lines)
    t.same(await all(exportRecords(empty, ATHLETE_KEY)), [])
  })

  t.test('refused: nothing of the file is taken', async (t) => {
    const { database } = await makeHistory(t, engine, 7)
    const lines = await all(exportRecords(database, ATHLETE_KEY))
    const parts = lines.map((line) => JSON.parse(line))
    const with_ = (index: number, change: object) =>
      parts.map((part, i) => JSON.stringify(i === index ? { ...part, ...change } : part))
    // w0 has three revisions and is voided, w1 one.
    const answerOf = (change: object) => JSON.stringify({ ...JSON.parse(parts[3].answer), ...change })
    const cases: [name: string, lines: string[], line: number, RegExp][] = [
      ['no JSON', [...lines, '{'], lines.length + 1, /not a JSON object/],
      ['no object', ['[]', ...lines], 1, /not a JSON object/],
      ['an unknown field', with_(3, { athlete: 1 }), 4, /unknown field: athlete/],
      ['a field missing', with_(3, { request: undefined }), 4, /request is missing/],
      ['a strange id', with_(3, { workout_id: 'w\u00001' }), 4, /workout_id/],
      ['a strange state', with_(3, { state: 'lost' }), 4, /state/],
      ['a strange date', with_(3, { performed_date: '15.01.2026' }), 4, /performed_date/],
      ['a strange time', with_(3, { created_at_ms: -1 }), 4, /created_at_ms/],
      ['an end that is not', with_(3, { ended_at_ms: 1 }), 4, /ended_at_ms/],
      ['a request that is no JSON', with_(3, { request: '{' }), 4, /request/],
      ['half a surrogate pair', with_(3, { request: '{"a":"\ud800"}' }), 4, /request/],
      ["another revision's answer", with_(3, { answer: answerOf({ revision_id: 'w9' }) }), 4, /another revision/],
      ['an answer without results', with_(3, { answer: answerOf({ results: {} }) }), 4, /no results/],
      ['the first revision missing', lines.slice(1), 1, /does not supersede/],
      ['the last revision missing', [...lines.slice(0, 2), ...lines.slice(3)], 2, /is missing/],
      ['a revision twice', [...lines, lines[3]!], lines.length + 1, /occurs twice/],
      ['two canonical ones', with_(0, { state: 'canonical', ended_at_ms: undefined }), 1, /must be superseded/]
    ]
    const { database: empty } = await openAt(t, await engine.makePlace(t))
    for (const [name, file, line, message] of cases)
      await t.rejects(importRecords(empty, ATHLETE_KEY, file), { name: 'ImportRefused', line, message }, name)
    t.same(await all(exportRecords(empty, ATHLETE_KEY)), [])

    await importRecords(empty, ATHLETE_KEY, lines)
    const conflicts: [name: string, lines: string[], Buffer][] = [
      ['of another athlete', lines, OTHER_KEY],
      ['with another reason', with_(1, { reason: 'other' }), ATHLETE_KEY],
      ['with another day', with_(3, { performed_date: '2026-12-31' }), ATHLETE_KEY],
      [
        'with a revision of another workout',
        with_(3, { workout_id: 'new', answer: answerOf({ workout_id: 'new' }) }).slice(3),
        ATHLETE_KEY
      ]
    ]
    for (const [name, file, key] of conflicts) {
      const fresh = JSON.stringify({
        ...parts[3],
        workout_id: 'fresh',
        revision_id: 'fresh',
        answer: answerOf({ workout_id: 'fresh', revision_id: 'fresh' })
      })
      await t.rejects(importRecords(empty, key, [fresh, ...file]), ImportRefused, name)
    }
    t.same(await all(exportRecords(empty, ATHLETE_KEY)), lines)
    t.same(await all(exportRecords(empty, OTHER_KEY)), [])
  })
})
