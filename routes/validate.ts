import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { pricedRoute } from '../lib/billing/price-list.ts'
import { evaluate } from '../lib/compute/evaluate.ts'
import { PRIVATE_HEADERS } from '../lib/http/response-headers.ts'
import { duplicateNote } from '../lib/workouts/recorded-answer.ts'
import { athleteKey } from '../lib/workouts/workout-record.ts'
import { movementsText } from '../lib/workouts/workout-summary.ts'
import { ComputePowerRequest } from '../schemas/compute-power.ts'
import { bodyResponses, commonResponses } from '../schemas/responses.ts'
import { ValidationAnswer } from '../schemas/validation.ts'

/** The free check of a workout: its problems, or its price, notes and a possible duplicate. No invoice is created. */
const validate: FastifyPluginAsyncTypebox = async (app) => {
  const { price, rails, paidRoutes, workouts } = app
  app.post(
    '/v1/validate',
    {
      attachValidation: true,
      preHandler: (request, reply, done) => {
        app.readWorkout(request, reply)
        done()
      },
      schema: {
        operationId: 'validateWorkout',
        summary: 'Check a workout and its price without buying',
        tags: ['discover'],
        body: ComputePowerRequest,
        response: {
          200: {
            description: 'The workout has no problems.',
            content: { 'application/json': { schema: ValidationAnswer } }
          },
          ...bodyResponses,
          ...commonResponses
        }
      }
    },
    async ({ plan, body }, reply) => {
      const { athleteUuid, date, context, movements } = plan!
      const { notes } = evaluate(plan!)
      const duplicate =
        context === 'completed' &&
        (await workouts.duplicateOf({
          athleteKey: athleteKey(athleteUuid),
          performedDate: date!,
          movements: movementsText(movements.map(({ name }) => name)),
          content: body
        }))
      const sold = paidRoutes.find((route) => route.price === 'compute_power')!
      reply.headers(PRIVATE_HEADERS)
      return {
        valid: true,
        price: pricedRoute(rails, sold, price.satsFor(sold.priceMicroUsd)),
        notes: duplicate ? [...notes, duplicateNote(duplicate)] : notes
      }
    }
  )
}
export default validate
