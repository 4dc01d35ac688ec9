import { TIME_DOMAINS } from '../../schemas/curve.ts'
import { addLogMeanPower, logMeanPowerOf, type Measured } from './areas.ts'
import type { CurveHistory } from './curve-history.ts'
import { CURVES, type CurveName, type CurveSummary } from './curve-summary.ts'
import type { DateRange } from './date-tree.ts'
import type { Window } from './hyperbola.ts'
import type { ParetoFront } from './pareto-front.ts'
import type { Sample } from './sample.ts'
import { SigmaSum } from './sigma-sum.ts'
import { DOMAIN_WINDOWS, type TimeDomain } from './time-domains.ts'

const PERIOD_DAYS = 90
const DAY_MS = 86_400_000

/** First and last day, both included. */
export type Period = Required<{ [Key in keyof DateRange]: string }>

/** The best of one period in one curve and one time domain. */
export interface DomainBest {
  /** The sample with the highest mean power. */
  readonly best: Sample
  /** Of the period's envelope over the domain: comparable between periods, which single samples of different lengths are not. */
  readonly logMeanPower: Measured
}

export interface DomainTrend {
  readonly curve: CurveName
  readonly domain: TimeDomain
  /** Undefined where the period has no sample of the domain. */
  readonly recent: DomainBest | undefined
  readonly previous: DomainBest | undefined
  /** Recent over previous log-mean power, less 1. */
  readonly change: Measured | undefined
}

export interface DomainTrends {
  readonly recent: Period
  readonly previous: Period
  readonly trends: readonly DomainTrend[]
}

/**
 * The last 90 days against the 90 days before, in every curve and time domain.
 * @param today YYYY-MM-DD in UTC; tomorrow counts as recent too, because it has already begun in some time zones
 */
export function domainTrendsOf(history: CurveHistory, today: string): DomainTrends {
  const recent = { from: shiftDays(today, 1 - PERIOD_DAYS), to: shiftDays(today, 1) }
  const previous = { from: shiftDays(recent.from, -PERIOD_DAYS), to: shiftDays(recent.from, -1) }
  const now = history.summary(recent)
  const before = history.summary(previous)
  const trends = CURVES.flatMap((curve) => TIME_DOMAINS.map((domain) => trendOf(now, before, curve, domain)))
  return { recent, previous, trends }
}

function trendOf(now: CurveSummary, before: CurveSummary, curve: CurveName, domain: TimeDomain): DomainTrend {
  const recent = bestOf(now, curve, domain)
  const previous = bestOf(before, curve, domain)
  if (recent === undefined || previous === undefined) return { curve, domain, recent, previous, change: undefined }
  const change = changeOf(now.curves[curve].front, before.curves[curve].front, DOMAIN_WINDOWS[domain])
  return { curve, domain, recent, previous, change }
}

function bestOf(summary: CurveSummary, curve: CurveName, domain: TimeDomain): DomainBest | undefined {
  const { front, cells } = summary.curves[curve]
  const { best } = cells[domain]
  return best && { best, logMeanPower: logMeanPowerOf(front, DOMAIN_WINDOWS[domain]) }
}

/** c = r / p - 1, so dc = (dr - (r / p) dp) / p; errors common to both periods largely cancel. */
function changeOf(recent: ParetoFront, previous: ParetoFront, window: Window): Measured {
  const previousW = logMeanPowerOf(previous, window).value
  const sigma = new SigmaSum()
  const ratio = addLogMeanPower(sigma, recent, window, 1 / previousW) / previousW
  addLogMeanPower(sigma, previous, window, -ratio / previousW)
  return { value: ratio - 1, sigma: sigma.value }
}

function shiftDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}
