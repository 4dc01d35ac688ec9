import type { CORNER_SHAPES } from '../../schemas/curve.ts'
import type { Window } from './hyperbola.ts'
import type { ParetoFront } from './pareto-front.ts'
import type { Sample } from './sample.ts'

/** How an envelope continues after a corner, up to the next: the same work in more time, or the same power. */
export type Shape = (typeof CORNER_SHAPES)[number]

/** A corner of an envelope. Before `constant_work` it is a sample itself, otherwise two samples meet there. */
export interface Corner {
  readonly durationSeconds: number
  readonly powerW: number
  readonly after: Shape
  /** The sample that has this power and holds the envelope from here on. */
  readonly sample: Sample
}

/** The durations at which one sample is the highest of a front: its power up to its own duration, then its work / t. */
export interface Holding extends Window {
  readonly sample: Sample
}

/** The corners of an envelope by duration: every sample of the front, and the points where neighbours meet. */
export function cornersOf(front: ParetoFront): Corner[] {
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

/** The envelope's power at a duration above 0, W; the first corner's power before that corner; 0 without corners. */
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

/** Which sample holds the envelope where, within a window. Samples that hold no part of the window are left out. */
export function holdingsOf(front: ParetoFront, window: Window): Holding[] {
  const holdings: Holding[] = []
  for (const [index, sample] of front.entries()) {
    const fromSeconds = Math.max(window.fromSeconds, meeting(front[index - 1], sample, 0))
    const toSeconds = Math.min(window.toSeconds, meeting(sample, front[index + 1], Number.POSITIVE_INFINITY))
    if (fromSeconds < toSeconds) holdings.push({ sample, fromSeconds, toSeconds })
  }
  return holdings
}

/** Where the falling piece of one sample meets the level piece of the next. */
function meeting(sample: Sample | undefined, next: Sample | undefined, otherwise: number): number {
  return sample === undefined || next === undefined ? otherwise : sample.workJ / next.powerW
}
