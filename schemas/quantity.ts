import { type Static, type TSchema, Type } from '@sinclair/typebox'

/** A closed set of strings as a plain JSON Schema `enum` (a union of literals would become an `anyOf`). */
export function StringEnum<const T extends readonly string[]>(values: T, options: { description?: string } = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options })
}

export const HEIGHT_UNITS = ['m', 'cm', 'in', 'ft'] as const
export const BODY_MASS_UNITS = ['kg', 'lb'] as const
export const INPUT_UNITS = ['kg', 'g', 'lb', 'm', 'cm', 'in', 'ft', 'yd', 'km', 'mi', 'kcal'] as const
export const WORK_UNITS = ['J', 'kJ', 'kcal', 'ft_lbf'] as const
export const POWER_UNITS = ['W', 'kW', 'hp', 'ft_lbf_per_s'] as const

/** A `{value, unit}` of a request. Its range depends on the unit and is checked after conversion to SI. */
export function InputQuantity<const T extends readonly string[]>(units: T, description: string) {
  return Type.Object(
    { value: Type.Number({ minimum: 0, maximum: 1e9 }), unit: StringEnum(units) },
    { additionalProperties: false, description }
  )
}

/** A height: `{value, unit}`, or `{feet, inches}` as people of some countries say it. */
export function HeightQuantity(description: string) {
  const feetAndInches = Type.Object(
    {
      feet: Type.Integer({ minimum: 3, maximum: 7 }),
      inches: Type.Optional(Type.Number({ minimum: 0, maximum: 11.99 }))
    },
    { additionalProperties: false, description: 'Feet and inches, as 5 ft 10 in.' }
  )
  return Type.Union([InputQuantity(HEIGHT_UNITS, description), feetAndInches], { description })
}

/** A `{value, unit, uncertainty}` of an answer; the uncertainty is one sigma in the same unit. */
function answerQuantity<const T extends readonly string[]>(units: T, description: string) {
  return Type.Object(
    {
      value: Type.Number(),
      unit: StringEnum(units),
      uncertainty: Type.Number({ minimum: 0, description: 'One standard deviation, in the same unit.' })
    },
    { additionalProperties: false, description }
  )
}

export const WorkQuantity = (description: string) => answerQuantity(WORK_UNITS, description)
export const PowerQuantity = (description: string) => answerQuantity(POWER_UNITS, description)
export const LoadQuantity = (description: string) => answerQuantity(['kg'], description)
/** A pure number, with unit `1` as in UCUM. */
export const RatioQuantity = (description: string) => answerQuantity(['1'], description)

/** An object that allows only the named fields. */
export function Closed<T extends Record<string, TSchema>>(properties: T, options: Record<string, unknown> = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

/** An object with keys chosen by the client; the precheck, which knows the movement, checks them. */
export function MapOf<T extends TSchema>(value: T, options: { description: string }) {
  return Type.Unsafe<Record<string, Static<T>>>({
    type: 'object',
    additionalProperties: value,
    maxProperties: 20,
    ...options
  })
}
