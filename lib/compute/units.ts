/** Standard gravity, m/s2 (exact by definition, CGPM 1901). */
export const GRAVITY = 9.80665

/**
 * Exact factors to the unit the laws work in: kg, m, and the calorie that a console shows.
 * A console's "cal" is a kilocalorie of the display, not heat and not work; it is only counted.
 */
const SI_PER_UNIT = {
  kg: 1,
  g: 0.001,
  lb: 0.45359237,
  m: 1,
  cm: 0.01,
  in: 0.0254,
  ft: 0.3048,
  yd: 0.9144,
  km: 1000,
  mi: 1609.344,
  kcal: 1
} as const

/** The units that an input may be sent in. */
export type InputUnit = keyof typeof SI_PER_UNIT

// A map, so that no client-sent unit can reach a prototype.
const TO_SI: ReadonlyMap<string, number> = new Map(Object.entries(SI_PER_UNIT))

/** One factor to the SI unit of the same kind; undefined for a unit that is not known. */
export function factorToSi(unit: string): number | undefined {
  return TO_SI.get(unit)
}

const FOOT_POUND_J = 0.3048 * 0.45359237 * GRAVITY

/** How many of a work unit make one joule (kcal is the thermochemical 4184 J). */
export const WORK_UNITS_PER_JOULE = { J: 1, kJ: 1 / 1000, kcal: 1 / 4184, ft_lbf: 1 / FOOT_POUND_J } as const

/** How many of a power unit make one watt (hp is the mechanical horsepower, 550 ft.lbf/s). */
export const POWER_UNITS_PER_WATT = {
  W: 1,
  kW: 1 / 1000,
  hp: 1 / (550 * FOOT_POUND_J),
  ft_lbf_per_s: 1 / FOOT_POUND_J
} as const

export type WorkUnit = keyof typeof WORK_UNITS_PER_JOULE
export type PowerUnit = keyof typeof POWER_UNITS_PER_WATT
