/**
 * Public reports of users of other programs of this kind, tried here: `test/vectors/reports.json` has who reported what,
 * and the request; each case has its right answer here, or names the test that holds it.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { MOVEMENTS } from '../../lib/compute/catalogue.ts'
import { movementsDocument } from '../../lib/compute/document.ts'
import { findName } from '../../lib/compute/names/find-name.ts'
import { confidenceOf } from '../../lib/compute/uncertainty.ts'
import { measured } from '../lib/compute/helpers.ts'
import { ask, buy, startApp, workout } from '../support/purchase.ts'

interface Report {
  readonly sources: readonly string[]
  readonly saw: string
  readonly body?: Record<string, unknown>
  readonly names?: Readonly<Record<string, string>>
}
const reports: Record<string, Report> = JSON.parse(
  readFileSync(new URL('../vectors/reports.json', import.meta.url), 'utf8')
)
const ATHLETE = '22222222-2222-4222-8222-222222222222'
const FIRST = '/splits/0/work/movements/0'

type Body = Record<string, unknown>
const bodyOf = (id: string): Body => ({ athlete_uuid: ATHLETE, ...reports[id]!.body })
/** The one line of a report's workout, with other inputs. */
const withInputs = (id: string, inputs: Body): Body => {
  const body = structuredClone(bodyOf(id)) as { splits: { work: { movements: Body[] } }[] } & Body
  Object.assign(body.splits[0]!.work.movements[0]!, { inputs })
  return body
}

/** Refused for free, with these problems at least. */
async function isRefused(t: Test, app: FastifyInstance, body: Body, ...problems: Body[]) {
  const answer = await ask(app, body)
  t.equal(answer.statusCode, 422)
  t.match(answer.json().errors, problems)
  return answer.json().errors as Body[]
}

/** Would be computed. @returns the answer that would be bought */
async function isSold(t: Test, app: FastifyInstance, body: Body) {
  t.equal((await ask(app, body)).statusCode, 402)
  return measured(body)
}

const codesOf = ({ notes }: { notes: readonly { code: string }[] }) => notes.map(({ code }) => code)
const get = (app: FastifyInstance, url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })

const CASES: Record<string, (t: Test, app: FastifyInstance, id: string) => Promise<unknown>> = {
  async 'names-open'(t, app, id) {
    const names = Object.entries(reports[id]!.names!)
    const places: number[] = []
    for (const [written, wanted] of names) {
      const line = { movement: written, reps: 1 }
      const splits = [{ duration_seconds: 60, work: { movements: [line] } }]
      const { nearest = [] } = (await ask(app, workout({ splits }))).json().errors[0]
      places.push(nearest.indexOf(wanted))
      if (!nearest.includes(wanted)) t.comment(`not found: ${written}`)
    }
    const share = (found: number[]) => found.length / names.length
    const amongThree = share(places.filter((place) => place >= 0))
    t.comment(`${names.length} names: ${share(places.filter((place) => place === 0)).toFixed(3)} first,`)
    t.comment(`${amongThree.toFixed(3)} among three`)
    t.ok(amongThree >= 0.95)
    t.strictSame(findName('qwertz').nearest, [], 'where nothing is near, nothing is suggested')
  },
  async 'filter-unknown'(t, app) {
    const url = `/v1/athletes/${ATHLETE}/workouts?movement=push-ups`
    const answer = await get(app, url)
    t.equal(answer.statusCode, 422)
    t.match(answer.json().errors, [{ pointer: 'query:movement', code: 'movement_alias', nearest: ['push_up'] }])
    const words = ['movement=zzz', 'format=excel', 'sort=up', 'performed_from=15.01.2026', 'include=revision']
    for (const word of words)
      t.equal((await get(app, `/v1/athletes/${ATHLETE}/workouts?${word}`)).statusCode, 422, word)
  },
  'unknown-input-foreign-unit': (t, app, id) =>
    isRefused(t, app, bodyOf(id), { pointer: `${FIRST}/inputs/time`, code: 'input_unknown' }),
  async 'date-wording'(t, app, id) {
    const [problem] = await isRefused(t, app, bodyOf(id), { pointer: '/performed_date' })
    t.match(problem!.detail, /^`performed_date` must be [^.]*2026-02-28\.$/)
    t.notMatch(problem!.detail, /[Rr]equired|forbidden/, 'no word of what else the field is for')
  },
  async 'sigma-display'(t, app, id) {
    const { value, uncertainty } = (await isSold(t, app, bodyOf(id))).results.session.total_work
    t.ok(Math.abs(value - 6537.7) < 0.1)
    t.ok(uncertainty >= 300, `${uncertainty} J`)
  },
  async 'sigma-class'(t, app, id) {
    const { results } = await isSold(t, app, bodyOf(id))
    t.ok(results.session.total_work.uncertainty > 0)
    const entries = Object.entries(movementsDocument())
    for (const [name, { confidence, example }] of entries)
      t.equal(confidence, confidenceOf(example.work.value, example.work.uncertainty), name)
    t.equal(entries.length, MOVEMENTS.size)
  },
  async 'erg-low-minute'(t, app, id) {
    const answer = await isSold(t, app, bodyOf(id))
    const { value, uncertainty } = answer.results.session.total_work
    t.strictSame([value, uncertainty > 0, codesOf(answer).includes('erg_calories_at_rest')], [0, true, true])
  },
  async 'nothing-done'(t, app, id) {
    const { splits } = (await isSold(t, app, bodyOf(id))).results
    t.strictSame([splits[1]!.total_work.value, splits[1]!.duration_seconds], [0, 60])
  },
  'row-km': (t, app, id) => isSold(t, app, bodyOf(id)),
  async 'load-record'(t, app, id) {
    await isSold(t, app, bodyOf(id))
    t.ok(movementsDocument().farmers_carry!.inputs.external_load!.maximum_si >= 710, 'a yoke of 710 kg was carried')
  },
  children: (t, app, id) =>
    isRefused(t, app, bodyOf(id), { pointer: '/user/height/value', allowed: [1.2, 2.3] }, { allowed: [30, 250] }),
  async assisted(t, app, id) {
    await isRefused(t, app, bodyOf(id), { pointer: `${FIRST}/inputs/external_load/value`, code: 'out_of_range' })
    const { splits } = (await isSold(t, app, withInputs(id, { assistance_load: { value: 20, unit: 'kg' } }))).results
    t.match(splits[0]!.movements[0], { total_load: { value: -20, unit: 'kg' } })
  },
  async 'per-hand'(t, app, id) {
    const loadOf = async (body: Body) => (await isSold(t, app, body)).results.splits[0]!.movements[0]!
    const total = (kg: number) => ({ total_load: { value: kg, unit: 'kg' } })
    t.match(await loadOf(bodyOf(id)), total(50 * 0.45359237), 'the answer says what it took')
    const both = await loadOf(withInputs(id, { external_load: { value: 100, unit: 'lb' } }))
    t.match(both, total(100 * 0.45359237))
    t.ok(Math.abs(both.work.value - 19246) < 20)
  },
  async 'feet-decimal'(t, app, id) {
    const noted = await isSold(t, app, bodyOf(id))
    t.ok(codesOf(noted).includes('height_feet_decimal'))
    const user = { ...(bodyOf(id).user as Body), height: { feet: 5, inches: 10 } }
    const meant = await isSold(t, app, { ...bodyOf(id), user })
    t.ok(meant.results.session.total_work.value / noted.results.session.total_work.value > 1.12)
    const free = await ask(app, bodyOf(id), undefined, { url: '/v1/validate' })
    t.ok(codesOf(free.json()).includes('height_feet_decimal'), 'said before payment')
  },
  comma: (t, app, id) => isRefused(t, app, bodyOf(id), { pointer: '/user/body_mass/value', code: 'type_wrong' }),
  // Five laps of 83.6 s, each shown as 84: half a second a split is what watches round, so it is noted and taken.
  async 'laps-rounded'(t, app, id) {
    t.ok(codesOf(await isSold(t, app, bodyOf(id))).includes('split_times_rounded'))
    const longer = { ...bodyOf(id), duration_seconds: 417 }
    await isRefused(t, app, longer, { code: 'times_exceed_duration', allowed: [417.5, 2678400] })
  },
  'weighted-dip': (t, app, id) => isSold(t, app, bodyOf(id)),
  async 'csv-name'(t, app) {
    const url = `/v1/athletes/${ATHLETE}/workouts?format=csv`
    const { headers } = await get(app, url, { origin: 'https://app.example' })
    t.match(String(headers['access-control-expose-headers']), /\bcontent-disposition\b/i)
  },
  'etag-gzip': (t, app) => isKnown(t, app, (tag) => tag.replace(/"$/, '-gzip"')),
  'etag-weak': (t, app) => isKnown(t, app, (tag) => `W/${tag}`),
  async bom(t, app) {
    const text = JSON.stringify(workout())
    t.equal((await ask(app, `\ufeff${text}`)).statusCode, 402)
    for (const type of ['application/json; utf-8', 'application/json;charset=UTF-8', 'Application/JSON'])
      t.equal((await ask(app, text, undefined, { headers: { 'content-type': type } })).statusCode, 402, type)
  },
  async nullable(t, app) {
    t.notMatch((await get(app, '/openapi.json')).body, /"nullable"/)
  },
  async twice(t, app) {
    const body = workout()
    const { workout_id: id } = (await buy(app, body)).json()
    const duplicate = [{ code: 'possible_duplicate', workout_id: id }]
    const free = (await ask(app, body, undefined, { url: '/v1/validate' })).json()
    const sold = (await buy(app, body)).json()
    for (const { notes } of [free, sold])
      t.match(
        notes.filter(({ code }: { code: string }) => code === 'possible_duplicate'),
        duplicate
      )
  },
  async 'csv-formula'(t, app) {
    const { splits } = workout() as { splits: Body[] }
    const athlete = randomUUID()
    const labelled = splits.map((split) => ({ ...split, label: '=cmd|x!A1' }))
    const body = workout({ athlete_uuid: athlete, title: '@SUM(A1)', splits: labelled })
    await buy(app, body)
    const { body: text } = await get(app, `/v1/athletes/${athlete}/workouts?format=csv`)
    t.match(text, /,'@SUM\(A1\),.*,'=cmd\|x!A1 \| =cmd\|x!A1,/)
  }
}

async function isKnown(t: Test, app: FastifyInstance, changed: (tag: string) => string): Promise<void> {
  const { etag } = (await get(app, '/v1/movements')).headers
  t.equal((await get(app, '/v1/movements', { 'if-none-match': changed(String(etag)) })).statusCode, 304)
}

/** What other tests hold, by file and name. */
const ELSEWHERE: Record<string, [file: string, name: string]> = {
  'same-date-paging': ['app/history/reading.test.ts', 'paging is stable while workouts are added, revised and voided'],
  'cp-longer-stronger': ['lib/curve/curve.test.ts', 'critical power is null with a reason if there is no fit'],
  lsat: ['app/proofs.test.ts', 'the spellings that clients use are read'],
  bind: ['app/billing.test.ts', 'fifty copies at once are one execution'],
  spam: ['app/billing.test.ts', 'too many challenges: 429, and free failures do not count'],
  'pool-rows': [
    'lib/lightning/invoice-pool.test.ts',
    'a burst of 500: everybody is served, and few invoices are left over'
  ],
  'already-paid': ['lib/l402/l402-rail.test.ts', 'a paid challenge is not offered again; an unproven one is'],
  'erasure-proof': ['app/history/privacy.test.ts', 'erasing: the records and their answers go, the books stay']
}

t.test('every report has its case', async (t) => {
  t.strictSame(Object.keys(reports).sort(), [...Object.keys(CASES), ...Object.keys(ELSEWHERE)].sort())
  for (const [id, [file, name]] of Object.entries(ELSEWHERE))
    t.ok(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').includes(`'${name}'`), `${id}: ${file}: ${name}`)
})

for (const [id, judge] of Object.entries(CASES))
  t.test(`${id}: ${reports[id]?.saw}`, async (t) => {
    await judge(t, await startApp(t), id)
  })
