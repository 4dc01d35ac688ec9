import { Sum } from '../compute/sum.ts'
import type { Measured } from './areas.ts'
import { holdingsOf } from './envelope.ts'
import { logWidth, type Window } from './hyperbola.ts'
import { joined } from './modality.ts'
import type { ParetoFront } from './pareto-front.ts'
import { overlap, type Sample } from './sample.ts'
import { SigmaSum } from './sigma-sum.ts'

/** The two-parameter model holds for efforts of these durations, both included. */
export const EFFORT_WINDOW: Window = { fromSeconds: 120, toSeconds: 1800 }
/** Below this ratio of the longest to the shortest effort, a line through them means little. */
export const LEAST_SPREAD = 2
/** Without an effort of at least this length the fitted CP is too high. */
export const LONG_EFFORT_SECONDS = 600

export type FitWarning = 'two_efforts' | 'mixed_modality' | 'no_long_effort'
export type NoFit = 'too_few_efforts' | 'efforts_too_alike'

/** W(t) = W' + CP t: work is linear in time, so P(t) = CP + W' / t. */
export interface CriticalPower {
  /** W; sigma is the uncertainty from the model's coefficients. */
  readonly power: Measured
  /** W', J. */
  readonly reserve: Measured
  /** Scatter of the efforts about the line; undefined for two efforts, which always lie on it. */
  readonly standardErrors: { readonly powerW: number; readonly reserveJ: number } | undefined
  /** From the shortest to the longest. */
  readonly efforts: readonly Sample[]
  readonly warnings: readonly FitWarning[]
}

export type Fit = { readonly ok: true; readonly fit: CriticalPower } | { readonly ok: false; readonly reason: NoFit }

/**
 * Fits critical power to the efforts of an envelope by least squares of work on time.
 *
 * W' and CP are always above 0: along a front work rises and power falls.
 */
export function fitCriticalPower(front: ParetoFront): Fit {
  const efforts = effortsOf(front)
  if (efforts.length < 2) return { ok: false, reason: 'too_few_efforts' }
  if (efforts.at(-1)!.durationSeconds < LEAST_SPREAD * efforts[0]!.durationSeconds) {
    return { ok: false, reason: 'efforts_too_alike' }
  }
  return { ok: true, fit: lineThrough(efforts) }
}

/**
 * Efforts that share no work: the envelope's samples of a duration that the model covers. Those that hold the envelope
 * over the widest range of log time come first; a sample that overlaps one already taken is skipped. Runs of one
 * workout's splits lie on a line by construction and would pretend to a fit without error.
 */
function effortsOf(front: ParetoFront): Sample[] {
  const { fromSeconds, toSeconds } = EFFORT_WINDOW
  const widest = holdingsOf(front, EFFORT_WINDOW)
    .filter(({ sample }) => sample.durationSeconds >= fromSeconds && sample.durationSeconds <= toSeconds)
    .sort((one, other) => logWidth(other) - logWidth(one) || byDuration(one.sample, other.sample))
  const efforts: Sample[] = []
  for (const { sample } of widest) {
    if (!efforts.some((effort) => overlap(effort, sample))) efforts.push(sample)
  }
  return efforts.sort(byDuration)
}

function byDuration(one: Sample, other: Sample): number {
  return one.durationSeconds - other.durationSeconds
}

function lineThrough(efforts: readonly Sample[]): CriticalPower {
  const count = efforts.length
  const meanSeconds = meanOf(efforts.map(({ durationSeconds }) => durationSeconds))
  const meanJ = meanOf(efforts.map(({ workJ }) => workJ))
  const squares = sumOf(efforts.map(({ durationSeconds }) => (durationSeconds - meanSeconds) ** 2))
  const products = efforts.map(({ durationSeconds, workJ }) => (durationSeconds - meanSeconds) * (workJ - meanJ))
  const powerW = sumOf(products) / squares
  const reserveJ = meanJ - powerW * meanSeconds
  const powerSigma = new SigmaSum()
  const reserveSigma = new SigmaSum()
  for (const effort of efforts) {
    const slope = (effort.durationSeconds - meanSeconds) / squares
    powerSigma.add(effort, slope)
    reserveSigma.add(effort, 1 / count - slope * meanSeconds)
  }
  return {
    power: { value: powerW, sigma: powerSigma.value },
    reserve: { value: reserveJ, sigma: reserveSigma.value },
    standardErrors: count > 2 ? standardErrors(efforts, powerW, reserveJ, meanSeconds, squares) : undefined,
    efforts,
    warnings: warningsOf(efforts)
  }
}

function standardErrors(
  efforts: readonly Sample[],
  powerW: number,
  reserveJ: number,
  meanSeconds: number,
  squares: number
): { powerW: number; reserveJ: number } {
  const count = efforts.length
  const residuals = efforts.map(({ durationSeconds, workJ }) => (workJ - reserveJ - powerW * durationSeconds) ** 2)
  const scatterJ = Math.sqrt(sumOf(residuals) / (count - 2))
  return {
    powerW: scatterJ / Math.sqrt(squares),
    reserveJ: scatterJ * Math.sqrt(1 / count + (meanSeconds * meanSeconds) / squares)
  }
}

function warningsOf(efforts: readonly Sample[]): FitWarning[] {
  const warnings: FitWarning[] = []
  if (efforts.length === 2) warnings.push('two_efforts')
  if (efforts.map(({ modality }) => modality).reduce(joined) === 'mixed') warnings.push('mixed_modality')
  if (efforts.at(-1)!.durationSeconds < LONG_EFFORT_SECONDS) warnings.push('no_long_effort')
  return warnings
}

function sumOf(values: readonly number[]): number {
  const sum = new Sum()
  for (const value of values) sum.add(value)
  return sum.value
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length
}
