import type { TIME_DOMAINS } from '../../schemas/curve.ts'
import type { Window } from './hyperbola.ts'

export type TimeDomain = (typeof TIME_DOMAINS)[number]

/**
 * The windows of means over a domain. The inner bounds separate the samples, and a bound itself belongs to the longer
 * domain; samples shorter than the first or longer than the last bound belong to the outer domains. The domains follow
 * the usual three energy pathways: seconds to two minutes, several minutes, beyond.
 */
export const DOMAIN_WINDOWS: Readonly<Record<TimeDomain, Window>> = {
  short: { fromSeconds: 10, toSeconds: 120 },
  medium: { fromSeconds: 120, toSeconds: 900 },
  long: { fromSeconds: 900, toSeconds: 3600 }
}

export function timeDomainOf(seconds: number): TimeDomain {
  if (seconds < DOMAIN_WINDOWS.medium.fromSeconds) return 'short'
  return seconds < DOMAIN_WINDOWS.long.fromSeconds ? 'medium' : 'long'
}

export function byDomain<T>(make: (domain: TimeDomain) => T): Record<TimeDomain, T> {
  return { short: make('short'), medium: make('medium'), long: make('long') }
}
