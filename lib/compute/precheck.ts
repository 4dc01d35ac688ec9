import { PROBLEMS_TRUNCATED, type ProblemItem } from '../../schemas/problem.ts'
import { DURATION_SECONDS, SPLITS, TIME_TOLERANCE } from './limits.ts'
import type { Movement } from './movements/movement.ts'
import type { Plan, PlanSplit } from './plan.ts'
import { readAthlete, readContext, readResponseUnits, readUser } from './precheck/head.ts'
import { Problems } from './precheck/problems.ts'
import { isObject, type JsonObject, readArray, readNumber } from './precheck/read.ts'
import { readSplit, type SplitTimes } from './precheck/split.ts'
import { Sum } from './sum.ts'

export type Precheck = { readonly ok: true; readonly plan: Plan } | Refused

export interface Refused {
  readonly ok: false
  /** As many as an answer may hold. */
  readonly problems: ProblemItem[]
  /** Of all that were found. */
  readonly count: number
  /** Whether everything was looked for. */
  readonly isWhole: boolean
}

/**
 * Reads a compute-power body into a plan, or lists everything that is wrong with it.
 *
 * `schemaProblems` are what the schema found; every place that they do not touch is still read, so one answer tells
 * all. Total: any JSON value gives a plan or problems, and a plan can not fail to evaluate.
 */
export function precheck(body: unknown, schemaProblems: readonly ProblemItem[]): Precheck {
  const problems = new Problems(schemaProblems)
  if (!isObject(body)) {
    if (!problems.found) problems.add('', 'type_wrong', 'The body must be a JSON object.', body)
    return refused(problems)
  }
  const plan = problems.hasFaults && problems.blocked('') ? undefined : readBody(problems, body)
  // Each undefined part has told its problem, so a missing plan always comes with a list.
  return plan === undefined || problems.found ? refused(problems) : { ok: true, plan }
}

function refused(problems: Problems): Refused {
  const { count, isWhole } = problems
  return { ok: false, problems: problems.list(), count, isWhole }
}

/** 400 when only movement names are wrong (unknown, alias, unimplemented), else 422. */
export function statusOf(problems: readonly ProblemItem[]): 400 | 422 {
  const judged = problems.filter((problem) => problem.code !== PROBLEMS_TRUNCATED)
  return judged.length > 0 && judged.every((problem) => problem.code.startsWith('movement_')) ? 400 : 422
}

function readBody(problems: Problems, body: JsonObject): Plan | undefined {
  const athleteUuid = readAthlete(problems, body)
  const { context, date, scenarioLabel } = readContext(problems, body)
  const durationSeconds = readNumber(problems, body, '', 'duration_seconds', DURATION_SECONDS)
  const user = readUser(problems, body)
  const units = readResponseUnits(problems, body)
  const registry = new Map<Movement, number>()
  const read = readArray(problems, body, '', 'splits', SPLITS)
  const splits: PlanSplit[] = []
  const times: SplitTimes[] = []
  for (let index = 0; read !== undefined && index < read.length; index++) {
    const base = `/splits/${index}`
    const item = read[index]
    if (problems.hasFaults && problems.blocked(base)) continue
    if (!isObject(item)) {
      problems.add(base, 'type_wrong', 'A split must be an object.', item)
      continue
    }
    const split = readSplit(problems, item, base, user, registry)
    if (split.times !== undefined) times.push(split.times)
    if (split.plan !== undefined) splits.push(split.plan)
  }
  if (durationSeconds !== undefined && times.length === read?.length) checkTimes(problems, durationSeconds, times)
  if (athleteUuid === undefined || context === undefined || durationSeconds === undefined || user === undefined) {
    return undefined
  }
  return {
    athleteUuid,
    context,
    date,
    scenarioLabel,
    heightM: user.heightM,
    bodyMassKg: user.massKg,
    ageYears: user.ageYears,
    sex: user.sex,
    durationSeconds,
    splits,
    movements: [...registry.keys()],
    workUnit: units.workUnit,
    powerUnit: units.powerUnit
  }
}

function checkTimes(problems: Problems, durationSeconds: number, times: readonly SplitTimes[]): void {
  const attributed = new Sum()
  for (const { durationSeconds: active, restSeconds } of times) {
    attributed.add(active)
    attributed.add(restSeconds)
  }
  if (attributed.value <= durationSeconds * (1 + TIME_TOLERANCE)) return
  const detail = `Active and rest times make ${attributed.value} s, more than the ${durationSeconds} s of the session.`
  problems.add('/duration_seconds', 'times_exceed_duration', detail, durationSeconds)
}
