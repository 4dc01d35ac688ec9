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
export const REPS: Range = { min: 1, max: 1000000 }
export const AGE_YEARS: Range = { min: 0, max: 130 }
export const SPLITS: Range = { min: 1, max: 200 }
export const MOVEMENTS_PER_SPLIT: Range = { min: 1, max: 50 }
export const SPLIT_LABEL_LENGTH: Range = { min: 0, max: 200 }
export const SCENARIO_LABEL_LENGTH: Range = { min: 1, max: 120 }

/** The range of people that the model's body ratios are used for. */
export const HEIGHT_M: Range = { min: 1.2, max: 2.3 }
export const BODY_MASS_KG: Range = { min: 30, max: 250 }

/** Active and rest times may pass the elapsed time by rounding only. */
export const TIME_TOLERANCE = 1e-9
