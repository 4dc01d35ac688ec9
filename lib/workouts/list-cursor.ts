/** The last workout of a page; the next page goes on below it. */
export interface ListPlace {
  readonly performedDate: string
  readonly workoutSequence: number
}

const PLACE = /^(\d{4}-\d{2}-\d{2})\.([1-9]\d{0,15})$/

/** A place in a list as a word for URLs, that clients hand back and do not read. */
export function cursorOf({ performedDate, workoutSequence }: ListPlace): string {
  return Buffer.from(`${performedDate}.${workoutSequence}`).toString('base64url')
}

/** @returns undefined for what is no cursor of ours */
export function placeOf(cursor: string): ListPlace | undefined {
  const [, performedDate, workoutSequence] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (performedDate === undefined) return undefined
  const place = { performedDate, workoutSequence: Number(workoutSequence) }
  // Base64 has several spellings of the same bytes.
  return Number.isSafeInteger(place.workoutSequence) && cursorOf(place) === cursor ? place : undefined
}
