import { type LineMeasure, measure } from '../evaluate/measure.ts'
import { type Body, emptySlopes } from '../laws/law.ts'
import type { Movement } from '../movements/movement.ts'
import type { PlanNote, PlanSplit } from '../plan.ts'
import { boundFactor, powerBoundW, powerFloorW } from '../power-bound.ts'
import type { Problems } from './problems.ts'

/** Above this fraction of the bound a power is accepted with a note: the best on record lie there. */
const EXTRAORDINARY = 2 / 3
/** Relative rounding difference of a sum in another order. */
const ROUNDING = 1e-9
const NONE: readonly PlanNote[] = []

/** The readable part of a workout, enough to judge its power whatever else is wrong with the request. */
export interface Judged {
  readonly body: Body
  readonly splits: readonly PlanSplit[]
  /** The index in the request of each of these splits. */
  readonly places: readonly number[]
  readonly movements: readonly Movement[]
  /** Elapsed time; undefined if it or a split is invalid. */
  readonly durationSeconds: number | undefined
}

/** Rejects work that nobody has done in the given time, per split and per session; notes what comes close. */
export function checkPlausibility(problems: Problems, judged: Judged): readonly PlanNote[] {
  if (isOrdinary(judged)) return NONE
  const { body, splits, places, durationSeconds } = judged
  const measurement = measure({ ...judged, heightM: body.heightM, bodyMassKg: body.massKg })
  const extraordinary: string[] = []
  let acceptedJ = 0
  let acceptedFactorJ = 0
  splits.forEach((split, index) => {
    const { workJ, lines } = measurement.splits[index]!
    const factorJ = boundedJ(split, lines)
    const boundW = powerBoundW(split.durationSeconds, body.massKg) * (workJ > 0 ? factorJ / workJ : 1)
    const powerW = workJ / split.durationSeconds
    const place = places[index]!
    acceptedJ += Math.min(workJ, boundW * split.durationSeconds)
    acceptedFactorJ += factorJ
    if (powerW > boundW) refuse(problems, `/splits/${place}`, `Split ${place}`, powerW, boundW, split.durationSeconds)
    else if (powerW > EXTRAORDINARY * boundW) extraordinary.push(`split ${place}`)
  })
  if (durationSeconds !== undefined) {
    const factor = measurement.workJ > 0 ? acceptedFactorJ / measurement.workJ : 1
    const boundW = powerBoundW(durationSeconds, body.massKg) * factor
    const powerW = measurement.workJ / durationSeconds
    // Implausible for the session even if every split is within its own bound.
    if (acceptedJ > boundW * durationSeconds * (1 + ROUNDING))
      refuse(problems, '', 'The session', powerW, boundW, durationSeconds)
    else if (powerW > EXTRAORDINARY * boundW) extraordinary.push('the session')
  }
  return extraordinary.length === 0 ? NONE : [noteOf(extraordinary)]
}

/** One object for all: only the joules are of interest. */
const slopes = emptySlopes()

/** Whether all powers are far below the bound. Most are, and then no uncertainty is needed. */
function isOrdinary({ body, splits, durationSeconds }: Judged): boolean {
  let totalJ = 0
  for (const { entries, durationSeconds: seconds } of splits) {
    let workJ = 0
    for (const { movement, reps, inputs, coefficients, secondsPerRep } of entries)
      workJ += reps * movement.law.work(body, inputs, coefficients, slopes, secondsPerRep)
    if (workJ > EXTRAORDINARY * powerFloorW(seconds, body.massKg) * seconds) return false
    totalJ += workJ
  }
  if (durationSeconds === undefined) return true
  return totalJ <= EXTRAORDINARY * powerFloorW(durationSeconds, body.massKg) * durationSeconds
}

/**
 * The work of a split with each line multiplied by the factor of its bound; divided by the work, it is the
 * work-weighted mean.
 */
function boundedJ({ entries }: PlanSplit, lines: readonly LineMeasure[]): number {
  let boundedJ = 0
  entries.forEach(({ movement: { law } }, line) => {
    const { workJ, sigmaJ } = lines[line]!
    boundedJ += workJ * boundFactor(law.basis, workJ > 0 ? sigmaJ / workJ : 0)
  })
  return boundedJ
}

function refuse(
  problems: Problems,
  pointer: string,
  what: string,
  powerW: number,
  boundW: number,
  seconds: number
): void {
  const roundedW = Math.ceil(powerW * 10) / 10
  const highestW = Math.floor(boundW * 10) / 10
  const detail = `${what} averages ${roundedW} W over ${seconds} s. The highest accepted average for this time and body mass is ${highestW} W. Check the time, the reps and the units.`
  problems.add(pointer, 'power_implausible', detail, roundedW, { allowed: [0, highestW] })
}

const MOST_NAMED = 10

function noteOf(extraordinary: readonly string[]): PlanNote {
  const named = extraordinary.slice(0, MOST_NAMED)
  const left = extraordinary.length - named.length
  const where = named.join(', ') + (left > 0 ? ` and ${left} more` : '')
  return {
    code: 'power_extraordinary',
    message: `The mean power of ${where} is accepted but extraordinary: it is above two thirds of the highest accepted average. Splits are counted from 0.`
  }
}
