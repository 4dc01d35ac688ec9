import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { revisionConflict, workoutNotFound } from '../lib/workouts/revision-conflict.ts'
import { athleteKey } from '../lib/workouts/workout-record.ts'
import { bodyResponses, commonResponses, conflict, notFound } from '../schemas/responses.ts'
import { VoidAnswer, VoidRequest, WorkoutParams } from '../schemas/workouts.ts'

/** Voids a workout, which then no longer counts. Free and idempotent. */
const workoutVoid: FastifyPluginAsyncTypebox = async (app) => {
  const { workouts } = app
  app.post(
    '/v1/workouts/:workout_id/void',
    {
      schema: {
        operationId: 'voidWorkout',
        summary: 'Void a stored workout',
        tags: ['records'],
        params: WorkoutParams,
        body: VoidRequest,
        response: {
          200: { description: 'The workout is voided.', content: { 'application/json': { schema: VoidAnswer } } },
          ...bodyResponses,
          404: notFound,
          409: conflict('The revision is no longer canonical, or a payment in progress may supersede it.'),
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
