/** Standard gravity, m/s2 (exact by definition, CGPM 1901). */
export const GRAVITY = 9.80665

/**
 * Exact factors to the units of the laws: kg, m, and the calorie of a console. A console's "cal" is a displayed
 * kilocalorie, neither heat nor work; it is only counted.
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

/** The accepted units of an input. */
export type InputUnit = keyof typeof SI_PER_UNIT

// A map, so that no client-sent unit reaches a prototype.
const TO_SI: ReadonlyMap<string, number> = new Map(Object.entries(SI_PER_UNIT))

/** One factor to the SI unit of the same kind; undefined for an unknown unit. */
export function factorToSi(unit: string): number | undefined {
  return TO_SI.get(unit)
}

const FOOT_POUND_J = 0.3048 * 0.45359237 * GRAVITY

/** Work units per joule (kcal is the thermochemical 4184 J). */
export const WORK_UNITS_PER_JOULE = { J: 1, kJ: 1 / 1000, kcal: 1 / 4184, ft_lbf: 1 / FOOT_POUND_J } as const

/** Power units per watt (hp is the mechanical horsepower, 550 ft.lbf/s). */
export const POWER_UNITS_PER_WATT = {
  W: 1,
  kW: 1 / 1000,
  hp: 1 / (550 * FOOT_POUND_J),
  ft_lbf_per_s: 1 / FOOT_POUND_J
} as const

export type WorkUnit = keyof typeof WORK_UNITS_PER_JOULE
export type PowerUnit = keyof typeof POWER_UNITS_PER_WATT
