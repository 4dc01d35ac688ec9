/** A closed range of numbers. */
export interface Range {
  readonly min: number
  readonly max: number
}

/**
 * Bounds on what a plan may hold. They keep every sum and square of an evaluation far from overflow;
 * the request schema states the same numbers, and a test holds the two together.
 */
export const DURATION_SECONDS: Range = { min: 0.001, max: 31 * 86400 }
export const REST_SECONDS: Range = { min: 0, max: 31 * 86400 }
/** No rep at all is a part that the clock ended before: 0 J over its time. */
export const REPS: Range = { min: 0, max: 1000000 }
export const AGE_YEARS: Range = { min: 0, max: 130 }
export const SPLITS: Range = { min: 1, max: 200 }
export const MOVEMENTS_PER_SPLIT: Range = { min: 1, max: 50 }
export const SPLIT_LABEL_LENGTH: Range = { min: 0, max: 200 }
export const TITLE_LENGTH: Range = { min: 1, max: 120 }
export const SCENARIO_LABEL_LENGTH: Range = { min: 1, max: 120 }

/** The range of people that the model's body ratios are used for. */
export const HEIGHT_M: Range = { min: 1.2, max: 2.3 }
export const BODY_MASS_KG: Range = { min: 30, max: 250 }

/** Times of splits are read to the second: together they may pass the elapsed time by so much each. */
export const SPLIT_TIME_LEEWAY_SECONDS = 0.5
/** What is left of a sum of times by rounding alone, as a fraction of it. */
export const TIME_TOLERANCE = 1e-9

/** The first day that a completed workout may have. */
export const FIRST_DAY = '1970-01-01'
export const LAST_DAY = '9999-12-31'

export const FEET: Range = { min: 3, max: 7 }
export const INCHES: Range = { min: 0, max: 11.99 }
