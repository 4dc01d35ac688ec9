/** A range of durations, s; `fromSeconds` is above 0 and below `toSeconds`. */
export interface Window {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/**
 * P(t) = constantW + workJ / t. Every piece of an envelope is one, with the one or the other part 0, and so is the
 * critical-power model, with W' for the work.
 */
export interface Hyperbola {
  readonly constantW: number
  readonly workJ: number
}

export function powerOf({ constantW, workJ }: Hyperbola, seconds: number): number {
  return constantW + workJ / seconds
}

/** Its exact area over a window in linear time, J. */
export function areaOf({ constantW, workJ }: Hyperbola, window: Window): number {
  return constantW * (window.toSeconds - window.fromSeconds) + workJ * logWidth(window)
}

/** Its exact integral over a window in natural log time, W; divided by the window's log width it is the mean. */
export function logAreaOf({ constantW, workJ }: Hyperbola, window: Window): number {
  const { fromSeconds, toSeconds } = window
  return constantW * logWidth(window) + (workJ * (toSeconds - fromSeconds)) / fromSeconds / toSeconds
}

/** ln(to / from), which stays exact where the window is narrow. */
export function logWidth({ fromSeconds, toSeconds }: Window): number {
  return Math.log1p((toSeconds - fromSeconds) / fromSeconds)
}
