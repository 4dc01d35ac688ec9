import type { CORNER_SHAPES } from '../../schemas/curve.ts'
import type { Front } from './front.ts'
import type { Sample } from './sample.ts'

/** How an envelope goes on after a corner, up to the next: the same work in more time, or the same power. */
export type Shape = (typeof CORNER_SHAPES)[number]

/** A corner of an envelope. Before `constant_work` it is a sample itself, else it lies where two samples meet. */
export interface Corner {
  readonly durationSeconds: number
  readonly powerW: number
  readonly after: Shape
  /** The sample that has this power, and holds the envelope from here on. */
  readonly sample: Sample
}

/** The corners of an envelope in order of duration: each sample of the front, and the meetings between them. */
export function cornersOf(front: Front): Corner[] {
  const corners: Corner[] = []
  let before: Sample | undefined
  for (const sample of front) {
    const { durationSeconds, powerW } = sample
    if (before !== undefined) {
      corners.push({ durationSeconds: before.workJ / powerW, powerW, after: 'constant_power', sample })
    }
    corners.push({ durationSeconds, powerW, after: 'constant_work', sample })
    before = sample
  }
  return corners
}

/** The envelope's power at a duration above 0, W; before the first corner it is that corner's; 0 without corners. */
export function powerAt(corners: readonly Omit<Corner, 'sample'>[], seconds: number): number {
  let last = corners[0]
  if (last === undefined) return 0
  for (const corner of corners) {
    if (corner.durationSeconds > seconds) break
    last = corner
  }
  const { durationSeconds, powerW, after } = last
  if (after === 'constant_power' || seconds <= durationSeconds) return powerW
  return (powerW * durationSeconds) / seconds
}
