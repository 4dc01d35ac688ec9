/** The explanation of one code. */
export interface ProblemGuide {
  readonly code: string
  /** HTTP statuses with this code. Empty for the code of an item in `errors[]` and for the `reason` of a 402. */
  readonly statuses: readonly number[]
  readonly what: string
  readonly why: string
  readonly todo: string
}

/** A guide as a row of a table. */
export type GuideRow = readonly [code: string, statuses: readonly number[], what: string, why: string, todo: string]

/** The guides of a table. */
export function guidesOf(rows: readonly GuideRow[]): ProblemGuide[] {
  return rows.map(([code, statuses, what, why, todo]) => ({ code, statuses, what, why, todo }))
}
