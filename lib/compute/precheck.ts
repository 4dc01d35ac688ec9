import { PROBLEMS_TRUNCATED, type ProblemItem } from '../../schemas/problem.ts'
import { RESTING_CALORIES_PER_HOUR } from './laws/erg.ts'
import { DURATION_SECONDS, SPLIT_TIME_LEEWAY_SECONDS, SPLITS, TIME_TOLERANCE } from './limits.ts'
import type { Movement } from './movements/movement.ts'
import type { Plan, PlanNote, PlanSplit } from './plan.ts'
import { readAthlete, readContext, readResponseUnits, readUser } from './precheck/head.ts'
import { checkPlausibility } from './precheck/plausibility.ts'
import { Problems } from './precheck/problems.ts'
import { roundedBound } from './precheck/quantity.ts'
import { isObject, type JsonObject, readArray, readNumber } from './precheck/read.ts'
import { readSplit, type SplitTimes } from './precheck/split.ts'
import { Sum } from './sum.ts'

export type Precheck = { readonly ok: true; readonly plan: Plan } | Refused

export interface Refused {
  readonly ok: false
  /** As many as an answer may list. */
  readonly problems: ProblemItem[]
  /** The number of all problems found. */
  readonly count: number
  /** Whether the search was complete. */
  readonly isWhole: boolean
}

/**
 * Parses a compute-power body into a plan, or lists all its problems.
 *
 * The list combines the schema's problems with those of the rules. Total: any JSON value gives a plan or problems, and
 * evaluating a plan does not fail.
 * @param schemaProblems problems that the schema found
 * @param nowMs decides which dates are in the past
 */
export function precheck(body: unknown, schemaProblems: readonly ProblemItem[], nowMs: number): Precheck {
  const problems = new Problems(schemaProblems)
  if (!isObject(body)) {
    if (!problems.found) problems.add('', 'type_wrong', 'The body must be a JSON object.', body)
    return refused(problems)
  }
  const plan = readBody(problems, body, nowMs)
  // Each unreadable part has reported its problem, so a missing plan always comes with a list.
  return plan === undefined || problems.found ? refused(problems) : { ok: true, plan }
}

function refused(problems: Problems): Refused {
  const { count, isWhole } = problems
  return { ok: false, problems: problems.list(), count, isWhole }
}

/** 400 if only movement names are wrong (unknown, alias, unimplemented), otherwise 422. */
export function statusOf(problems: readonly ProblemItem[]): 400 | 422 {
  const judged = problems.filter((problem) => problem.code !== PROBLEMS_TRUNCATED)
  return judged.length > 0 && judged.every((problem) => problem.code.startsWith('movement_')) ? 400 : 422
}

function readBody(problems: Problems, body: JsonObject, nowMs: number): Plan | undefined {
  const athleteUuid = readAthlete(problems, body)
  const { context, date, scenarioLabel, title } = readContext(problems, body, nowMs)
  const durationSeconds = readNumber(problems, body, '', 'duration_seconds', DURATION_SECONDS)
  const user = readUser(problems, body)
  const units = readResponseUnits(problems, body)
  const registry = new Map<Movement, number>()
  const read = readArray(problems, body, '', 'splits', SPLITS)
  const splits: PlanSplit[] = []
  const places: number[] = []
  const times: SplitTimes[] = []
  let atRest: Set<Movement> | undefined
  for (let index = 0; read !== undefined && index < read.length; index++) {
    const base = `/splits/${index}`
    const item = read[index]
    if (!isObject(item)) {
      if (!problems.faulty('/splits', String(index)))
        problems.add(base, 'type_wrong', 'A split must be an object.', item)
      continue
    }
    const split = readSplit(problems, item, base, user, registry)
    times.push(split.times)
    if (split.atRest !== undefined) atRest = (atRest ?? new Set()).add(split.atRest)
    if (split.plan === undefined) continue
    splits.push(split.plan)
    places.push(index)
  }
  const rounded = durationSeconds === undefined ? NO_NOTES : checkTimes(problems, durationSeconds, times)
  if (user === undefined) return undefined
  const movements = [...registry.keys()]
  const judged = {
    body: user,
    splits,
    places,
    movements,
    // A rejected time is not used for averages: one mistake is one problem.
    durationSeconds: rounded !== undefined && splits.length === read?.length ? durationSeconds : undefined
  }
  const extraordinary = checkPlausibility(problems, judged)
  if (athleteUuid === undefined || context === undefined || durationSeconds === undefined) return undefined
  return {
    athleteUuid,
    context,
    date,
    scenarioLabel,
    title,
    heightM: user.heightM,
    bodyMassKg: user.massKg,
    ageYears: user.ageYears,
    sex: user.sex,
    durationSeconds,
    splits,
    movements,
    notes: [...user.notes, ...(rounded ?? NO_NOTES), ...atRestNotes(atRest), ...extraordinary],
    workUnit: units.workUnit,
    powerUnit: units.powerUnit
  }
}

const NO_NOTES: readonly PlanNote[] = []

/**
 * Times read to the second may exceed the elapsed time by half a second per split, with a note.
 * @returns undefined if the elapsed time is rejected
 */
function checkTimes(
  problems: Problems,
  durationSeconds: number,
  times: readonly SplitTimes[]
): readonly PlanNote[] | undefined {
  const attributed = new Sum()
  for (const { durationSeconds: active, restSeconds } of times) {
    attributed.add(active)
    attributed.add(restSeconds)
  }
  if (attributed.value <= durationSeconds * (1 + TIME_TOLERANCE)) return NO_NOTES
  const rounded = roundedBound(attributed.value, 'up')
  const leeway = SPLIT_TIME_LEEWAY_SECONDS * times.length
  const least = Math.max(DURATION_SECONDS.min, roundedBound(attributed.value - leeway, 'up'))
  if (durationSeconds < least) {
    const detail = `Active and rest times add up to ${rounded} s, more than the ${durationSeconds} s of the session plus the half second that each split may be off by.`
    problems.add('/duration_seconds', 'times_exceed_duration', detail, durationSeconds, {
      allowed: [least, DURATION_SECONDS.max]
    })
    return undefined
  }
  const message = `Active and rest times add up to ${rounded} s, more than the ${durationSeconds} s of the session; up to half a second per split is treated as rounding.`
  return [{ code: 'split_times_rounded', message }]
}

function atRestNotes(movements: ReadonlySet<Movement> | undefined): readonly PlanNote[] {
  if (movements === undefined) return NO_NOTES
  const names = [...movements].map(({ name }) => name).join(', ')
  const message = `In at least one split the calories of ${names} are no more than the display adds at rest (${RESTING_CALORIES_PER_HOUR} an hour); the work there is 0 J, the limit of the law.`
  return [{ code: 'erg_calories_at_rest', message }]
}
