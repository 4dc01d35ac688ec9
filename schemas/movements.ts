import { type Static, Type } from '@sinclair/typebox'
import { named } from './naming.ts'
import { Closed, ExampleInput, InputUnit, StringEnum, WorkQuantity } from './quantity.ts'

/** The class of a relative uncertainty. */
export function Confidence(usage: string) {
  return StringEnum(['A', 'B', 'C', 'D'], {
    open: 'elsewhere',
    description: `${usage} By its relative uncertainty, reading errors included: \`A\` below 2.5 %, \`B\` below 8 %, \`C\` below 15 %, \`D\` from 15 %.`
  })
}

const Input = Closed(
  {
    required: Type.Boolean({ description: 'Whether a line without it is rejected.' }),
    allowed_units: Type.Array(InputUnit, { description: 'Units that a request may use.' }),
    si_unit: named(InputUnit, 'Unit of the bounds and the default: kg, m or kcal.'),
    minimum_si: Type.Number({ description: 'Lower bound in `si_unit`.' }),
    minimum_is_allowed: Type.Boolean({ description: 'False if the value must be above the minimum.' }),
    maximum_si: Type.Number({ description: 'Upper bound in `si_unit`.' }),
    reading_error: Closed(
      {
        minimum_si: Type.Number({ description: 'In `si_unit`.' }),
        relative: Type.Number({ description: 'As a fraction of the value.' })
      },
      {
        title: 'ReadingError',
        description:
          'One standard deviation of the value as people read it: the larger of the two parts. A value of 0 is exact.'
      }
    ),
    default_si: Type.Optional(Type.Number({ description: 'Value of an optional input that is not given.' })),
    description: Type.String({ description: 'What it measures.' })
  },
  { title: 'MovementInput', description: 'An input of a movement.' }
)

const Coefficient = Closed(
  {
    value: Type.Number(),
    unit: Type.String({ description: 'H is a fraction of body height.' }),
    uncertainty: Type.Number({ minimum: 0, description: 'One standard deviation.' }),
    sources: Type.Array(Type.String(), { description: 'References for the value.' }),
    note: Type.Optional(Type.String({ description: 'How the value was chosen.' }))
  },
  { title: 'Coefficient', description: 'A coefficient of the formula.' }
)

const OverrideBounds = Closed(
  {
    default: Type.Number({ description: 'Value without an override.' }),
    unit: Type.String({ description: 'Unit of the override.' }),
    minimum: Type.Number({ description: 'Lowest accepted override.' }),
    maximum: Type.Number({ description: 'Highest accepted override.' })
  },
  { title: 'OverrideBounds', description: 'Bounds of a coefficient that a request may override.' }
)

/** One movement: its inputs and its law. */
export const MovementEntry = Closed(
  {
    domain: StringEnum(['weightlifting', 'gymnastics', 'monostructural', 'odd_object'], { open: 'here' }),
    per: StringEnum(['rep', 'distance', 'calorie', 'distance_or_calorie', 'rep_or_distance'], {
      open: 'here',
      description:
        'What one repetition is. `reps` is required for `rep`, and for `rep_or_distance` without a distance; otherwise it is optional and defaults to 1.'
    }),
    confidence: Confidence('Class of the work of the example; answers have the class of each line.'),
    proxy: Type.Boolean({ description: 'Whether the work is a proxy rather than work against gravity: see `basis`.' }),
    aliases: Type.Array(Type.String(), {
      description: 'Other names. A request that uses one is rejected; the problem names the registry entry.'
    }),
    inputs: Type.Record(Type.String(), Input, { description: 'Inputs by name.' }),
    exactly_one_of: Type.Array(Type.String(), {
      description: 'Inputs of which exactly one is required; empty otherwise.'
    }),
    supported_overrides: Type.Record(Type.String(), OverrideBounds, {
      description: 'Coefficients that a request may override, by name.'
    }),
    example: Closed(
      {
        inputs: Type.Record(Type.String(), ExampleInput, { description: 'Inputs by name.' }),
        duration_seconds: Type.Optional(Type.Number({ description: 'Active time, if the work depends on it.' })),
        work: WorkQuantity('Work of one rep, or of the distance or calories.')
      },
      {
        title: 'MovementExample',
        description: 'One usual rep of the reference athlete (1.778 m, 81.65 kg), as sent and as measured.'
      }
    ),
    formula: Type.String({ description: 'Work of one rep in J; H is the body height, g 9.80665 m/s2.' }),
    basis: StringEnum(['gravity', 'gait', 'flywheel', 'air_bike', 'friction', 'drag'], {
      open: 'here',
      description: '`gravity` raises a mass; the others are proxies or machine work, and the notes of an answer say so.'
    }),
    coefficients: Type.Record(Type.String(), Coefficient, { description: 'Coefficients of the formula by name.' }),
    assumptions: Type.Array(Type.String(), { description: 'Assumptions of the formula.' }),
    not_supported: Type.String({ description: 'What the formula does not cover.' })
  },
  { title: 'MovementEntry', description: 'A movement: its inputs, its formula and the sources.' }
)

/** The movement registry, keyed by movement name. */
export const MovementsDocument = Type.Record(Type.String(), MovementEntry, {
  title: 'MovementsDocument',
  description: 'Every movement by its registry name.',
  examples: [
    {
      stair_climb: {
        domain: 'monostructural',
        per: 'distance',
        confidence: 'A',
        proxy: false,
        aliases: [],
        inputs: {
          elevation_gain: {
            required: true,
            allowed_units: ['m', 'cm', 'in', 'ft', 'km', 'yd', 'mi'],
            si_unit: 'm',
            minimum_si: 0,
            minimum_is_allowed: false,
            maximum_si: 100000,
            reading_error: { minimum_si: 0, relative: 0.02 },
            description: 'Vertical metres climbed in one rep.'
          },
          external_load: {
            required: false,
            allowed_units: ['kg', 'g', 'lb'],
            si_unit: 'kg',
            minimum_si: 0,
            minimum_is_allowed: true,
            maximum_si: 500,
            reading_error: { minimum_si: 0, relative: 0.015 },
            default_si: 0,
            description: 'Total mass carried or hung from the body, all implements together; none by default.'
          },
          vest_load: {
            required: false,
            allowed_units: ['kg', 'g', 'lb'],
            si_unit: 'kg',
            minimum_si: 0,
            minimum_is_allowed: true,
            maximum_si: 100,
            reading_error: { minimum_si: 0, relative: 0.02 },
            default_si: 0,
            description: 'Worn mass, which rises with the body; none by default.'
          }
        },
        exactly_one_of: [],
        supported_overrides: {},
        example: {
          inputs: { elevation_gain: { value: 21.6, unit: 'm' } },
          work: { value: 17295.4, unit: 'J', uncertainty: 405.613 }
        },
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
