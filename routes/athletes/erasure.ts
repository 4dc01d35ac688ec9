import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { athleteKey } from '../../lib/workouts/workout-record.ts'
import { bodyResponses, commonResponses } from '../../schemas/responses.ts'
import { AthleteParams, ErasureAnswer } from '../../schemas/workouts.ts'

/** Deletes all records of an athlete, as data protection law requires. The ledger keeps amounts and hashes. */
const erasure: FastifyPluginAsyncTypebox = async (app) => {
  const { workouts } = app
  app.delete(
    '/v1/athletes/:athlete_uuid',
    {
      schema: {
        operationId: 'eraseAthlete',
        summary: "Erase an athlete's records permanently",
        tags: ['records'],
        params: AthleteParams,
        response: {
          200: { description: 'The records are erased.', content: { 'application/json': { schema: ErasureAnswer } } },
          ...bodyResponses,
          ...commonResponses
        }
      }
    },
    async (request) => ({ erased_revisions: await workouts.erase(athleteKey(request.params.athlete_uuid)) })
  )
}
export default erasure
