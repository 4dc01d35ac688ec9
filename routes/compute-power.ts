import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { evaluate } from '../lib/compute/evaluate.ts'
import { recordedAnswer } from '../lib/workouts/recorded-answer.ts'
import { newWorkoutIds, workoutRecord } from '../lib/workouts/workout-record.ts'
import { ComputePowerAnswer, ComputePowerRequest } from '../schemas/compute-power.ts'
import { RECORD_LINKS } from '../schemas/links.ts'
import { hypotheticalExample } from '../schemas/listing-examples.ts'
import { PaidRequestHeaders } from '../schemas/paid-request.ts'
import { paidHeaders, paidResponses } from '../schemas/responses.ts'

/** Measures a described workout. Paid; problems of the request are reported first. */
const computePower: FastifyPluginAsyncTypebox = async (app) => {
  const { workouts } = app
  app.post(
    '/v1/compute-power',
    {
      config: { paid: { price: 'compute_power', listing: { example: hypotheticalExample } } },
      links: { 200: RECORD_LINKS },
      schema: {
        operationId: 'computePower',
        summary: 'Measure the work and power of a workout',
        tags: ['measure'],
        headers: PaidRequestHeaders,
        body: ComputePowerRequest,
        response: {
          200: {
            description: ComputePowerAnswer.description,
            headers: paidHeaders,
            content: { 'application/json': { schema: ComputePowerAnswer } }
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
      charge.record = workoutRecord(newWorkoutIds(nowMs), plan, canonicalBody, evaluation)
      return recordedAnswer(workouts, charge.record, evaluation, request.body)
    }
  )
}
export default computePower
