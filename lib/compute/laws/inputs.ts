import type { InputUnit } from '../units.ts'
import type { InputSpec, Reading } from './law.ts'

const MASS_UNITS: readonly InputUnit[] = ['kg', 'g', 'lb']
const HEIGHT_UNITS: readonly InputUnit[] = ['m', 'cm', 'in', 'ft']
const DISTANCE_UNITS: readonly InputUnit[] = ['m', 'km', 'ft', 'yd', 'mi']
const CLIMB_UNITS: readonly InputUnit[] = ['m', 'cm', 'in', 'ft', 'km', 'yd', 'mi']

const shared = (absoluteSi: number, relative = 0): Reading => ({ absoluteSi, relative, isShared: true })
const ofLine = (absoluteSi: number): Reading => ({ absoluteSi, relative: 0, isShared: false })

/** Uncalibrated plates are 2 to 3 % off, calibrated ones nearly exact. */
const BARBELL_READING = shared(0, 0.01)
const HAND_WEIGHT_READING = shared(0, 0.015)
const VEST_READING = shared(0, 0.02)
const ODD_OBJECT_READING = shared(0, 0.03)
/** A machine's stack is good to 5 % and 2 kg; a band's pull falls along the way, so its mean is good to 30 %. */
const ASSISTANCE_READING = shared(2, 0.3)
const BOX_READING = shared(0.005)
const TARGET_READING = shared(0.02)
const ROPE_READING = shared(0.05)
const CLIMB_READING = shared(0, 0.02)
const COURSE_READING = shared(0.5, 0.01)
const MONITOR_DISTANCE_READING = ofLine(0.5)
/** A console shows whole calories: half of one, uniformly distributed, is 0.5 / sqrt(3). */
const CALORIE_READING = ofLine(0.3)

/** A bar with its plates. Movements with heavier records raise the maximum. */
export const EXTERNAL_LOAD: InputSpec = {
  name: 'external_load',
  siUnit: 'kg',
  units: MASS_UNITS,
  required: true,
  defaultSi: 0,
  minSi: 0,
  maxSi: 500,
  aboveMin: false,
  reading: BARBELL_READING,
  description: 'Total mass of all implements moved: bar and plates, or both dumbbells together; never per hand.'
}

/** Dumbbells, kettlebells and balls. */
export const HAND_WEIGHTS: InputSpec = { ...EXTERNAL_LOAD, reading: HAND_WEIGHT_READING }

/** Sandbags, stones, yokes and handles. */
export const ODD_OBJECT: InputSpec = { ...EXTERNAL_LOAD, reading: ODD_OBJECT_READING }

export const SLED_LOAD: InputSpec = { ...ODD_OBJECT, description: 'Mass of the sled and its plates together.' }

export const CARRIED_LOAD: InputSpec = {
  ...HAND_WEIGHTS,
  required: false,
  description: 'Total mass carried or hung from the body, all implements together; none by default.'
}

export const VEST_LOAD: InputSpec = {
  ...EXTERNAL_LOAD,
  name: 'vest_load',
  required: false,
  maxSi: 100,
  reading: VEST_READING,
  description: 'Worn mass, which rises with the body; none by default.'
}

export const ASSISTANCE_LOAD: InputSpec = {
  ...EXTERNAL_LOAD,
  name: 'assistance_load',
  required: false,
  maxSi: 250,
  reading: ASSISTANCE_READING,
  description:
    'Mass that a machine or band takes off; none by default. For a band, the mean of its pull at the bottom and at the top; the uncertainty is that of a band, because a stack is more certain. At most 0.9 of the raised mass; not together with external_load.'
}

export const TARGET_HEIGHT: InputSpec = {
  name: 'target_height',
  siUnit: 'm',
  units: HEIGHT_UNITS,
  required: false,
  defaultSi: 3.048,
  minSi: 1.5,
  maxSi: 5,
  aboveMin: false,
  reading: TARGET_READING,
  description: 'Height of the target line above the floor; 10 ft by default.'
}

export const BOX_HEIGHT: InputSpec = {
  ...TARGET_HEIGHT,
  name: 'box_height',
  defaultSi: 0.6096,
  minSi: 0.1,
  maxSi: 2,
  reading: BOX_READING,
  description: 'Height of the box; 24 in by default.'
}

export const STEP_HEIGHT: InputSpec = {
  ...BOX_HEIGHT,
  defaultSi: 0.508,
  maxSi: 1.2,
  description: 'Height of the box; 20 in by default.'
}

export const DEFICIT_HEIGHT: InputSpec = {
  ...BOX_HEIGHT,
  name: 'deficit_height',
  required: true,
  defaultSi: 0,
  minSi: 0,
  maxSi: 0.5,
  description: 'How far the head goes below the hands.'
}

export const CLIMB_HEIGHT: InputSpec = {
  ...TARGET_HEIGHT,
  name: 'climb_height',
  defaultSi: 4.572,
  minSi: 2,
  maxSi: 30,
  reading: ROPE_READING,
  description: 'Height of the touched mark above the floor; 15 ft by default.'
}

export const ELEVATION_GAIN: InputSpec = {
  ...TARGET_HEIGHT,
  name: 'elevation_gain',
  units: CLIMB_UNITS,
  defaultSi: 0,
  minSi: 0,
  maxSi: 100000,
  reading: CLIMB_READING,
  description: 'Vertical metres climbed in one rep, ascents only; flat by default.'
}

export const STAIRS_GAIN: InputSpec = {
  ...ELEVATION_GAIN,
  required: true,
  aboveMin: true,
  description: 'Vertical metres climbed in one rep.'
}

export const TRAVEL_DISTANCE: InputSpec = {
  name: 'travel_distance',
  siUnit: 'm',
  units: DISTANCE_UNITS,
  required: true,
  defaultSi: 0,
  minSi: 0,
  maxSi: 5000000,
  aboveMin: true,
  reading: COURSE_READING,
  description: 'Distance covered in one rep.'
}

/** For movements counted by reps or by distance. */
export const DISTANCE_INSTEAD: InputSpec = {
  ...TRAVEL_DISTANCE,
  required: false,
  aboveMin: false,
  description: 'Distance covered in one rep, if the steps or jumps were not counted; otherwise 0 or absent.'
}

export const ERG_DISTANCE: InputSpec = {
  ...TRAVEL_DISTANCE,
  required: false,
  reading: MONITOR_DISTANCE_READING,
  description: 'Distance shown by the monitor for one rep.'
}

export const CALORIES: InputSpec = {
  name: 'calories',
  siUnit: 'kcal',
  units: ['kcal'],
  required: true,
  defaultSi: 0,
  minSi: 0,
  maxSi: 100000,
  aboveMin: true,
  reading: CALORIE_READING,
  description: 'Calories shown by the console for one rep (its "cal" is a kcal).'
}

export const ERG_CALORIES: InputSpec = { ...CALORIES, required: false }
