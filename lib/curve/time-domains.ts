import type { TIME_DOMAINS } from '../../schemas/curve.ts'
import type { Window } from './hyperbola.ts'

export type TimeDomain = (typeof TIME_DOMAINS)[number]

/**
 * Where means over a domain run. The inner bounds part the samples, a bound itself belonging to the longer domain;
 * what is shorter than the first or longer than the last bound is in the outer domains. They follow the usual three
 * pathways of energy: seconds to two minutes, several minutes, beyond.
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
