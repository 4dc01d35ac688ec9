import { compareSamples, hasWork, type Sample } from './sample.ts'

/**
 * The samples that make an envelope, from the shortest to the longest.
 *
 * A sample of power P and work W counts as P up to its own duration and as W / t after it, which is min(P, W / t).
 * So another sample matters beside it only where it has more power or more work: the envelope of any number of
 * samples is that of their Pareto front in (P, W). Along a front duration and work rise and power falls, all strictly.
 */
export type Front = readonly Sample[]

/** The front of any samples; those without work are on none. */
export function frontOf(samples: readonly Sample[]): Front {
  return climb(samples.filter(hasWork).sort(mostWorkFirst))
}

/** The front of two fronts together, in time that grows with their sizes. */
export function mergeFronts(one: Front, other: Front): Front {
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

/** From the most work to the least, only a higher power than all before it adds to the envelope. */
function climb(sorted: readonly Sample[]): Front {
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
