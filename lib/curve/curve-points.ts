import type { CurveAnswer } from '../../schemas/curve.ts'
import type { CurveHistory } from './curve-history.ts'
import type { DateRange } from './date-tree.ts'
import type { Front } from './front.ts'
import { effortOf } from './quantities.ts'
import { compareSamples, type Sample } from './sample.ts'

/** More are not listed, unless the envelope itself is made of more. */
export const POINTS_LIMIT = 1000

type Point = CurveAnswer['points'][number]

/**
 * The samples that an answer lists, by duration: all of the envelope, then, from the newest workout back, those on
 * their own workout's envelope.
 */
export function pointsOf(history: CurveHistory, range: DateRange, envelope: Front): Point[] {
  const onEnvelope = new Set<Sample>(envelope)
  const listed = new Set<Sample>(envelope)
  for (const { curves } of history.newestFirst(range)) {
    for (const sample of curves.all.front) {
      if (listed.size >= POINTS_LIMIT) break
      listed.add(sample)
    }
    if (listed.size >= POINTS_LIMIT) break
  }
  return [...listed]
    .sort((one, other) => one.durationSeconds - other.durationSeconds || compareSamples(one, other))
    .map((sample) => ({ ...effortOf(sample), on_envelope: onEnvelope.has(sample) }))
}
