import { compareSamples, hasWork, type Sample } from './sample.ts'

/**
 * The samples that form an envelope, from the shortest to the longest.
 *
 * A sample of power P and work W counts as P up to its own duration and as W / t after it, which is min(P, W / t).
 * Another sample raises the envelope only with more power or more work, so the envelope of any set of samples is that
 * of their Pareto front in (P, W). Along a front, duration and work strictly rise and power strictly falls.
 */
export type ParetoFront = readonly Sample[]

/** The front of any samples; samples without work are never on it. */
export function frontOf(samples: readonly Sample[]): ParetoFront {
  return climb(samples.filter(hasWork).sort(mostWorkFirst))
}

/** The front of two fronts together, in linear time. */
export function mergeFronts(one: ParetoFront, other: ParetoFront): ParetoFront {
  if (one.length === 0) return other
  if (other.length === 0) return one
  const sorted: Sample[] = []
  let left = one.length - 1
  let right = other.length - 1
  while (left >= 0 || right >= 0) {
    const takesLeft = right < 0 || (left >= 0 && mostWorkFirst(one[left]!, other[right]!) <= 0)
    sorted.push(takesLeft ? one[left--]! : other[right--]!)
  }
  return climb(sorted)
}

/** In order of falling work, a sample adds to the envelope only if its power exceeds all before it. */
function climb(sorted: readonly Sample[]): ParetoFront {
  const front: Sample[] = []
  let highestW = 0
  for (const sample of sorted) {
    if (sample.powerW <= highestW) continue
    highestW = sample.powerW
    front.push(sample)
  }
  return front.reverse()
}

function mostWorkFirst(one: Sample, other: Sample): number {
  return other.workJ - one.workJ || other.powerW - one.powerW || compareSamples(one, other)
}
