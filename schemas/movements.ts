import { type Static, Type } from '@sinclair/typebox'
import { Closed, INPUT_UNITS, StringEnum } from './quantity.ts'

const Input = Closed({
  required: Type.Boolean(),
  allowed_units: Type.Array(StringEnum(INPUT_UNITS)),
  si_unit: StringEnum(['kg', 'm', 'kcal'], { description: 'Unit of the bounds and of the default.' }),
  minimum_si: Type.Number(),
  minimum_is_allowed: Type.Boolean({ description: 'False where the value must be above the minimum.' }),
  maximum_si: Type.Number(),
  default_si: Type.Optional(Type.Number({ description: 'Value of an optional input that is not given.' })),
  description: Type.String()
})

const Coefficient = Closed({
  value: Type.Number(),
  unit: Type.String({ description: 'H is a fraction of body height.' }),
  uncertainty: Type.Number({ minimum: 0, description: 'One standard deviation.' }),
  sources: Type.Array(Type.String()),
  note: Type.Optional(Type.String())
})

const OverrideBounds = Closed({
  default: Type.Number(),
  unit: Type.String(),
  minimum: Type.Number(),
  maximum: Type.Number()
})

/** One movement: how to send it, and how its work is computed. */
export const MovementEntry = Closed({
  domain: StringEnum(['weightlifting', 'gymnastics', 'monostructural', 'odd_object']),
  per: StringEnum(['rep', 'distance', 'calorie', 'distance_or_calorie'], {
    description:
      'What one repetition is. `reps` is required for `rep`; for the others it is optional and defaults to 1.'
  }),
  confidence: StringEnum(['A', 'B', 'C', 'D'], {
    description: 'A about 2 %, B 3 to 8 %, C 8 to 15 %, D 15 to 50 % or a proxy.'
  }),
  aliases: Type.Array(Type.String(), {
    description: 'Other names. A request that uses one is rejected with the registry name.'
  }),
  inputs: Type.Record(Type.String(), Input),
  exactly_one_of: Type.Array(Type.String(), {
    description: 'Inputs of which exactly one is required; empty otherwise.'
  }),
  supported_overrides: Type.Record(Type.String(), OverrideBounds),
  formula: Type.String({ description: 'Work of one rep in J; H is the body height, g 9.80665 m/s2.' }),
  basis: StringEnum(['gravity', 'gait', 'flywheel', 'air_bike', 'friction'], {
    description: '`gravity` raises a mass; the others are proxies or machine work, and the notes of an answer say so.'
  }),
  coefficients: Type.Record(Type.String(), Coefficient),
  assumptions: Type.Array(Type.String()),
  not_supported: Type.String()
})

/** The movement registry, keyed by movement name. */
export const MovementsDocument = Type.Record(Type.String(), MovementEntry, {
  $id: 'MovementsDocument',
  title: 'MovementsDocument',
  description: 'Every movement by its registry name.',
  examples: [
    {
      stair_climb: {
        domain: 'monostructural',
        per: 'distance',
        confidence: 'A',
        aliases: [],
        inputs: {
          elevation_gain: {
            required: true,
            allowed_units: ['m', 'cm', 'in', 'ft'],
            si_unit: 'm',
            minimum_si: 0,
            minimum_is_allowed: false,
            maximum_si: 5000,
            description: 'Vertical metres climbed in one rep.'
          },
          external_load: {
            required: false,
            allowed_units: ['kg', 'g', 'lb'],
            si_unit: 'kg',
            minimum_si: 0,
            minimum_is_allowed: true,
            maximum_si: 500,
            default_si: 0,
            description: 'Total mass carried or hung from the body, all implements together; none by default.'
          },
          vest_load: {
            required: false,
            allowed_units: ['kg', 'g', 'lb'],
            si_unit: 'kg',
            minimum_si: 0,
            minimum_is_allowed: true,
            maximum_si: 60,
            default_si: 0,
            description: 'Worn mass, which rises with the body; none by default.'
          }
        },
        exactly_one_of: [],
        supported_overrides: {},
        formula: 'g*(body_mass + vest_load + external_load)*elevation_gain',
        basis: 'gravity',
        coefficients: {},
        assumptions: ['vertical metres only'],
        not_supported: ''
      }
    }
  ]
})
export type MovementEntry = Static<typeof MovementEntry>
export type MovementsDocument = Static<typeof MovementsDocument>
