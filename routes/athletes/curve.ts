import { hash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { curveAnswer } from '../../lib/curve/curve-answer.ts'
import { curveQueryProblems } from '../../lib/curve/curve-query.ts'
import { curveSvg } from '../../lib/curve/picture/curve-svg.ts'
import { isKnown } from '../../lib/http/entity-tag.ts'
import { CurveCache } from '../../lib/workouts/curve-cache.ts'
import { athleteKey } from '../../lib/workouts/workout-record.ts'
import { CurveAnswer, CurveQuery } from '../../schemas/curve.ts'
import { commonResponses, problemResponse } from '../../schemas/responses.ts'
import { AthleteParams } from '../../schemas/workouts.ts'

const ETag = { type: 'string', description: 'Strong: send it back as If-None-Match.' }

/** The power-duration curve of everything that counts, as figures or as a picture. */
const curve: FastifyPluginAsyncTypebox = async (app) => {
  const cache = new CurveCache(app.workouts)
  app.get(
    '/v1/athletes/:athlete_uuid/curve',
    {
      config: { queryProblems: curveQueryProblems },
      schema: {
        operationId: 'getPowerDurationCurve',
        summary: 'Power-duration curve, areas, fitness score and critical power',
        tags: ['records'],
        params: AthleteParams,
        querystring: CurveQuery,
        headers: Type.Object({ 'if-none-match': Type.Optional(Type.String()) }),
        response: {
          200: {
            description: CurveAnswer.description ?? 'The curve.',
            headers: { ETag },
            content: {
              'application/json': { schema: CurveAnswer },
              'image/svg+xml': { schema: Type.String() }
            }
          },
          304: { description: 'Nothing has changed.', headers: { ETag }, type: 'null' },
          422: problemResponse('The UUID, the window or a date is none.'),
          ...commonResponses
        }
      }
    },
    async (request, reply) => {
      const { query, params, headers } = request
      const today = new Date().toISOString().slice(0, 10)
      const asked = JSON.stringify([today, query])
      const { history, tags } = await cache.history(athleteKey(params.athlete_uuid))
      const known = tags.get(asked)
      if (known !== undefined && isKnown(headers['if-none-match'], known))
        return reply.code(304).header('etag', known).send()
      const answer = curveAnswer(history, query, today)
      // Written here, since its bytes make the tag.
      const body = query.format === 'svg' ? curveSvg(answer) : JSON.stringify(answer)
      const tag = `"${hash('sha256', body, 'base64url')}"`
      if (tags.size < MAX_TAGS) tags.set(asked, tag)
      reply.header('etag', tag)
      if (isKnown(headers['if-none-match'], tag)) return reply.code(304).send()
      if (query.format === 'svg')
        reply
          .header('content-type', 'image/svg+xml; charset=utf-8')
          .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      else reply.header('content-type', 'application/json; charset=utf-8')
      return reply.serializer(asIs).send(body)
    }
  )
}
export default curve

/** Tags remembered for one version of an athlete's records. */
const MAX_TAGS = 16

const asIs = (body: unknown): string => body as string
