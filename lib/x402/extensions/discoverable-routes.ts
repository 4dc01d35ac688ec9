import {
  ComputePowerAnswer,
  ComputePowerRequest,
  computePowerAnswerExample,
  computePowerExample
} from '../../../schemas/compute-power.ts'
import { RevisionRequest } from '../../../schemas/workouts.ts'
import type { DiscoverableRoute } from './bazaar.ts'

/** One movement for a minute: the smallest workout, since it travels in every 402. */
const { athlete_uuid, performed_date, user, splits } = computePowerExample
const splitOfAMinute = {
  duration_seconds: 60,
  work: { movements: splits[0]!.work.movements.slice(0, 1) }
}
const workout = { athlete_uuid, duration_seconds: 60, user, splits: [splitOfAMinute] }

/** Every paid route, as catalogues show it. */
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
