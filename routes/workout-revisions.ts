import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { evaluate } from '../lib/compute/evaluate.ts'
import { recordedAnswer } from '../lib/workouts/recorded-answer.ts'
import { athleteKey, revisionRecord, timeOrderedUuid } from '../lib/workouts/workout-record.ts'
import { assertRevisable } from '../lib/workouts/workout-state.ts'
import { ComputePowerAnswer, computePowerAnswerExample } from '../schemas/compute-power.ts'
import { RECORD_LINKS } from '../schemas/links.ts'
import { revisionExample } from '../schemas/listing-examples.ts'
import { PaidRequestHeaders } from '../schemas/paid-request.ts'
import { conflict, notFound, paidHeaders, paidResponses } from '../schemas/responses.ts'
import { RevisionRequest, WorkoutParams } from '../schemas/workouts.ts'

interface Revision {
  Params: { workout_id: string }
  Body: RevisionRequest
}

/** A corrected version of a stored workout. Paid; a precondition checks that it can supersede the revision it names. */
const workoutRevisions: FastifyPluginAsyncTypebox = async (app) => {
  const { workouts } = app
  app.post<Revision>(
    '/v1/workouts/:workout_id/revisions',
    {
      config: {
        paid: {
          price: 'revisions',
          precondition: async (request: FastifyRequest) => {
            const { params, body } = request as FastifyRequest<Revision>
            const state = await workouts.state(athleteKey(body.athlete_uuid), params.workout_id)
            assertRevisable(state, body.supersedes_revision_id)
          },
          listing: { example: revisionExample, pathParams: { workout_id: computePowerAnswerExample.workout_id } }
        }
      },
      links: { 200: RECORD_LINKS },
      schema: {
        operationId: 'reviseWorkout',
        summary: 'Correct a stored workout',
        tags: ['measure'],
        params: WorkoutParams,
        headers: PaidRequestHeaders,
        body: RevisionRequest,
        response: {
          200: {
            description: 'The measured work and power; this revision is canonical now.',
            headers: paidHeaders,
            content: { 'application/json': { schema: ComputePowerAnswer } }
          },
          ...paidResponses,
          404: notFound,
          409: conflict(
            'The revision is superseded, the workout is voided, or the same paid request is still running. A payment that is not yet settled is not taken; one that has already arrived is recorded as owed.'
          )
        }
      }
    },
    async (request, reply) => {
      const plan = request.plan!
      const evaluation = evaluate(plan)
      const charge = request.charge!
      const { nowMs } = charge.paidRequest
      const ids = { workoutId: request.params.workout_id, revisionId: timeOrderedUuid(nowMs) }
      const { supersedes_revision_id: revisionId, reason } = request.body
      charge.record = revisionRecord(ids, plan, charge.paidRequest.canonicalBody, evaluation, {
        revisionId,
        ...(reason !== undefined && { reason })
      })
      reply.header('cache-control', 'no-store')
      return recordedAnswer(workouts, charge.record, evaluation, request.body)
    }
  )
}
export default workoutRevisions
