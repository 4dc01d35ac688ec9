import { type Static, Type } from '@sinclair/typebox'
import { Confidence } from './movements.ts'
import { named } from './naming.ts'
import { knownCodes, Note } from './note.ts'
import { DAY_PATTERN, LINE_PATTERN, UUID_PATTERN } from './patterns.ts'
import {
  BodyMass,
  Closed,
  HeightQuantity,
  InputQuantity,
  LoadQuantity,
  MapOf,
  PowerQuantity,
  PowerUnit,
  RatioQuantity,
  StringEnum,
  WorkQuantity,
  WorkUnit
} from './quantity.ts'

const MAX_SECONDS = 31 * 86400
const Seconds = (description: string) => Type.Number({ minimum: 0.001, maximum: MAX_SECONDS, description })
/** A calendar date. */
export const CalendarDate = (when: string) =>
  Type.String({
    format: 'date',
    pattern: DAY_PATTERN,
    description: `${when} A calendar date such as 2026-02-28.`
  })

/** The docs' first example: 21 + 15 of thrusters and pull-ups in 78 s and 54 s of a three-minute session. */
const exampleSplit = (seconds: number, reps: number) => ({
  duration_seconds: seconds,
  work: {
    movements: [
      { movement: 'thruster', reps, inputs: { external_load: { value: 95, unit: 'lb' } } },
      { movement: 'pull_up', reps, inputs: {} }
    ]
  }
})

export const computePowerExample = {
  athlete_uuid: '11111111-1111-1111-1111-111111111111',
  evaluation_context: 'completed',
  performed_date: '2026-01-15',
  duration_seconds: 180,
  user: { height: { value: 70, unit: 'in' }, body_mass: { value: 180, unit: 'lb' } },
  splits: [exampleSplit(78, 21), exampleSplit(54, 15)]
}

const MovementLine = Closed(
  {
    movement: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Registry name, as listed by GET /v1/movements. Other names are rejected with a suggestion.'
    }),
    reps: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1000000,
        description:
          'Required for movements counted per rep; otherwise 1 by default. Inputs are per rep, so work is reps x input.'
      })
    ),
    inputs: Type.Optional(
      MapOf(InputQuantity, {
        description: 'Inputs by name; exactly those of the movement (GET /v1/movements).'
      })
    ),
    spec_overrides: Type.Optional(
      MapOf(Type.Number({ minimum: 0, maximum: 1e9 }), {
        description: "Coefficients by name; only those in the movement's supported_overrides, within their bounds."
      })
    )
  },
  { title: 'MovementLine', description: 'One movement of a split.' }
)

const Split = Closed(
  {
    label: Type.Optional(Type.String({ maxLength: 200, description: 'Name of the split; returned with its result.' })),
    duration_seconds: Seconds('Active time only.'),
    rest_seconds_after: Type.Optional(
      Type.Number({ minimum: 0, maximum: MAX_SECONDS, description: 'Rest after the split; 0 unless given.' })
    ),
    work: Closed(
      { movements: Type.Array(MovementLine, { minItems: 1, maxItems: 50, description: 'In any order.' }) },
      { title: 'SplitWork', description: 'The movements of a split.' }
    )
  },
  { title: 'Split', description: 'Work in an active time, and the rest after it.' }
)

/** The body's fields, for routes that take the same workout and more (a revision). */
export const computePowerFields = {
  athlete_uuid: Type.String({
    pattern: UUID_PATTERN,
    description: 'The key to the records; keep it secret. Any 8-4-4-4-12 hex form, compared in lower case.'
  }),
  evaluation_context: StringEnum(['completed', 'planned', 'hypothetical'], {
    title: 'EvaluationContext',
    description: 'Only completed workouts are stored.'
  }),
  performed_date: Type.Optional(
    CalendarDate('Required for `completed`, forbidden otherwise. From 1970-01-01 to tomorrow (UTC).')
  ),
  planned_for_date: Type.Optional(
    CalendarDate('Required for `planned`, forbidden otherwise. Yesterday (UTC) or later.')
  ),
  scenario_label: Type.Optional(
    Type.String({ minLength: 1, maxLength: 120, description: 'Only for `planned` and `hypothetical`.' })
  ),
  title: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 120,
      pattern: LINE_PATTERN,
      description:
        'Name of a `completed` workout, forbidden otherwise; kept in lists, details, CSV and curves. One line without control characters.'
    })
  ),
  duration_seconds: Seconds(
    'Elapsed time of the whole session; at least the sum of active and rest times, which may be off by half a second a split.'
  ),
  user: Closed(
    {
      height: HeightQuantity('Body height, 1.20 to 2.30 m.'),
      body_mass: named(BodyMass, 'Body mass, 30 to 250 kg.'),
      age_years: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 130, description: 'Kept with the record; not used by the model.' })
      ),
      sex: Type.Optional(
        StringEnum(['female', 'male'], { title: 'Sex', description: 'Kept with the record; not used by the model.' })
      )
    },
    { title: 'User', description: 'The body that the work depends on.' }
  ),
  splits: Type.Array(Split, { minItems: 1, maxItems: 200, description: 'In the order performed.' }),
  response_units: Type.Optional(
    Closed(
      { work: Type.Optional(WorkUnit), power: Type.Optional(PowerUnit) },
      { title: 'ResponseUnits', description: 'Units of the answer; J and W by default.' }
    )
  )
}

/** A workout to measure. The precheck reports violations of rules across fields. */
export const ComputePowerRequest = Closed(computePowerFields, {
  title: 'ComputePowerRequest',
  description: 'A described workout: the athlete, the elapsed time and the splits with their movements.',
  examples: [computePowerExample]
})
export type ComputePowerRequest = Static<typeof ComputePowerRequest>

const Duration = (description: string) => Type.Number({ minimum: 0, description })
const Index = (description: string) => Type.Integer({ minimum: 0, description })

const MovementWork = Closed(
  {
    movement: Type.String({ description: 'Registry name.' }),
    reps: Type.Integer({ minimum: 0, description: 'As in the request; 1 by default.' }),
    work: WorkQuantity('Work of all reps of this line.'),
    total_load: Type.Optional(
      LoadQuantity(
        'Load moved in total: external_load (all implements together, never per hand) plus vest_load, minus assistance_load. Absent without a load.'
      )
    ),
    average_power: Type.Optional(
      PowerQuantity("Mean power of this movement over the split's active time; only in an isolated split.")
    ),
    confidence: Confidence('Class of the work of this line.'),
    proxy: Type.Boolean({
      description: 'Whether the work is a proxy rather than work against gravity; the notes say which.'
    })
  },
  { title: 'MovementWork', description: 'The work of one line of a split.' }
)

const SplitResult = Closed(
  {
    index: Index('Index in the request, from 0.'),
    label: Type.Optional(Type.String({ description: 'As in the request.' })),
    duration_seconds: Duration('Active time.'),
    rest_seconds_after: Duration('Rest after the split.'),
    attribution: StringEnum(['isolated', 'grouped'], {
      open: 'elsewhere',
      description:
        '`isolated`: one movement name in the split; `grouped`: several, so that their powers are not separable.'
    }),
    total_work: WorkQuantity('Work of the split.'),
    average_power: PowerQuantity('Work over active time.'),
    movements: Type.Array(MovementWork, { description: 'In the order of the request.' })
  },
  { title: 'SplitResult', description: 'The work and power of one split.' }
)

const MovementRollup = Closed(
  {
    movement: Type.String({ description: 'Registry name.' }),
    occurrences: Type.Integer({ minimum: 1, description: 'Lines of the request with this movement.' }),
    reps: Type.Integer({ minimum: 0, description: 'Sum over its lines.' }),
    work: WorkQuantity('Work of all its lines.'),
    work_share: RatioQuantity("Share of the session's work; 0 if the session has none."),
    isolated_duration_seconds: Duration('Active time of the isolated splits of this movement.'),
    average_power: Type.Optional(PowerQuantity('Mean power over its isolated splits; absent without such a split.'))
  },
  { title: 'MovementRollup', description: 'The work of one movement in the whole session.' }
)

export const noteCodes = [
  'power_denominators',
  'unattributed_time',
  'overrides_used',
  'override_not_used',
  'erg_reference_power_used',
  'proxy_flywheel',
  'proxy_air_bike',
  'proxy_friction',
  'proxy_gait',
  'proxy_drag',
  'rope_within_reach',
  'zero_power_summary',
  'height_feet_decimal',
  'split_times_rounded',
  'erg_calories_at_rest',
  'power_extraordinary',
  'possible_duplicate'
] as const

/** The measured part of an answer, which planned workouts receive as well. */
const evaluationFields = {
  results: Closed(
    {
      session: Closed(
        {
          duration_seconds: Duration('Elapsed time.'),
          active_duration_seconds: Duration('Sum of the active times.'),
          rest_duration_seconds: Duration('Sum of the rests.'),
          unattributed_duration_seconds: Duration('Elapsed time less active and rest times.'),
          total_work: WorkQuantity('Work of all splits.'),
          average_power_elapsed: PowerQuantity('Total work over elapsed time.'),
          average_power_active: PowerQuantity('Total work over active time.')
        },
        { title: 'SessionResult', description: 'The work and power of the whole session.' }
      ),
      splits: Type.Array(SplitResult, { description: 'In the order of the request.' }),
      summary: Closed(
        {
          peak: PowerQuantity('Highest average power of a split.'),
          minimum: PowerQuantity('Lowest average power of a split.'),
          mean: PowerQuantity('Unweighted mean over the splits.'),
          dropoff: RatioQuantity('(peak - minimum) / peak; 0 if the peak is 0.'),
          consistency: RatioQuantity('1 - population standard deviation / mean; 1 if the mean is 0.'),
          strongest_split_index: Index('The first split with the peak, from 0.'),
          weakest_split_index: Index('The first split with the minimum, from 0.')
        },
        { title: 'SplitComparison', description: 'The average powers of the splits compared.' }
      ),
      movement_rollups: Type.Array(MovementRollup, { description: 'In the order of first appearance.' })
    },
    { title: 'Results', description: 'The figures of the session, of its splits and of its movements.' }
  ),
  notes: Type.Array(Note(noteCodes), {
    description: `The denominators, proxies and overrides behind the figures. ${knownCodes(noteCodes)}`
  }),
  model: Closed(
    {
      version: Type.String({ description: 'Version of the laws and rules.' }),
      catalogue_digest: Type.String({ description: 'SHA-256 of the canonical GET /v1/movements document.' })
    },
    { title: 'ModelVersion', description: 'The model behind the figures.' }
  )
}

/** The measured part of an answer. */
const Evaluation = Closed(evaluationFields)
export type Evaluation = Static<typeof Evaluation>

const joules = (value: number, uncertainty: number) => ({ value, unit: 'J', uncertainty })
const watts = (value: number, uncertainty: number) => ({ value, unit: 'W', uncertainty })
const kilograms = (value: number, uncertainty: number) => ({ value, unit: 'kg', uncertainty })
const plain = (value: number, uncertainty: number) => ({ value, unit: '1', uncertainty })

/** The answer to `computePowerExample`, rounded; a test holds it to the model. */
export const computePowerAnswerExample = {
  workout_id: '018f3f5e-5c1a-7cc0-8d7b-6a1d2f3b4c5d',
  revision_id: '018f3f5e-5c1b-7a11-9c3e-0f1e2d3c4b5a',
  results: {
    session: {
      duration_seconds: 180,
      active_duration_seconds: 132,
      rest_duration_seconds: 0,
      unattributed_duration_seconds: 48,
      total_work: joules(48592, 2133.61),
      average_power_elapsed: watts(269.956, 11.8771),
      average_power_active: watts(368.122, 16.2836)
    },
    splits: [
      {
        index: 0,
        duration_seconds: 78,
        rest_seconds_after: 0,
        attribution: 'grouped',
        total_work: joules(28345.4, 1244.61),
        average_power: watts(363.402, 16.1256),
        movements: [
          {
            movement: 'thruster',
            reps: 21,
            work: joules(18659.1, 833.294),
            confidence: 'B',
            proxy: false,
            total_load: kilograms(43.0913, 0.430913)
          },
          { movement: 'pull_up', reps: 21, work: joules(9686.23, 906.325), confidence: 'C', proxy: false }
        ]
      },
      {
        index: 1,
        duration_seconds: 54,
        rest_seconds_after: 0,
        attribution: 'grouped',
        total_work: joules(20246.7, 889.004),
        average_power: watts(374.939, 16.8251),
        movements: [
          {
            movement: 'thruster',
            reps: 15,
            work: joules(13327.9, 595.21),
            confidence: 'B',
            proxy: false,
            total_load: kilograms(43.0913, 0.430913)
          },
          { movement: 'pull_up', reps: 15, work: joules(6918.74, 647.375), confidence: 'C', proxy: false }
        ]
      }
    ],
    summary: {
      peak: watts(374.939, 16.8251),
      minimum: watts(363.402, 16.1256),
      mean: watts(369.17, 16.344),
      dropoff: plain(0.0307692, 0.0109152),
      consistency: plain(0.984375, 0.00562946),
      strongest_split_index: 1,
      weakest_split_index: 0
    },
    movement_rollups: [
      {
        movement: 'thruster',
        occurrences: 2,
        reps: 36,
        work: joules(31987.1, 1428.5),
        work_share: plain(0.658278, 0.0231221),
        isolated_duration_seconds: 0
      },
      {
        movement: 'pull_up',
        occurrences: 2,
        reps: 36,
        work: joules(16605, 1553.7),
        work_share: plain(0.341722, 0.0231221),
        isolated_duration_seconds: 0
      }
    ]
  },
  notes: [
    {
      code: 'power_denominators',
      message:
        'Split powers are work over active time. The session has both: average_power_elapsed over the whole duration, average_power_active over the sum of active times.'
    },
    {
      code: 'unattributed_time',
      message: '48 s of the session are neither active nor rest; only average_power_elapsed counts them.'
    }
  ],
  model: {
    version: '1.1.0',
    catalogue_digest: '9510f3b05bec5aaaec91ee30e3ec3cc6a2280ec69fc97c672a63360960cd6a9c'
  }
}

/** The answer. Only completed workouts have ids, because nothing else is stored. */
export const ComputePowerAnswer = Closed(
  {
    workout_id: Type.Optional(Type.String({ description: 'Only of a completed workout.' })),
    revision_id: Type.Optional(Type.String({ description: 'Only of a completed workout.' })),
    ...evaluationFields
  },
  {
    title: 'ComputePowerAnswer',
    description:
      'The measured work and power. A completed workout also has its ids; planned and hypothetical ones are not stored.',
    examples: [computePowerAnswerExample]
  }
)
export type ComputePowerAnswer = Static<typeof ComputePowerAnswer>
