import {
  ComputePowerAnswer,
  ComputePowerRequest,
  computePowerAnswerExample,
  computePowerExample
} from '../../../schemas/compute-power.ts'
import { RevisionRequest } from '../../../schemas/workouts.ts'

/** A paid route with a JSON body, as a catalogue shows it. */
export interface DiscoverableRoute {
  readonly method: 'POST'
  /** The router's pattern, such as `/v1/workouts/:workout_id/revisions`. */
  readonly pattern: string
  /** Sample values of the pattern's parameters. */
  readonly pathParams?: Readonly<Record<string, string>>
  /** JSON Schema of the request body; its `$id` names it in `/openapi.json`. */
  readonly body: { readonly $id?: string; readonly required?: readonly string[] }
  /** A valid request body. */
  readonly example: object
  /** JSON Schema of the answer. */
  readonly answer: object
}

/** One movement for a minute: every 402 carries this workout, so it is the smallest one. */
const { athlete_uuid, performed_date, user, splits } = computePowerExample
const splitOfAMinute = {
  duration_seconds: 60,
  work: { movements: splits[0]!.work.movements.slice(0, 1) }
}
const workout = { athlete_uuid, duration_seconds: 60, user, splits: [splitOfAMinute] }

/** Every paid route. */
export const DISCOVERABLE_ROUTES: readonly DiscoverableRoute[] = [
  {
    method: 'POST',
    pattern: '/v1/compute-power',
    body: ComputePowerRequest,
    example: { ...workout, evaluation_context: 'hypothetical' },
    answer: ComputePowerAnswer
  },
  {
    method: 'POST',
    pattern: '/v1/workouts/:workout_id/revisions',
    pathParams: { workout_id: computePowerAnswerExample.workout_id },
    body: RevisionRequest,
    example: {
      ...workout,
      evaluation_context: 'completed',
      performed_date,
      supersedes_revision_id: computePowerAnswerExample.revision_id
    },
    answer: ComputePowerAnswer
  }
]
