import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { curveAnswerExample } from './curve-example.ts'
import { Closed, PowerQuantity, RatioQuantity, StringEnum, WorkQuantity } from './quantity.ts'

const MAX_SECONDS = 31 * 86400
const Day = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description })

/** Parameters of a curve. That bounds are in order and days are real is told by `curveQueryProblems`. */
export const CurveQuery = Closed({
  from_seconds: Type.Number({
    minimum: 1,
    maximum: MAX_SECONDS,
    default: 10,
    description: 'Shortest duration of the window that areas and means are taken over.'
  }),
  to_seconds: Type.Number({
    minimum: 1,
    maximum: MAX_SECONDS,
    default: 3600,
    description: 'Longest duration of the window; above from_seconds.'
  }),
  performed_from: Type.Optional(Day('YYYY-MM-DD: only workouts of this day and later.')),
  performed_to: Type.Optional(Day('YYYY-MM-DD: only workouts of this day and earlier.')),
  format: Type.Unsafe<'json' | 'svg'>({
    type: 'string',
    enum: ['json', 'svg'],
    default: 'json',
    description: 'svg: a picture of the same curve.'
  })
})
export type CurveQuery = Static<typeof CurveQuery>

export const MODALITIES = ['weightlifting', 'gymnastics', 'cardiovascular'] as const
export const TIME_DOMAINS = ['short', 'medium', 'long'] as const
export const SAMPLE_KINDS = ['session', 'split', 'run'] as const
export const CORNER_SHAPES = ['constant_work', 'constant_power'] as const

const Nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const Seconds = (description: string) => Type.Number({ minimum: 0, description })
const Count = (description: string) => Type.Integer({ minimum: 0, description })

const windowBounds = {
  from_seconds: Seconds('Shortest duration of the window.'),
  to_seconds: Seconds('Longest duration of the window.')
}
const Area = Closed(
  { ...WorkQuantity('').properties, ...windowBounds },
  { description: 'Area under the envelope over the window in linear time: exact, piece by piece.' }
)
const LogMeanPower = Closed(
  { ...PowerQuantity('').properties, ...windowBounds },
  { description: 'Mean power of the envelope over the logarithm of time: each doubling of time weighs the same.' }
)

const effortFields = {
  duration_seconds: Seconds('Elapsed for a session, active for a split, active and the rests between for a run.'),
  average_power: PowerQuantity('Work over that duration.'),
  kind: StringEnum(SAMPLE_KINDS, {
    description: 'run: two or more neighbouring splits with the rests between them.'
  }),
  modality: StringEnum([...MODALITIES, 'mixed'], {
    description: 'The one modality of all its movements; mixed feeds no modality.'
  }),
  workout_id: Type.String(),
  performed_date: Type.String(),
  first_split_index: Count('First split in it, from 0.'),
  last_split_index: Count('Last split in it, from 0.')
}
const Effort = (description: string) => Closed(effortFields, { description })

const Point = Closed({
  ...effortFields,
  on_envelope: Type.Boolean({ description: 'Whether it is one of the samples that make the envelope.' })
})

const EnvelopePoint = Closed({
  duration_seconds: Seconds('Where the corner is.'),
  average_power: PowerQuantity('The envelope there.'),
  after: StringEnum(CORNER_SHAPES, {
    description:
      'Up to the next corner. constant_work: power is duration_seconds x average_power / t (the corner is a sample); constant_power: power stays (the corner is where two samples meet).'
  }),
  workout_id: Type.String({ description: 'Workout of the sample that has this power.' }),
  kind: StringEnum(SAMPLE_KINDS)
})
const EnvelopePoints = Type.Array(EnvelopePoint, {
  description: 'Corners by duration, whatever the window. Before the first the power is that of the first.'
})

const ModalityCurve = Closed({
  workout_count: Count('Workouts that feed it.'),
  envelope_points: EnvelopePoints,
  work_capacity_auc: Area,
  log_mean_power: LogMeanPower
})

const CoverageCell = Closed({
  workout_count: Count('Workouts with a sample of this modality and duration that has work.'),
  best: Nullable(Effort('The sample of the highest mean power.'), 'null where there is none.'),
  last_performed_date: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'The latest such workout.' })
})
const CoverageRow = Closed({ short: CoverageCell, medium: CoverageCell, long: CoverageCell })

const Period = Closed({ from: Type.String(), to: Type.String() }, { description: 'First and last day, included.' })
const DomainBest = Nullable(
  Closed({
    best: Effort('The sample of the highest mean power.'),
    log_mean_power: PowerQuantity(
      "Log-mean power of the period's envelope over the time domain: comparable between periods, whatever the lengths."
    )
  }),
  'null where the period has no sample of this duration.'
)
const DomainTrend = Closed({
  modality: StringEnum(['all', ...MODALITIES]),
  time_domain: StringEnum(TIME_DOMAINS),
  recent: DomainBest,
  previous: DomainBest,
  change: Nullable(RatioQuantity('Recent over previous log_mean_power, less 1.'), 'null where either is.')
})

const StandardError = Type.Unsafe<number | null>({
  type: ['number', 'null'],
  description: 'Of the fit, from the scatter about the line; null for two efforts, which are always on it.'
})
const CriticalPower = Closed({
  cp: Closed({ ...PowerQuantity('').properties, standard_error: StandardError }),
  w_prime: Closed({ ...WorkQuantity('').properties, standard_error: StandardError }),
  effort_count: Type.Integer({ minimum: 2, description: 'Number of efforts that the line was fitted to.' }),
  efforts: Type.Array(Effort('An effort of the fit.'), { description: 'By duration.' }),
  warnings: Type.Array(
    Closed({ code: StringEnum(['two_efforts', 'mixed_modality', 'no_long_effort']), message: Type.String() })
  )
})

export const curveNoteCodes = [
  'samples',
  'points',
  'points_left_out',
  'envelope',
  'window',
  'modalities',
  'time_domains',
  'fitness_score',
  'domain_trends',
  'critical_power',
  'uncertainty'
] as const

/** The power-duration curve of an athlete. */
export const CurveAnswer = Closed(
  {
    workout_count: Count('Canonical workouts in the curve.'),
    sample_count: Count('Samples of all of them.'),
    performed_from: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'As asked for.' }),
    performed_to: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'As asked for.' }),
    points: Type.Array(Point, {
      description:
        'Samples by duration: those on the envelope, and of the newest workouts those on their own envelopes, 1000 in all unless the envelope itself has more. A sample that another of the same workout equals or beats at every duration is not listed.'
    }),
    envelope_points: EnvelopePoints,
    work_capacity_auc: Area,
    log_mean_power: LogMeanPower,
    modality_curves: Closed(
      { weightlifting: ModalityCurve, gymnastics: ModalityCurve, cardiovascular: ModalityCurve },
      { description: 'The same of the samples of one modality each.' }
    ),
    time_domains: Closed(
      {
        short: Closed(windowBounds),
        medium: Closed(windowBounds),
        long: Closed(windowBounds)
      },
      {
        description:
          'Bounds of the time domains. An inner bound belongs to the longer domain; shorter and longer samples are in the outer ones.'
      }
    ),
    coverage_matrix: Closed(
      { weightlifting: CoverageRow, gymnastics: CoverageRow, cardiovascular: CoverageRow },
      { description: 'What there is of each modality in each time domain.' }
    ),
    fitness_score: Nullable(
      Closed({ ...WorkQuantity('').properties, ...windowBounds }),
      'Geometric mean of the three modality areas over the window; null where one of them has no samples.'
    ),
    domain_trends: Closed(
      { recent: Period, previous: Period, trends: Type.Array(DomainTrend) },
      { description: 'The last 90 days against the 90 before, whatever performed_from and performed_to are.' }
    ),
    critical_power: Nullable(CriticalPower, 'Power is cp + w_prime / t; null where it can not be fitted.'),
    critical_power_reason: Nullable(
      Closed({ code: StringEnum(['too_few_efforts', 'efforts_too_alike']), message: Type.String() }),
      'Why critical_power is null; null where it is not.'
    ),
    notes: Type.Array(
      Closed({ code: StringEnum(curveNoteCodes, { description: 'Stable code.' }), message: Type.String() }),
      {
        description: 'Conventions and bounds that the figures rest on.'
      }
    )
  },
  {
    $id: 'CurveAnswer',
    title: 'CurveAnswer',
    description: 'The highest power that an athlete has proved for every duration, and what follows from it.',
    examples: [curveAnswerExample]
  }
)
export type CurveAnswer = Static<typeof CurveAnswer>
