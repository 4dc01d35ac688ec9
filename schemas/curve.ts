import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { CalendarDate } from './compute-power.ts'
import { curveAnswerExample } from './curve-example.ts'
import { named } from './naming.ts'
import { knownCodes, Note } from './note.ts'
import { Closed, PowerQuantity, powerFields, RatioQuantity, StringEnum, workFields } from './quantity.ts'

const MAX_SECONDS = 31 * 86400

/** Parameters of a curve. `curveQueryProblems` checks that the bounds are ordered and the dates exist. */
export const CurveQuery = Closed({
  from_seconds: Type.Number({
    minimum: 1,
    maximum: MAX_SECONDS,
    default: 10,
    description: 'Shortest duration of the window of areas and means.'
  }),
  to_seconds: Type.Number({
    minimum: 1,
    maximum: MAX_SECONDS,
    default: 3600,
    description: 'Longest duration of the window; above from_seconds.'
  }),
  performed_from: Type.Optional(CalendarDate('Only workouts of this day or later.')),
  performed_to: Type.Optional(CalendarDate('Only workouts of this day or earlier.')),
  // Earlier clients request the picture this way; it now has its own operation.
  format: Type.Unsafe<'json' | 'svg'>({ type: 'string', enum: ['json', 'svg'], default: 'json', unpublished: true })
})
export type CurveQuery = Static<typeof CurveQuery>

/** The same parameters without a format. */
export const CurvePictureQuery = Type.Omit(CurveQuery, ['format'], { additionalProperties: false })

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
const DurationWindow = Closed(windowBounds, {
  title: 'DurationWindow',
  description: 'A range of durations.'
})
const WindowedWork = Closed(
  { ...workFields, ...windowBounds },
  { title: 'WindowedWork', description: 'Work over a window of durations.' }
)
const Area = named(WindowedWork, 'Area under the envelope over the window in linear time: exact, piece by piece.')
const LogMeanPower = Closed(
  { ...powerFields, ...windowBounds },
  {
    title: 'LogMeanPower',
    description: 'Mean power of the envelope over the logarithm of time: every doubling of time has the same weight.'
  }
)

const SampleKind = StringEnum(SAMPLE_KINDS, {
  open: 'here',
  description: '`run`: two or more neighbouring splits with the rests between them.'
})

const AnyEffort = Closed(
  {
    duration_seconds: Seconds(
      'Elapsed time of a session, active time of a split, active times plus the rests between them of a run.'
    ),
    average_power: PowerQuantity('Work over that duration.'),
    kind: SampleKind,
    modality: StringEnum([...MODALITIES, 'mixed'], {
      open: 'here',
      description: 'The common modality of all its movements; `mixed` counts in no modality curve.'
    }),
    workout_id: Type.String({ description: 'The workout that it is part of.' }),
    performed_date: Type.String({ description: 'Day of the workout.' }),
    title: Type.Optional(Type.String({ description: 'Name of the workout.' })),
    first_split_index: Count('First split in it, from 0.'),
    last_split_index: Count('Last split in it, from 0.'),
    on_envelope: Type.Boolean({
      description: 'Whether the sample is part of the envelope of the answer, whose corners are `envelope_points`.'
    })
  },
  { title: 'Effort', description: 'Work done in a time, as part of one workout: a sample of the curve.' }
)
const Effort = (usage: string) => named(AnyEffort, usage)

const EnvelopePoint = Closed(
  {
    duration_seconds: Seconds('Duration of the corner.'),
    average_power: PowerQuantity('Power of the envelope at the corner.'),
    after: StringEnum(CORNER_SHAPES, {
      open: 'here',
      description:
        'The envelope up to the next corner. `constant_work`: power is duration_seconds x average_power / t, and the corner is a sample. `constant_power`: power stays the same, and two samples meet at the corner.'
    }),
    workout_id: Type.String({ description: 'Workout of the sample that has this power.' }),
    kind: SampleKind
  },
  { title: 'EnvelopePoint', description: 'A corner of an envelope.' }
)
const EnvelopePoints = Type.Array(EnvelopePoint, {
  description:
    'Corners by duration, independent of the window. Before the first corner the envelope has the power of the first.'
})

const ModalityCurve = Closed(
  {
    workout_count: Count('Workouts that count in it.'),
    envelope_points: EnvelopePoints,
    work_capacity_auc: Area,
    log_mean_power: LogMeanPower
  },
  { title: 'ModalityCurve', description: 'The envelope of one modality, and its figures.' }
)

const CoverageCell = Closed(
  {
    workout_count: Count('Workouts with a sample of this modality and duration that contains work.'),
    best: Nullable(Effort('The sample with the highest mean power.'), 'null without such a sample.'),
    last_performed_date: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'The latest such workout.'
    })
  },
  { title: 'CoverageCell', description: 'The samples of one modality in one time domain.' }
)
const CoverageRow = Closed(
  { short: CoverageCell, medium: CoverageCell, long: CoverageCell },
  {
    title: 'CoverageRow',
    description: 'The time domains of one modality.'
  }
)

const Period = Closed(
  { from: Type.String({ description: 'First day.' }), to: Type.String({ description: 'Last day.' }) },
  { title: 'Period', description: 'First and last day, both included.' }
)
const DomainBest = Nullable(
  Closed(
    {
      best: Effort('The sample with the highest mean power.'),
      log_mean_power: PowerQuantity(
        "Log-mean power of the period's envelope over the time domain; comparable between periods."
      )
    },
    { title: 'PeriodBest', description: 'The best of one period.' }
  ),
  'null if the period has no sample of this duration.'
)
const DomainTrend = Closed(
  {
    modality: StringEnum(['all', ...MODALITIES], { open: 'here' }),
    time_domain: StringEnum(TIME_DOMAINS, { open: 'here' }),
    recent: DomainBest,
    previous: DomainBest,
    change: Nullable(RatioQuantity('Recent over previous log_mean_power, less 1.'), 'null if either period is null.')
  },
  { title: 'DomainTrend', description: 'The change of one modality in one time domain.' }
)

const StandardError = Type.Unsafe<number | null>({
  type: ['number', 'null'],
  description:
    'Standard error of the fit, from the scatter about the line; null for two efforts, which always lie on it.'
})
const FIT_WARNING_CODES = ['two_efforts', 'mixed_modality', 'no_long_effort'] as const
const NO_FIT_CODES = ['too_few_efforts', 'efforts_too_alike'] as const

const CriticalPower = Closed(
  {
    cp: Closed(
      { ...powerFields, standard_error: StandardError },
      {
        title: 'FittedPower',
        description: 'Critical power.'
      }
    ),
    w_prime: Closed(
      { ...workFields, standard_error: StandardError },
      {
        title: 'FittedWork',
        description: 'Work above critical power.'
      }
    ),
    effort_count: Type.Integer({ minimum: 2, description: 'Number of efforts in the fit.' }),
    efforts: Type.Array(Effort('An effort of the fit.'), { description: 'By duration.' }),
    warnings: Type.Array(Note(FIT_WARNING_CODES), { description: knownCodes(FIT_WARNING_CODES) })
  },
  { title: 'CriticalPower', description: 'Critical power and the work above it, fitted to efforts of 120 to 1800 s.' }
)

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
    sample_count: Count('Samples of all these workouts.'),
    performed_from: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'As requested; null without a bound.'
    }),
    performed_to: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'As requested; null without a bound.'
    }),
    points: Type.Array(AnyEffort, {
      description:
        'Samples by duration: all on the envelope, then those on the own envelopes of the newest workouts, up to 1000 unless the envelope itself has more. A sample that another sample of the same workout equals or exceeds at every duration is not listed.'
    }),
    envelope_points: EnvelopePoints,
    work_capacity_auc: Area,
    log_mean_power: LogMeanPower,
    modality_curves: Closed(
      { weightlifting: ModalityCurve, gymnastics: ModalityCurve, cardiovascular: ModalityCurve },
      { title: 'ModalityCurves', description: 'The same figures for the samples of each modality.' }
    ),
    time_domains: Closed(
      {
        short: DurationWindow,
        medium: DurationWindow,
        long: DurationWindow
      },
      {
        title: 'TimeDomains',
        description:
          'Bounds of the time domains. An inner bound belongs to the longer domain; shorter and longer samples belong to the outer domains.'
      }
    ),
    coverage_matrix: Closed(
      { weightlifting: CoverageRow, gymnastics: CoverageRow, cardiovascular: CoverageRow },
      { title: 'CoverageMatrix', description: 'Coverage of each modality in each time domain.' }
    ),
    fitness_score: Nullable(
      WindowedWork,
      'Geometric mean of the three modality areas over the window; null if a modality has no samples.'
    ),
    domain_trends: Closed(
      {
        recent: Period,
        previous: Period,
        trends: Type.Array(DomainTrend, { description: 'By modality, then by time domain.' })
      },
      {
        title: 'DomainTrends',
        description: 'The last 90 days compared with the 90 days before; performed_from and performed_to do not apply.'
      }
    ),
    critical_power: Nullable(CriticalPower, 'Power is cp + w_prime / t; null if there is no fit.'),
    critical_power_reason: Nullable(
      Note(NO_FIT_CODES),
      `Why critical_power is null; otherwise null. ${knownCodes(NO_FIT_CODES)}`
    ),
    notes: Type.Array(Note(curveNoteCodes), {
      description: `Conventions and bounds behind the figures. ${knownCodes(curveNoteCodes)}`
    })
  },
  {
    title: 'CurveAnswer',
    description: 'The highest power that an athlete has proved for every duration, and the figures derived from it.',
    examples: [curveAnswerExample]
  }
)
export type CurveAnswer = Static<typeof CurveAnswer>
