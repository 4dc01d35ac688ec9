import type { Evaluation } from '../../schemas/compute-power.ts'
import { MODEL_VERSION } from './catalogue.ts'
import { catalogueDigest } from './document.ts'
import {
  isIdle,
  type Measurement,
  type MovementMeasure,
  measure,
  powerSigmaW,
  type SplitMeasure,
  varianceOf
} from './evaluate/measure.ts'
import { notesOf } from './evaluate/notes.ts'
import { type SplitPower, summarise } from './evaluate/summary.ts'
import { TIME_TOLERANCE } from './limits.ts'
import type { Plan, PlanEntry, PlanSplit } from './plan.ts'
import { Sum } from './sum.ts'
import { confidenceOf, readingSigma, TIME_SIGMA_S } from './uncertainty.ts'
import { POWER_UNITS_PER_WATT, WORK_UNITS_PER_JOULE } from './units.ts'

type Results = Evaluation['results']
type SplitResult = Results['splits'][number]
type LineResult = SplitResult['movements'][number]
type Rollup = Results['movement_rollups'][number]
type Work = Results['session']['total_work']
type Power = Results['session']['average_power_elapsed']
type Ratio = Rollup['work_share']

/** Measures a plan. Pure and total: every number in the answer is finite, and only a consistency can be negative. */
export function evaluate(plan: Plan): Evaluation {
  const measurement = measure(plan)
  const session = sessionOf(plan, measurement)
  const results: Results = {
    session,
    splits: plan.splits.map((split, index) => splitOf(plan, split, index, measurement.splits[index]!)),
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
  const { workJ, terms, ownVariance, splits } = measurement
  const variance = varianceOf(terms) + ownVariance
  const elapsedSeconds = plan.durationSeconds
  const activeSeconds = active.value
  const activePowerW = workJ / activeSeconds
  // The active time is a sum of readings that the work may depend on; the elapsed time is a further reading, except in
  // a session of one split, where it is the same.
  let activeVariance = variance
  for (const { timeTermJ } of splits) {
    const byTimeJ = timeTermJ - activePowerW * TIME_SIGMA_S
    activeVariance += byTimeJ * byTimeJ - timeTermJ * timeTermJ
  }
  const activeSigmaW = Math.sqrt(Math.max(0, activeVariance)) / activeSeconds
  const isOneSplit = splits.length === 1 && activeSeconds === elapsedSeconds
  const elapsedSigmaW = isOneSplit ? activeSigmaW : powerSigmaW(measurement, 0, elapsedSeconds)
  // A remainder of rounding is not time.
  const unattributed = left.value > elapsedSeconds * TIME_TOLERANCE ? left.value : 0
  return {
    duration_seconds: elapsedSeconds,
    active_duration_seconds: activeSeconds,
    rest_duration_seconds: rest.value,
    unattributed_duration_seconds: unattributed,
    total_work: work(plan, workJ, Math.sqrt(variance)),
    average_power_elapsed: power(plan, workJ / elapsedSeconds, elapsedSigmaW),
    average_power_active: power(plan, activePowerW, activeSigmaW)
  }
}

function splitOf(plan: Plan, split: PlanSplit, index: number, measured: SplitMeasure): SplitResult {
  const { workJ, terms, ownVariance, timeTermJ, lines } = measured
  const seconds = split.durationSeconds
  const averagePower = power(plan, workJ / seconds, powerSigmaW(measured, timeTermJ, seconds))
  const result: SplitResult = {
    index,
    duration_seconds: seconds,
    rest_seconds_after: split.restSeconds,
    attribution: split.isolated ? 'isolated' : 'grouped',
    total_work: work(plan, workJ, Math.sqrt(varianceOf(terms) + ownVariance + timeTermJ * timeTermJ)),
    average_power: averagePower,
    movements: split.entries.map((entry, line) => {
      const { workJ, sigmaJ } = lines[line]!
      const result: LineResult = {
        movement: entry.movement.name,
        reps: entry.reps,
        work: work(plan, workJ, sigmaJ),
        confidence: confidenceOf(workJ, sigmaJ),
        proxy: entry.movement.law.basis !== 'gravity'
      }
      if (split.isolated) result.average_power = averagePower
      const load = totalLoad(entry)
      if (load !== undefined) result.total_load = load
      return result
    })
  }
  if (split.label !== undefined) result.label = split.label
  return result
}

/** The load moved beside the body: all implements and the vest, less the assistance; undefined without a load. */
function totalLoad({ movement: { loadSigns, hasLoad, inputs: specs }, inputs }: PlanEntry): LineResult['total_load'] {
  let loadKg = 0
  let variance = 0
  for (let slot = 0; slot < loadSigns.length; slot++) {
    if (loadSigns[slot] === 0 || inputs[slot] === 0) continue
    loadKg += loadSigns[slot]! * inputs[slot]!
    const sigmaKg = readingSigma(specs[slot]!.reading, inputs[slot]!)
    variance += sigmaKg * sigmaKg
  }
  if (variance === 0 && !hasLoad) return undefined
  return { value: loadKg, unit: 'kg', uncertainty: Math.sqrt(variance) }
}

function summaryOf(plan: Plan, measurement: Measurement): Results['summary'] {
  const splits = plan.splits.map(({ durationSeconds: seconds }, index): SplitPower => {
    const { workJ, terms, ownVariance, timeTermJ } = measurement.splits[index]!
    const byTimeJ = timeTermJ - (workJ * TIME_SIGMA_S) / seconds
    const own = (ownVariance + byTimeJ * byTimeJ) / (seconds * seconds)
    return { powerW: workJ / seconds, seconds, terms, ownVariance: own }
  })
  const { peak, minimum, mean, dropoff, consistency, strongest, weakest } = summarise(splits, isIdle(measurement))
  return {
    peak: power(plan, peak.value, peak.sigma),
    minimum: power(plan, minimum.value, minimum.sigma),
    mean: power(plan, mean.value, mean.sigma),
    dropoff: ratio(dropoff.value, dropoff.sigma),
    consistency: ratio(consistency.value, consistency.sigma),
    strongest_split_index: strongest,
    weakest_split_index: weakest
  }
}

function rollupOf(plan: Plan, measurement: Measurement, rollup: MovementMeasure): Rollup {
  const { movement, workJ, terms, isolated } = rollup
  // A line has its own time only in isolated splits.
  const ownVariance = rollup.ownVariance + isolated.timeVariance
  const result: Rollup = {
    movement: movement.name,
    occurrences: rollup.occurrences,
    reps: rollup.reps,
    work: work(plan, workJ, Math.sqrt(varianceOf(terms) + ownVariance)),
    work_share: shareOf(measurement, rollup, ownVariance),
    isolated_duration_seconds: isolated.seconds
  }
  if (isolated.seconds > 0) {
    const powerW = isolated.workJ / isolated.seconds
    const byTimeJ = powerW * TIME_SIGMA_S
    // Sum of (timeTermJ - byTimeJ)^2 over the isolated splits.
    const timeVariance = isolated.timeVariance - 2 * byTimeJ * isolated.timeTermsJ + isolated.splits * byTimeJ * byTimeJ
    const variance = varianceOf(isolated.terms) + isolated.ownVariance + Math.max(0, timeVariance)
    result.average_power = power(plan, powerW, Math.sqrt(variance) / isolated.seconds)
  }
  return result
}

/** s = w / W, so ds = (dw - s dW) / W: errors shared with other movements cancel in part. */
function shareOf(measurement: Measurement, { workJ, terms }: MovementMeasure, ownVariance: number): Ratio {
  if (isIdle(measurement)) return ratio(0, 0)
  const share = Math.min(1, workJ / measurement.workJ)
  const othersVariance = Math.max(0, measurement.ownVariance - ownVariance)
  let variance = (1 - share) * (1 - share) * ownVariance + share * share * othersVariance
  for (let term = 0; term < measurement.terms.length; term++) {
    const change = terms[term]! - share * measurement.terms[term]!
    variance += change * change
  }
  return ratio(share, Math.sqrt(variance) / measurement.workJ)
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
