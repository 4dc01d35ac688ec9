import type { Script } from './script.ts'

/**
 * Gives the records of an athlete their next version, and holds everyone else from changing them until the
 * transaction ends. Versions rise, over all athletes, and are never given twice.
 * @param makesAthlete false: an athlete without records stays unknown
 * @returns undefined for an athlete without records
 */
export type NextVersion = (athleteKey: Buffer, makesAthlete: boolean) => Script<number | undefined>
