import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { named } from './naming.ts'

interface EnumOptions {
  readonly title?: string
  readonly description?: string
  /** Published as a string, so that a client accepts values that a later version adds; see `naming.ts`. */
  readonly open?: 'here' | 'elsewhere'
}

/** A closed set of strings as a plain JSON Schema `enum` (a union of literals would become an `anyOf`). */
export function StringEnum<const T extends readonly string[]>(values: T, options: EnumOptions = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options })
}

/** A whole number that is always the same. A TypeBox literal has type `number`, which generators of enums misread. */
export function IntegerLiteral<const T extends number>(value: T) {
  return Type.Unsafe<T>({ type: 'integer', const: value })
}

export const HEIGHT_UNITS = ['m', 'cm', 'in', 'ft'] as const
export const BODY_MASS_UNITS = ['kg', 'lb'] as const
export const INPUT_UNITS = ['kg', 'g', 'lb', 'm', 'cm', 'in', 'ft', 'yd', 'km', 'mi', 'kcal'] as const
export const WORK_UNITS = ['J', 'kJ', 'kcal', 'ft_lbf'] as const
export const POWER_UNITS = ['W', 'kW', 'hp', 'ft_lbf_per_s'] as const

export const InputUnit = StringEnum(INPUT_UNITS, { title: 'InputUnit' })
export const WorkUnit = StringEnum(WORK_UNITS, { title: 'WorkUnit' })
export const PowerUnit = StringEnum(POWER_UNITS, { title: 'PowerUnit' })

/** A `{value, unit}` of a request. Its range depends on the unit and is checked after conversion to SI. */
function inputQuantity<T extends TSchema>(title: string, unit: T, description: string) {
  return Closed({ value: Type.Number({ minimum: 0, maximum: 1e9 }), unit }, { title, description })
}

const Height = inputQuantity('Height', StringEnum(HEIGHT_UNITS, { title: 'HeightUnit' }), 'A body height.')
export const BodyMass = inputQuantity(
  'BodyMass',
  StringEnum(BODY_MASS_UNITS, { title: 'BodyMassUnit' }),
  'A body mass.'
)
const FeetAndInches = Closed(
  {
    feet: Type.Integer({ minimum: 3, maximum: 7 }),
    inches: Type.Optional(Type.Number({ minimum: 0, maximum: 11.99 }))
  },
  { title: 'FeetAndInches', description: 'Feet and inches, such as 5 ft 10 in.' }
)

/** A height: `{value, unit}`, or `{feet, inches}` as some countries write it. */
export function HeightQuantity(description: string) {
  return Type.Union([Height, FeetAndInches], { description })
}

export const InputQuantity = inputQuantity('InputQuantity', InputUnit, 'A value with its unit.')

/** An input in an answer. */
export const ExampleInput = Closed(
  { value: Type.Number(), unit: InputUnit },
  {
    title: 'ExampleInput',
    description: 'An input as it is sent.'
  }
)

/** The fields of a `{value, unit, uncertainty}` of an answer; the uncertainty is one sigma in the same unit. */
function quantityFields<T extends TSchema>(unit: T) {
  return {
    value: Type.Number(),
    unit,
    uncertainty: Type.Number({ minimum: 0, description: 'One standard deviation, in the same unit.' })
  }
}

export const workFields = quantityFields(WorkUnit)
export const powerFields = quantityFields(PowerUnit)

const Work = Closed(workFields, { title: 'Work', description: 'Mechanical work.' })
const Power = Closed(powerFields, { title: 'Power', description: 'Mechanical power.' })
const Ratio = Closed(quantityFields(StringEnum(['1'], { open: 'here', description: 'Units as in UCUM.' })), {
  title: 'Ratio',
  description: 'A pure number.'
})

/** A mass; its unit stays one of a list that later versions may extend. */
const Load = Closed(quantityFields(StringEnum(['kg'], { open: 'here' })), { title: 'Load', description: 'A mass.' })

export const WorkQuantity = (usage: string) => named(Work, usage)
export const PowerQuantity = (usage: string) => named(Power, usage)
export const LoadQuantity = (usage: string) => named(Load, usage)
export const RatioQuantity = (usage: string) => named(Ratio, usage)

/** An object that allows only the named fields. In an answer it is published as open. */
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
