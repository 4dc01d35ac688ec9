/** The last workout of a page; the next page goes on below it. */
export interface ListPlace {
  /** The day that the page had it under, whatever a revision says since. */
  readonly performedDate: string
  readonly workoutId: string
}

const PLACE = /^(\d{4}-\d{2}-\d{2})\.([\x21-\x7e]{1,100})$/

/**
 * A place in a list as a word for URLs, that clients hand back and do not read. It says nothing that the page did not:
 * numbers of rows count every purchase of the service, and stay here.
 */
export function cursorOf({ performedDate, workoutId }: ListPlace): string {
  return Buffer.from(`${performedDate}.${workoutId}`).toString('base64url')
}

/** @returns undefined for what is no cursor of ours */
export function placeOf(cursor: string): ListPlace | undefined {
  const [, performedDate, workoutId] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (performedDate === undefined || workoutId === undefined) return undefined
  const place = { performedDate, workoutId }
  // Base64 has several spellings of the same bytes.
  return cursorOf(place) === cursor ? place : undefined
}
