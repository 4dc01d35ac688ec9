import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { revisionConflict, workoutNotFound } from '../lib/workouts/revision-conflict.ts'
import { athleteKey } from '../lib/workouts/workout-record.ts'
import { bodyResponses, commonResponses, paidResponses, problemResponse } from '../schemas/responses.ts'
import { VoidAnswer, VoidRequest, WorkoutParams } from '../schemas/workouts.ts'

/** Takes a workout out of what counts. Free, and the same again for who asks twice. */
const workoutVoid: FastifyPluginAsyncTypebox = async (app) => {
  const { workouts } = app
  app.post(
    '/v1/workouts/:workout_id/void',
    {
      schema: {
        operationId: 'voidWorkout',
        summary: 'Take a stored workout out of what counts',
        tags: ['records'],
        params: WorkoutParams,
        body: VoidRequest,
        response: {
          200: VoidAnswer,
          ...bodyResponses,
          404: problemResponse('The athlete has no such workout.'),
          409: problemResponse(
            'The revision is not the canonical one any more, or a payment that is under way decides.',
            paidResponses[409].headers
          ),
          ...commonResponses
        }
      }
    },
    async (request, reply) => {
      const { athlete_uuid: athleteUuid, revision_id: revisionId, reason } = request.body
      const { workout_id: workoutId } = request.params
      const outcome = await workouts.voidWorkout(athleteKey(athleteUuid), workoutId, revisionId, reason)
      if (outcome.kind === 'not_found') throw workoutNotFound()
      if (outcome.kind === 'conflict') throw revisionConflict(outcome.conflict)
      reply.header('cache-control', 'no-store')
      return {
        workout_id: workoutId,
        revision_id: outcome.revisionId,
        state: 'voided' as const,
        voided_at: new Date(outcome.voidedAtMs).toISOString()
      }
    }
  )
}
export default workoutVoid
