import { type Static, Type } from '@sinclair/typebox'
import {
  CalendarDate,
  ComputePowerAnswer,
  computePowerAnswerExample,
  computePowerExample,
  computePowerFields
} from './compute-power.ts'
import { JsonObject, named } from './naming.ts'
import { UUID_PATTERN } from './patterns.ts'
import { Closed, PowerQuantity, StringEnum, WorkQuantity } from './quantity.ts'

const AthleteUuid = Type.String({
  pattern: UUID_PATTERN,
  description: 'The key to the records; keep it secret. Any 8-4-4-4-12 hex form, compared in lower case.'
})
// Not a pattern: a malformed id is treated as one that does not exist.
const WorkoutId = Type.String({ maxLength: 100, description: 'From an answer.' })
const RevisionId = (description: string) => Type.String({ minLength: 1, maxLength: 100, description })
const Reason = Type.String({ minLength: 1, maxLength: 500, description: 'Kept with the record.' })

export const WorkoutParams = Closed({ workout_id: WorkoutId })
export const AthleteParams = Closed({ athlete_uuid: AthleteUuid })
export const AthleteWorkoutParams = Closed({ athlete_uuid: AthleteUuid, workout_id: WorkoutId })

const { planned_for_date: _planned, scenario_label: _scenario, ...completedFields } = computePowerFields

/** A corrected version of a stored workout. */
export const RevisionRequest = Closed(
  {
    ...completedFields,
    performed_date: CalendarDate('The day of the workout.'),
    evaluation_context: StringEnum(['completed'], { description: 'Only completed workouts are stored.' }),
    supersedes_revision_id: RevisionId('The current canonical revision.'),
    reason: Type.Optional(Reason)
  },
  {
    title: 'RevisionRequest',
    description: 'The whole corrected workout, and the revision that it replaces.',
    examples: [
      {
        ...computePowerExample,
        supersedes_revision_id: computePowerAnswerExample.revision_id,
        reason: 'The bar was 95 lb.'
      }
    ]
  }
)
export type RevisionRequest = Static<typeof RevisionRequest>

export const VoidRequest = Closed(
  { athlete_uuid: AthleteUuid, revision_id: RevisionId('The canonical revision.'), reason: Type.Optional(Reason) },
  {
    title: 'VoidRequest',
    description: 'The revision to void.',
    examples: [
      {
        athlete_uuid: computePowerExample.athlete_uuid,
        revision_id: computePowerAnswerExample.revision_id,
        reason: 'Entered twice.'
      }
    ]
  }
)

const { workout_id, revision_id, results } = computePowerAnswerExample
const { athlete_uuid: _, ...requestExample } = computePowerExample
const { performed_date } = computePowerExample
const boughtAt = { created_at: '2026-01-15T18:04:05.678Z' }

const State = StringEnum(['canonical', 'superseded', 'voided'], {
  open: 'here',
  description: '`canonical`: counts; `superseded`: a later revision counts; `voided`: the workout does not count.'
})

export const VoidAnswer = Closed(
  {
    workout_id: Type.String({ description: 'The voided workout.' }),
    revision_id: Type.String({ description: 'Its last revision.' }),
    state: Type.Unsafe<'voided'>({ type: 'string', description: 'Always `voided`.' }),
    voided_at: Type.String({ format: 'date-time', description: 'When it was voided.' })
  },
  {
    title: 'VoidAnswer',
    description: 'The voided workout.',
    examples: [{ workout_id, revision_id, state: 'voided', voided_at: '2026-01-16T07:08:09.012Z' }]
  }
)

const Title = Type.Optional(Type.String({ description: 'As sent with this revision.' }))

const WorkoutSummary = Closed(
  {
    workout_id: Type.String({ description: 'The workout.' }),
    revision_id: Type.String({ description: 'Its canonical revision.' }),
    performed_date: Type.String({ format: 'date', description: 'Day of the workout.' }),
    title: Title,
    duration_seconds: Type.Number({ description: 'Elapsed time.' }),
    total_work: WorkQuantity('Work of the session, in J.'),
    average_power_elapsed: PowerQuantity('Total work over elapsed time, in W.'),
    movements: Type.Array(Type.String(), { description: 'Registry names, each once.' }),
    created_at: Type.String({ format: 'date-time', description: 'When this revision was bought.' })
  },
  { title: 'WorkoutSummary', description: 'A stored workout in a list.' }
)

export const WorkoutList = Closed(
  {
    workouts: Type.Array(WorkoutSummary, { description: 'Canonical completed workouts, newest first.' }),
    next_cursor: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'Cursor of the next page; null on the last page.'
    })
  },
  {
    title: 'WorkoutList',
    description: 'A page of workouts.',
    examples: [
      {
        workouts: [
          {
            workout_id,
            revision_id,
            performed_date,
            duration_seconds: results.session.duration_seconds,
            total_work: results.session.total_work,
            average_power_elapsed: results.session.average_power_elapsed,
            movements: results.movement_rollups.map(({ movement }) => movement),
            ...boughtAt
          }
        ],
        next_cursor: 'MjAyNi0wMS0xNS4wMThmM2Y1ZS01YzFhLTdjYzAtOGQ3Yi02YTFkMmYzYjRjNWQ'
      }
    ]
  }
)
export type WorkoutList = Static<typeof WorkoutList>

export const WorkoutListQuery = Closed({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Workouts of a page.' }),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'next_cursor of the previous page.' })
  ),
  performed_from: Type.Optional(CalendarDate('Only workouts of this day or later.')),
  performed_to: Type.Optional(CalendarDate('Only workouts of this day or earlier.')),
  movement: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Registry name.' })),
  // Earlier clients request CSV this way; it now has its own operation.
  format: Type.Optional(Type.Unsafe<'json' | 'csv'>({ type: 'string', enum: ['json', 'csv'], unpublished: true }))
})
export type WorkoutListQuery = Static<typeof WorkoutListQuery>

/** The same filters without pages and format. */
export const WorkoutCsvQuery = Type.Omit(WorkoutListQuery, ['limit', 'format'], { additionalProperties: false })

const Revision = Closed(
  {
    revision_id: Type.String({ description: 'The revision.' }),
    state: State,
    title: Title,
    supersedes_revision_id: Type.Optional(Type.String({ description: 'The revision that it replaced.' })),
    reason: Type.Optional(Type.String({ description: 'As sent with this revision.' })),
    created_at: Type.String({ format: 'date-time', description: 'When it was bought.' }),
    ended_at: Type.Optional(Type.String({ format: 'date-time', description: 'When it was superseded or voided.' })),
    void_reason: Type.Optional(Type.String({ description: 'As sent when the workout was voided.' })),
    answer: ComputePowerAnswer
  },
  { title: 'Revision', description: 'One revision of a workout, with its answer.' }
)

export const WorkoutDetail = Closed(
  {
    workout_id: Type.String({ description: 'The workout.' }),
    revision_id: Type.String({ description: 'The canonical revision; for a voided workout, the last one.' }),
    state: State,
    performed_date: Type.String({ format: 'date', description: 'Day of the workout.' }),
    title: Title,
    created_at: Type.String({ format: 'date-time', description: 'When this revision was bought.' }),
    request: named(JsonObject, 'The described workout, without athlete_uuid.'),
    answer: ComputePowerAnswer,
    revisions: Type.Optional(Type.Array(Revision, { description: 'The audit trail, oldest first.' }))
  },
  {
    title: 'WorkoutDetail',
    description: 'A stored workout, with its request and its answer.',
    examples: [
      {
        workout_id,
        revision_id,
        state: 'canonical',
        performed_date,
        ...boughtAt,
        request: requestExample,
        answer: computePowerAnswerExample,
        revisions: [{ revision_id, state: 'canonical', ...boughtAt, answer: computePowerAnswerExample }]
      }
    ]
  }
)
export type WorkoutDetail = Static<typeof WorkoutDetail>

export const WorkoutDetailQuery = Closed({
  include: Type.Optional(StringEnum(['revisions'], { description: '`revisions` adds the audit trail.' }))
})

export const ErasureAnswer = Closed(
  { erased_revisions: Type.Integer({ minimum: 0, description: 'Number of erased revisions.' }) },
  { title: 'ErasureAnswer', description: 'The erased records.', examples: [{ erased_revisions: 1 }] }
)
