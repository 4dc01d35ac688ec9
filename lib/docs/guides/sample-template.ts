const URL_PLACE = '@url@'
const WORKOUT_PLACE = '@workout@'

/** A sample whose service and workout are put in by the page that shows it. */
export const TEMPLATE = { publicUrl: URL_PLACE, workout: WORKOUT_PLACE }

/** @param publicUrl without a trailing slash */
export function fillTemplate(code: string, publicUrl: string, workout: object): string {
  return code.replaceAll(URL_PLACE, () => publicUrl).replaceAll(WORKOUT_PLACE, () => JSON.stringify(workout, null, 2))
}
