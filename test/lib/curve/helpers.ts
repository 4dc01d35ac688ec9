import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { curveAnswer } from '../../../lib/curve/curve-answer.ts'
import { CurveHistory } from '../../../lib/curve/curve-history.ts'
import type { SplitFigures, WorkoutFigures } from '../../../lib/curve/figures.ts'
import type { Window } from '../../../lib/curve/hyperbola.ts'
import type { ModalityMix } from '../../../lib/curve/modality.ts'
import { frontOf } from '../../../lib/curve/pareto-front.ts'
import { type Sample, samplesOf } from '../../../lib/curve/sample.ts'
import { CurveAnswer } from '../../../schemas/curve.ts'
import { NAMING_KEYWORDS } from '../../../schemas/naming.ts'

export const TODAY = '2026-06-30'
export const QUERY = { from_seconds: 10, to_seconds: 3600 }
export const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/curve/envelope.json', import.meta.url), 'utf8')
) as typeof import('../../vectors/curve/envelope.json')

export const isAnswer = new Ajv({
  allErrors: true,
  strict: true,
  keywords: NAMING_KEYWORDS,
  allowUnionTypes: true
}).compile(CurveAnswer)

/** Sigma as a share of the work, all from one movement. */
const SIGMA = 0.04
const MOVEMENTS: Readonly<Record<ModalityMix, string>> = {
  weightlifting: 'thruster',
  gymnastics: 'pull_up',
  cardiovascular: 'row',
  mixed: 'burpee'
}

export function split(
  activeSeconds: number,
  workJ: number,
  modality: ModalityMix = 'weightlifting',
  restAfterSeconds = 0
): SplitFigures {
  return { activeSeconds, restAfterSeconds, workJ, sigmasJ: { [MOVEMENTS[modality]]: SIGMA * workJ }, modality }
}

/** A workout of the given splits; `unclaimedSeconds` are neither active nor rest. */
export function workout(
  workoutId: string,
  splits: readonly SplitFigures[],
  performedDate = '2026-06-01',
  unclaimedSeconds = 0
): WorkoutFigures {
  const sigmasJ: Record<string, number> = {}
  let durationSeconds = unclaimedSeconds
  let workJ = 0
  for (const one of splits) {
    durationSeconds += one.activeSeconds + one.restAfterSeconds
    workJ += one.workJ
    for (const [movement, sigma] of Object.entries(one.sigmasJ)) sigmasJ[movement] = (sigmasJ[movement] ?? 0) + sigma
  }
  return { workoutId, performedDate, session: { durationSeconds, workJ, sigmasJ }, splits }
}

/** One effort of a mean power over some time, alone in its workout. */
export function effort(seconds: number, watts: number, modality: ModalityMix = 'weightlifting', date?: string) {
  return workout(`${modality}-${seconds}-${watts}`, [split(seconds, seconds * watts, modality)], date)
}

export function historyOf(workouts: readonly WorkoutFigures[]): CurveHistory {
  const history = new CurveHistory()
  for (const one of workouts) history.set(one)
  return history
}

export function answerTo(workouts: readonly WorkoutFigures[], query: Partial<Parameters<typeof curveAnswer>[1]> = {}) {
  return curveAnswer(historyOf(workouts), { ...QUERY, ...query }, TODAY)
}

export function frontOfAll(workouts: readonly WorkoutFigures[]) {
  return frontOf(workouts.flatMap(samplesOf))
}

/** The contract's definition, over all samples: the maximum of what each proves at a duration. */
export function provedAt(samples: readonly Sample[], seconds: number): number {
  return samples.reduce((highest, { durationSeconds, workJ }) => {
    const watts = workJ / durationSeconds
    return Math.max(highest, seconds >= durationSeconds ? (watts * durationSeconds) / seconds : watts)
  }, 0)
}

/** The area by another method: between neighbouring durations, the most work before or the best power after. */
export function provedArea(samples: readonly Sample[], { fromSeconds, toSeconds }: Window): number {
  const inside = samples.map(({ durationSeconds }) => durationSeconds).filter((s) => s > fromSeconds && s < toSeconds)
  const edges = [...new Set([fromSeconds, ...inside, toSeconds])].sort((one, other) => one - other)
  let area = 0
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const to = edges[index + 1]!
    const work = samples.reduce((most, s) => (s.durationSeconds <= from ? Math.max(most, s.workJ) : most), 0)
    const power = samples.reduce((most, s) => (s.durationSeconds >= to ? Math.max(most, s.powerW) : most), 0)
    const meeting = power === 0 ? to : Math.min(Math.max(work / power, from), to)
    area += work * Math.log(meeting / from) + power * (to - meeting)
  }
  return area
}

const anyModality = fc.constantFrom<ModalityMix>('weightlifting', 'gymnastics', 'cardiovascular', 'mixed')
/** A few round values, so that durations, work and powers are often equal, and any others. */
const anySeconds = fc.oneof(
  fc.constantFrom(10, 30, 60, 120, 1e6),
  fc.double({ min: -3, max: 6, noNaN: true }).map((power) => 10 ** power)
)
const anyJoules = fc.oneof(fc.constantFrom(0, 5e-324, 3000, 6000, 12_000), fc.double({ min: 0, max: 1e6, noNaN: true }))
const anyRest = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 300, noNaN: true }))
const anySplit = fc
  .tuple(anySeconds, anyJoules, anyModality, anyRest)
  .map(([seconds, joules, modality, rest]) => split(seconds, joules, modality, rest))
/** Dates within about half a year of today. */
const anyDate = fc
  .integer({ min: -200, max: 5 })
  .map((days) => new Date(Date.parse(TODAY) + days * 86_400_000).toISOString().slice(0, 10))

export const anyWorkout = fc
  .tuple(fc.nat({ max: 40 }), fc.array(anySplit, { minLength: 1, maxLength: 6 }), anyDate, anyRest)
  .map(([id, splits, date, unclaimed]) => workout(`w${id}`, splits, date, unclaimed))

/** Workouts with distinct ids. */
export const anyWorkouts = fc.uniqueArray(anyWorkout, { maxLength: 12, selector: ({ workoutId }) => workoutId })

/** Every number of an answer, with its path. */
export function* numbersOf(value: unknown, path = ''): Generator<[string, number]> {
  if (typeof value === 'number') yield [path, value]
  if (typeof value !== 'object' || value === null) return
  for (const [key, one] of Object.entries(value)) yield* numbersOf(one, `${path}/${key}`)
}

/** Relative difference; 0 and 0 do not differ. */
export function apart(found: number, wanted: number): number {
  return found === wanted ? 0 : Math.abs(found - wanted) / Math.abs(wanted)
}
