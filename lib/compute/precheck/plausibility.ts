import { type Measurement, measurementOf } from '../evaluate/measure.ts'
import type { Plan, PlanNote, PlanSplit } from '../plan.ts'
import { boundFactor, powerBoundW } from '../power-bound.ts'
import type { Problems } from './problems.ts'

/** Above this part of the bound a power is taken and noted: the best on record are there. */
const EXTRAORDINARY = 2 / 3
/** A sum in another order differs by so much. */
const ROUNDING = 1e-9

/** Refuses work that nobody has done in its time, split by split and over the session; notes what comes near to it. */
export function checkPlausibility(problems: Problems, plan: Plan): PlanNote[] {
  const measurement = measurementOf(plan)
  const extraordinary: string[] = []
  let acceptedJ = 0
  let acceptedFactorJ = 0
  plan.splits.forEach((split, index) => {
    const { workJ, lines } = measurement.splits[index]!
    const factorJ = boundedJ(split, lines)
    const boundW = powerBoundW(split.durationSeconds, plan.bodyMassKg) * (workJ > 0 ? factorJ / workJ : 1)
    const powerW = workJ / split.durationSeconds
    acceptedJ += Math.min(workJ, boundW * split.durationSeconds)
    acceptedFactorJ += factorJ
    if (powerW > boundW) refuse(problems, `/splits/${index}`, `Split ${index}`, powerW, boundW, split.durationSeconds)
    else if (powerW > EXTRAORDINARY * boundW) extraordinary.push(`split ${index}`)
  })
  const { durationSeconds } = plan
  const factor = measurement.workJ > 0 ? acceptedFactorJ / measurement.workJ : 1
  const boundW = powerBoundW(durationSeconds, plan.bodyMassKg) * factor
  // What would be too much even if every split were within its own bound.
  if (acceptedJ > boundW * durationSeconds * (1 + ROUNDING))
    refuse(problems, '', 'The session', measurement.workJ / durationSeconds, boundW, durationSeconds)
  else if (measurement.workJ / durationSeconds > EXTRAORDINARY * boundW) extraordinary.push('the session')
  return extraordinary.length === 0 ? [] : [noteOf(extraordinary)]
}

/** The work of a split, each line times the factor of its bound: over the work it is the work-weighted mean. */
function boundedJ({ entries }: PlanSplit, lines: Measurement['splits'][number]['lines']): number {
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
  const shownW = Math.ceil(powerW * 10) / 10
  const highestW = Math.floor(boundW * 10) / 10
  const detail = `${what} averages ${shownW} W over ${seconds} s. The highest accepted average for this time and body mass is ${highestW} W. Check the time, the reps and the units.`
  problems.add(pointer, 'power_implausible', detail, shownW, { allowed: [0, highestW] })
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
