import { metres, ofHeight } from './coefficient.ts'

/** A 450 mm competition plate holds the bar's centre 0.225 m above the floor. */
export const BAR_ON_FLOOR = metres(0.225, 0.01, ['PLATE'])

export const DUMBBELL_ON_FLOOR = metres(0.1, 0.02, ['EST'], 'dumbbell centre when its head touches the floor')

/** The travel itself is what load_height_coefficient gives, so nothing is taken off. */
export const START_INCLUDED = metres(0, 0, [], 'start height is already inside load_height_coefficient')

/** From the rack at the bottom of a front squat to lockout. */
// biome-ignore lint/suspicious/noApproximativeNumericConstant: a measured ratio, not the root of a half
export const SQUAT_TO_OVERHEAD = ofHeight(0.707, 0.035, ['COM', 'ANSUR'])
