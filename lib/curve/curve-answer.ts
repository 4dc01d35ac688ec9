import type { CurveAnswer, CurveQuery } from '../../schemas/curve.ts'
import { fitnessScoreOf, logMeanPowerOf, type Measured, workCapacityOf } from './areas.ts'
import { type CriticalPower, fitCriticalPower } from './critical-power.ts'
import type { CurveHistory } from './curve-history.ts'
import { curveNotes, FIT_WARNINGS, NO_FIT_REASONS } from './curve-notes.ts'
import type { Cell, CurveSummary } from './curve-summary.ts'
import type { DateRange } from './date-tree.ts'
import { type DomainBest, type DomainTrends, domainTrendsOf } from './domain-trends.ts'
import { cornersOf } from './envelope.ts'
import type { Window } from './hyperbola.ts'
import { byModality, type Modality } from './modality.ts'
import type { ParetoFront } from './pareto-front.ts'
import { compareSamples, type Sample } from './sample.ts'
import { powerSigmaOf } from './sigma-sum.ts'
import { byDomain, DOMAIN_WINDOWS, type TimeDomain } from './time-domains.ts'

/** The most samples that an answer lists, unless the envelope itself has more. */
export const POINTS_LIMIT = 1000

type Work = CurveAnswer['work_capacity_auc']
type Power = CurveAnswer['log_mean_power']
type Bounds = Pick<Work, 'from_seconds' | 'to_seconds'>
type Effort = CurveAnswer['points'][number]
/** The samples on the envelope of the answer. */
type OnEnvelope = ReadonlySet<Sample>

/**
 * The whole answer of the curve route. Never throws; every number in it is finite.
 * @param query checked by its schema and `curveQueryProblems`
 * @param today YYYY-MM-DD in UTC
 */
export function curveAnswer(history: CurveHistory, query: Omit<CurveQuery, 'format'>, today: string): CurveAnswer {
  const window = { fromSeconds: query.from_seconds, toSeconds: query.to_seconds }
  const range = { from: query.performed_from, to: query.performed_to }
  const summary = history.summary(range)
  const { front } = summary.curves.all
  const onEnvelope: OnEnvelope = new Set(front)
  const points = pointsOf(history, range, onEnvelope)
  return {
    workout_count: summary.workouts,
    sample_count: summary.samples,
    performed_from: query.performed_from ?? null,
    performed_to: query.performed_to ?? null,
    points,
    ...envelopeOf(front, window),
    modality_curves: byModality((modality) => modalityCurveOf(summary, modality, window)),
    time_domains: byDomain((domain) => bounds(DOMAIN_WINDOWS[domain])),
    coverage_matrix: byModality((modality) =>
      byDomain((domain) => cellOf(summary.curves[modality].cells[domain], onEnvelope))
    ),
    fitness_score: fitnessOf(summary, window),
    domain_trends: trendsOf(domainTrendsOf(history, today), onEnvelope),
    ...criticalPowerOf(front, onEnvelope),
    notes: curveNotes(window, summary.ownSamples, points.length)
  }
}

/**
 * The samples that an answer lists, by duration: all of the envelope, then, from the newest workout back, those on
 * their own workout's envelope.
 */
function pointsOf(history: CurveHistory, range: DateRange, onEnvelope: OnEnvelope): Effort[] {
  const listed = new Set(onEnvelope)
  for (const { curves } of history.newestFirst(range)) {
    for (const sample of curves.all.front) {
      if (listed.size >= POINTS_LIMIT) break
      listed.add(sample)
    }
    if (listed.size >= POINTS_LIMIT) break
  }
  return [...listed]
    .sort((one, other) => one.durationSeconds - other.durationSeconds || compareSamples(one, other))
    .map((sample) => effortOf(sample, onEnvelope))
}

function envelopeOf(
  front: ParetoFront,
  window: Window
): Pick<CurveAnswer, 'envelope_points' | 'work_capacity_auc' | 'log_mean_power'> {
  return {
    envelope_points: cornersOf(front).map(({ durationSeconds, powerW, after, sample }) => ({
      duration_seconds: durationSeconds,
      average_power: watts({ value: powerW, sigma: powerSigmaOf(sample) }),
      after,
      workout_id: sample.workout.workoutId,
      kind: sample.kind
    })),
    work_capacity_auc: { ...joules(workCapacityOf(front, window)), ...bounds(window) },
    log_mean_power: { ...watts(logMeanPowerOf(front, window)), ...bounds(window) }
  }
}

function modalityCurveOf(
  { curves }: CurveSummary,
  modality: Modality,
  window: Window
): CurveAnswer['modality_curves'][Modality] {
  const { front, workouts } = curves[modality]
  return { workout_count: workouts, ...envelopeOf(front, window) }
}

function cellOf(
  { workouts, best, lastPerformedDate }: Cell,
  onEnvelope: OnEnvelope
): CurveAnswer['coverage_matrix'][Modality][TimeDomain] {
  return {
    workout_count: workouts,
    best: best === undefined ? null : effortOf(best, onEnvelope),
    last_performed_date: best === undefined ? null : lastPerformedDate
  }
}

function fitnessOf({ curves }: CurveSummary, window: Window): CurveAnswer['fitness_score'] {
  const { weightlifting, gymnastics, cardiovascular } = curves
  const score = fitnessScoreOf([weightlifting.front, gymnastics.front, cardiovascular.front], window)
  return score === undefined ? null : { ...joules(score), ...bounds(window) }
}

function trendsOf({ recent, previous, trends }: DomainTrends, onEnvelope: OnEnvelope): CurveAnswer['domain_trends'] {
  return {
    recent,
    previous,
    trends: trends.map(({ curve, domain, recent, previous, change }) => ({
      modality: curve,
      time_domain: domain,
      recent: bestOf(recent, onEnvelope),
      previous: bestOf(previous, onEnvelope),
      change: change === undefined ? null : { value: change.value, unit: '1', uncertainty: change.sigma }
    }))
  }
}

function bestOf(
  side: DomainBest | undefined,
  onEnvelope: OnEnvelope
): CurveAnswer['domain_trends']['trends'][number]['recent'] {
  return side === undefined ? null : { best: effortOf(side.best, onEnvelope), log_mean_power: watts(side.logMeanPower) }
}

function criticalPowerOf(
  front: ParetoFront,
  onEnvelope: OnEnvelope
): Pick<CurveAnswer, 'critical_power' | 'critical_power_reason'> {
  const found = fitCriticalPower(front)
  if (found.ok) return { critical_power: fitOf(found.fit, onEnvelope), critical_power_reason: null }
  const reason = { code: found.reason, message: NO_FIT_REASONS[found.reason] }
  return { critical_power: null, critical_power_reason: reason }
}

function fitOf(fit: CriticalPower, onEnvelope: OnEnvelope): CurveAnswer['critical_power'] {
  const { power, reserve, standardErrors, efforts, warnings } = fit
  return {
    cp: { ...watts(power), standard_error: standardErrors?.powerW ?? null },
    w_prime: { ...joules(reserve), standard_error: standardErrors?.reserveJ ?? null },
    effort_count: efforts.length,
    efforts: efforts.map((sample) => effortOf(sample, onEnvelope)),
    warnings: warnings.map((code) => ({ code, message: FIT_WARNINGS[code] }))
  }
}

/** A sample as the answer presents it. */
function effortOf(sample: Sample, onEnvelope: OnEnvelope): Effort {
  const { workout, kind, first, last, durationSeconds, powerW, modality } = sample
  return {
    duration_seconds: durationSeconds,
    average_power: watts({ value: powerW, sigma: powerSigmaOf(sample) }),
    kind,
    modality,
    workout_id: workout.workoutId,
    performed_date: workout.performedDate,
    ...(workout.title !== undefined && { title: workout.title }),
    first_split_index: first,
    last_split_index: last,
    on_envelope: onEnvelope.has(sample)
  }
}

function joules({ value, sigma }: Measured): Omit<Work, keyof Bounds> {
  return { value, unit: 'J', uncertainty: sigma }
}

function watts({ value, sigma }: Measured): Omit<Power, keyof Bounds> {
  return { value, unit: 'W', uncertainty: sigma }
}

function bounds({ fromSeconds, toSeconds }: Window): Bounds {
  return { from_seconds: fromSeconds, to_seconds: toSeconds }
}
