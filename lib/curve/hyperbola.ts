/** A range of durations, s; `fromSeconds` is above 0 and below `toSeconds`. */
export interface Window {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/**
 * P(t) = constantW + workJ / t. Every piece of an envelope is a hyperbola in which one of the two terms is 0; the
 * critical-power model is one with W' as the work.
 */
export interface Hyperbola {
  readonly constantW: number
  readonly workJ: number
}

/** Its power at a duration, W. */
export function powerOf({ constantW, workJ }: Hyperbola, seconds: number): number {
  return constantW + workJ / seconds
}

/** Its exact area over a window in linear time, J. */
export function areaOf({ constantW, workJ }: Hyperbola, window: Window): number {
  return constantW * (window.toSeconds - window.fromSeconds) + workJ * logWidth(window)
}

/** Its exact integral over a window in natural log time, W; divided by the window's log width, the mean power. */
export function logAreaOf({ constantW, workJ }: Hyperbola, window: Window): number {
  const { fromSeconds, toSeconds } = window
  return constantW * logWidth(window) + (workJ * (toSeconds - fromSeconds)) / fromSeconds / toSeconds
}

/** ln(to / from), accurate for narrow windows too. */
export function logWidth({ fromSeconds, toSeconds }: Window): number {
  return Math.log1p((toSeconds - fromSeconds) / fromSeconds)
}
