import type { InputSpec } from './law.ts'

const MASS_UNITS = ['kg', 'g', 'lb'] as const
const HEIGHT_UNITS = ['m', 'cm', 'in', 'ft'] as const
const DISTANCE_UNITS = ['m', 'km', 'ft', 'mi'] as const

export const EXTERNAL_LOAD: InputSpec = {
  name: 'external_load',
  siUnit: 'kg',
  units: MASS_UNITS,
  required: true,
  defaultSi: 0,
  minSi: 0,
  maxSi: 500,
  aboveMin: false,
  description: 'Total mass of all implements moved: bar and plates, or both dumbbells together; never per hand.'
}

export const CARRIED_LOAD: InputSpec = {
  ...EXTERNAL_LOAD,
  required: false,
  description: 'Total mass carried or hung from the body, all implements together; none by default.'
}

export const VEST_LOAD: InputSpec = {
  ...EXTERNAL_LOAD,
  name: 'vest_load',
  required: false,
  maxSi: 60,
  description: 'Worn mass, which rises with the body; none by default.'
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
  description: 'Height of the target line above the floor; 10 ft by default.'
}

export const BOX_HEIGHT: InputSpec = {
  ...TARGET_HEIGHT,
  name: 'box_height',
  defaultSi: 0.6096,
  minSi: 0.1,
  maxSi: 1.6,
  description: 'Height of the box; 24 in by default.'
}

export const STEP_HEIGHT: InputSpec = {
  ...BOX_HEIGHT,
  defaultSi: 0.508,
  maxSi: 1.2,
  description: 'Height of the box; 20 in by default.'
}

export const CLIMB_HEIGHT: InputSpec = {
  ...TARGET_HEIGHT,
  name: 'climb_height',
  defaultSi: 4.572,
  minSi: 2,
  maxSi: 12,
  description: 'Height of the touched mark above the floor; 15 ft by default.'
}

export const ELEVATION_GAIN: InputSpec = {
  ...TARGET_HEIGHT,
  name: 'elevation_gain',
  defaultSi: 0,
  minSi: 0,
  maxSi: 5000,
  description: 'Metres climbed in one rep, ups only; flat by default.'
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
  maxSi: 100000,
  aboveMin: true,
  description: 'Distance covered in one rep.'
}

export const ERG_DISTANCE: InputSpec = {
  ...TRAVEL_DISTANCE,
  units: ['m', 'ft'],
  required: false,
  description: 'Distance shown by the monitor for one rep.'
}

export const CALORIES: InputSpec = {
  name: 'calories',
  siUnit: 'kcal',
  units: ['kcal'],
  required: true,
  defaultSi: 0,
  minSi: 0,
  maxSi: 5000,
  aboveMin: true,
  description: 'Calories shown by the console for one rep (its "cal" is a kcal).'
}

export const ERG_CALORIES: InputSpec = { ...CALORIES, required: false }
