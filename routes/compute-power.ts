import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { evaluate } from '../lib/compute/evaluate.ts'
import { duplicateNotes } from '../lib/workouts/duplicate-note.ts'
import { newWorkoutIds, workoutRecord } from '../lib/workouts/workout-record.ts'
import { ComputePowerAnswer as Answer, type ComputePowerAnswer, ComputePowerRequest } from '../schemas/compute-power.ts'
import { RECORD_LINKS } from '../schemas/links.ts'
import { hypotheticalExample } from '../schemas/listing-examples.ts'
import { PaidRequestHeaders } from '../schemas/paid-request.ts'
import { paidHeaders, paidResponses } from '../schemas/responses.ts'

/** Measures a described workout. Paid; problems of the request are reported before. */
const computePower: FastifyPluginAsyncTypebox = async (app) => {
  const { workouts } = app
  app.post(
    '/v1/compute-power',
    {
      config: { paid: { price: 'compute_power', listing: { example: hypotheticalExample } } },
      links: { 200: RECORD_LINKS },
      schema: {
        operationId: 'computePower',
        summary: 'Work and power of a workout',
        tags: ['measure'],
        headers: PaidRequestHeaders,
        body: ComputePowerRequest,
        response: {
          200: {
            description: Answer.description,
            headers: paidHeaders,
            content: { 'application/json': { schema: Answer } }
          },
          ...paidResponses
        }
      }
    },
    async (request, reply) => {
      const plan = request.plan!
      const evaluation = evaluate(plan)
      reply.header('cache-control', 'no-store')
      if (plan.context !== 'completed') return evaluation
      const charge = request.charge!
      const { nowMs, canonicalBody } = charge.paidRequest
      const ids = newWorkoutIds(nowMs)
      charge.record = workoutRecord(ids, plan, canonicalBody, evaluation)
      const duplicate = await duplicateNotes(workouts, charge.record, request.body)
      const answer: ComputePowerAnswer = {
        workout_id: ids.workoutId,
        revision_id: ids.revisionId,
        results: evaluation.results,
        notes: [...evaluation.notes, ...duplicate],
        model: evaluation.model
      }
      return answer
    }
  )
}
export default computePower
