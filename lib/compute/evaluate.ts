import type { Evaluation } from '../../schemas/compute-power.ts'
import { MODEL_VERSION } from './catalogue.ts'
import { catalogueDigest } from './document.ts'
import { isIdle, type Measurement, type MovementMeasure, measure, sigmaOf } from './evaluate/measure.ts'
import { notesOf } from './evaluate/notes.ts'
import { type Summary, summarise } from './evaluate/summary.ts'
import { TIME_TOLERANCE } from './limits.ts'
import type { Confidence } from './movements/movement.ts'
import type { Plan, PlanEntry, PlanSplit } from './plan.ts'
import { Sum } from './sum.ts'
import { POWER_UNITS_PER_WATT, WORK_UNITS_PER_JOULE } from './units.ts'

type Results = Evaluation['results']
type SplitResult = Results['splits'][number]
type Rollup = Results['movement_rollups'][number]
type Work = Results['session']['total_work']
type Power = Results['session']['average_power_elapsed']
type Ratio = Rollup['work_share']

/** A figure on a stand-in power is a guess, however good the machine's law is. */
const CONFIDENCE_ON_REFERENCE: Confidence = 'D'

/** Measures a plan: pure and total. Every number in the answer is finite; none is negative. */
export function evaluate(plan: Plan): Evaluation {
  const measurement = measure(plan)
  const session = sessionOf(plan, measurement)
  const results: Results = {
    session,
    splits: plan.splits.map((split, index) => splitOf(plan, split, index, measurement)),
    summary: summaryOf(plan, measurement),
    movement_rollups: measurement.movements.map((rollup) => rollupOf(plan, measurement, rollup))
  }
  const notes = notesOf(plan, measurement, session.unattributed_duration_seconds)
  return { results, notes, model: { version: MODEL_VERSION, catalogue_digest: catalogueDigest() } }
}

function sessionOf(plan: Plan, measurement: Measurement): Results['session'] {
  const active = new Sum()
  const rest = new Sum()
  const left = new Sum()
  left.add(plan.durationSeconds)
  for (const split of plan.splits) {
    active.add(split.durationSeconds)
    rest.add(split.restSeconds)
    left.add(-split.durationSeconds)
    left.add(-split.restSeconds)
  }
  const { workJ, terms } = measurement
  const sigmaJ = sigmaOf(terms)
  // What is left of rounding is no time.
  const unattributed = left.value > plan.durationSeconds * TIME_TOLERANCE ? left.value : 0
  return {
    duration_seconds: plan.durationSeconds,
    active_duration_seconds: active.value,
    rest_duration_seconds: rest.value,
    unattributed_duration_seconds: unattributed,
    total_work: work(plan, workJ, sigmaJ),
    average_power_elapsed: power(plan, workJ / plan.durationSeconds, sigmaJ / plan.durationSeconds),
    average_power_active: power(plan, workJ / active.value, sigmaJ / active.value)
  }
}

function splitOf(plan: Plan, split: PlanSplit, index: number, measurement: Measurement): SplitResult {
  const { workJ, terms, entries } = measurement.splits[index]!
  const sigmaJ = sigmaOf(terms)
  const averagePower = power(plan, workJ / split.durationSeconds, sigmaJ / split.durationSeconds)
  const result: SplitResult = {
    index,
    duration_seconds: split.durationSeconds,
    rest_seconds_after: split.restSeconds,
    attribution: split.isolated ? 'isolated' : 'grouped',
    total_work: work(plan, workJ, sigmaJ),
    average_power: averagePower,
    movements: split.entries.map((entry, line) => {
      const measured = entries[line]!
      const result: SplitResult['movements'][number] = {
        movement: entry.movement.name,
        reps: entry.reps,
        work: work(plan, measured.workJ, measured.sigmaJ),
        confidence: confidenceOf(entry)
      }
      if (split.isolated) result.average_power = averagePower
      return result
    })
  }
  if (split.label !== undefined) result.label = split.label
  return result
}

function confidenceOf(entry: PlanEntry): Confidence {
  const onReference = entry.movement.law.usesTime === true && entry.secondsPerRep === 0
  return onReference ? CONFIDENCE_ON_REFERENCE : entry.movement.confidence
}

function summaryOf(plan: Plan, measurement: Measurement): Results['summary'] {
  const seconds = plan.splits.map((split) => split.durationSeconds)
  const powers = measurement.splits.map((split, index) => split.workJ / seconds[index]!)
  const rows = measurement.splits.map((split, index) => split.terms.map((term) => term / seconds[index]!))
  const summary: Summary = summarise(powers, rows, isIdle(measurement))
  return {
    peak: power(plan, summary.peak.value, summary.peak.sigma),
    minimum: power(plan, summary.minimum.value, summary.minimum.sigma),
    mean: power(plan, summary.mean.value, summary.mean.sigma),
    dropoff: ratio(summary.dropoff.value, summary.dropoff.sigma),
    consistency: ratio(summary.consistency.value, summary.consistency.sigma),
    strongest_split_index: summary.strongest,
    weakest_split_index: summary.weakest
  }
}

function rollupOf(plan: Plan, measurement: Measurement, rollup: MovementMeasure): Rollup {
  const { movement, firstTerm, isolatedSeconds } = rollup
  const sigmaJ = sigmaOf(measurement.terms, firstTerm, firstTerm + movement.coefficients.length)
  const result: Rollup = {
    movement: movement.name,
    occurrences: rollup.occurrences,
    reps: rollup.reps,
    work: work(plan, rollup.workJ, sigmaJ),
    work_share: shareOf(measurement, rollup.workJ, sigmaJ),
    isolated_duration_seconds: isolatedSeconds
  }
  if (isolatedSeconds > 0) {
    const isolatedSigmaJ = sigmaOf(rollup.isolatedTerms)
    result.average_power = power(plan, rollup.isolatedWorkJ / isolatedSeconds, isolatedSigmaJ / isolatedSeconds)
  }
  return result
}

/** s = w / W with W = w + rest, two independent parts: ds = ((1 - s) dw - s d(rest)) / W. */
function shareOf(measurement: Measurement, workJ: number, sigmaJ: number): Ratio {
  if (isIdle(measurement)) return ratio(0, 0)
  const share = Math.min(1, workJ / measurement.workJ)
  const totalSigma = sigmaOf(measurement.terms)
  const restVariance = Math.max(0, totalSigma * totalSigma - sigmaJ * sigmaJ)
  const own = (1 - share) * sigmaJ
  return ratio(share, Math.sqrt(own * own + share * share * restVariance) / measurement.workJ)
}

function work(plan: Plan, joules: number, sigma: number): Work {
  const factor = WORK_UNITS_PER_JOULE[plan.workUnit]
  return { value: joules * factor, unit: plan.workUnit, uncertainty: sigma * factor }
}

function power(plan: Plan, watts: number, sigma: number): Power {
  const factor = POWER_UNITS_PER_WATT[plan.powerUnit]
  return { value: watts * factor, unit: plan.powerUnit, uncertainty: sigma * factor }
}

function ratio(value: number, sigma: number): Ratio {
  return { value, unit: '1', uncertainty: sigma }
}
