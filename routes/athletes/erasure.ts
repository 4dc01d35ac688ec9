import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { athleteKey } from '../../lib/workouts/workout-record.ts'
import { commonResponses, problemResponse } from '../../schemas/responses.ts'
import { AthleteParams, ErasureAnswer } from '../../schemas/workouts.ts'

/** A person's right: everything that was stored of an athlete is deleted. The books keep amounts and hashes. */
const erasure: FastifyPluginAsyncTypebox = async (app) => {
  const { workouts } = app
  app.delete(
    '/v1/athletes/:athlete_uuid',
    {
      schema: {
        operationId: 'eraseAthlete',
        summary: "Erase an athlete's records for good",
        tags: ['records'],
        params: AthleteParams,
        response: {
          200: ErasureAnswer,
          400: problemResponse('There is a body, and it is not valid JSON. None is needed.'),
          413: problemResponse('There is a body, and it is too large.'),
          415: problemResponse('There is a body, and it is not application/json.'),
          422: problemResponse('The UUID is none.'),
          ...commonResponses
        }
      }
    },
    async (request) => ({ erased_revisions: await workouts.erase(athleteKey(request.params.athlete_uuid)) })
  )
}
export default erasure
