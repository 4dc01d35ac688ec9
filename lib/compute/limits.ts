/** A closed range of numbers. */
export interface Range {
  readonly min: number
  readonly max: number
}

/**
 * Bounds on what a plan may hold. They keep every sum and square of an evaluation far from overflow; the request schema
 * states the same numbers, and a test compares the two.
 */
export const DURATION_SECONDS: Range = { min: 0.001, max: 31 * 86400 }
export const REST_SECONDS: Range = { min: 0, max: 31 * 86400 }
/** Zero reps mean a part that the time limit cut off: 0 J over its time. */
export const REPS: Range = { min: 0, max: 1000000 }
export const AGE_YEARS: Range = { min: 0, max: 130 }
export const SPLITS: Range = { min: 1, max: 200 }
export const MOVEMENTS_PER_SPLIT: Range = { min: 1, max: 50 }
export const SPLIT_LABEL_LENGTH: Range = { min: 0, max: 200 }
export const TITLE_LENGTH: Range = { min: 1, max: 120 }
export const SCENARIO_LABEL_LENGTH: Range = { min: 1, max: 120 }

/** The body sizes for which the model's ratios are used. */
export const HEIGHT_M: Range = { min: 1.2, max: 2.3 }
export const BODY_MASS_KG: Range = { min: 30, max: 250 }

/** Split times are read to the second: together they may exceed the elapsed time by this much per split. */
export const SPLIT_TIME_LEEWAY_SECONDS = 0.5
/** Relative rounding error of a sum of times. */
export const TIME_TOLERANCE = 1e-9

/** The earliest date of a completed workout. */
export const FIRST_DAY = '1970-01-01'
export const LAST_DAY = '9999-12-31'

export const FEET: Range = { min: 3, max: 7 }
export const INCHES: Range = { min: 0, max: 11.99 }
