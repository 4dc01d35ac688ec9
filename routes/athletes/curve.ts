import { hash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import { curveAnswer } from '../../lib/curve/curve-answer.ts'
import { curveQueryProblems } from '../../lib/curve/curve-query.ts'
import { curveSvg } from '../../lib/curve/picture/curve-svg.ts'
import { isKnown } from '../../lib/http/response-headers.ts'
import { CurveCache } from '../../lib/workouts/curve-cache.ts'
import { athleteKey } from '../../lib/workouts/workout-record.ts'
import { CurveAnswer, CurvePictureQuery, CurveQuery } from '../../schemas/curve.ts'
import { commonResponses, ETag, IfNoneMatch, invalid } from '../../schemas/responses.ts'
import { AthleteParams } from '../../schemas/workouts.ts'

const ConditionalHeaders = Type.Object({ 'if-none-match': IfNoneMatch })

interface CurveRequest {
  readonly query: Omit<CurveQuery, 'format'>
  readonly params: { readonly athlete_uuid: string }
  readonly headers: { readonly 'if-none-match'?: string }
}

/** The power-duration curve of an athlete's canonical workouts, as figures and as a picture. */
const curve: FastifyPluginAsyncTypebox = async (app) => {
  const cache = new CurveCache(app.workouts)
  const common = { tags: ['records'], params: AthleteParams, headers: ConditionalHeaders }
  const errors = {
    304: { description: 'Not modified.', headers: { ETag }, type: 'null' },
    422: invalid,
    ...commonResponses
  }

  app.get(
    '/v1/athletes/:athlete_uuid/curve',
    {
      config: { queryProblems: curveQueryProblems },
      schema: {
        ...common,
        operationId: 'getPowerDurationCurve',
        summary: 'Power-duration curve, areas, fitness score and critical power',
        querystring: CurveQuery,
        response: {
          200: {
            description: 'The curve.',
            headers: { ETag },
            content: { 'application/json': { schema: CurveAnswer } }
          },
          ...errors
        }
      }
    },
    (request, reply) => send(request.query.format, request, reply)
  )

  app.get(
    '/v1/athletes/:athlete_uuid/curve.svg',
    {
      config: { queryProblems: curveQueryProblems },
      schema: {
        ...common,
        operationId: 'drawPowerDurationCurve',
        summary: 'The power-duration curve as a picture',
        querystring: CurvePictureQuery,
        response: {
          200: {
            description: 'The picture.',
            headers: { ETag },
            content: { 'image/svg+xml': { schema: Type.String() } }
          },
          ...errors
        }
      }
    },
    (request, reply) => send('svg', request, reply)
  )

  async function send(format: 'json' | 'svg', request: CurveRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { query, params, headers } = request
    const today = new Date().toISOString().slice(0, 10)
    const { from_seconds, to_seconds, performed_from, performed_to } = query
    const asked = JSON.stringify([today, format, from_seconds, to_seconds, performed_from, performed_to])
    const { history, tags } = await cache.history(athleteKey(params.athlete_uuid))
    const known = tags.get(asked)
    if (known !== undefined && isKnown(headers['if-none-match'], known))
      return reply.code(304).header('etag', known).send()
    const answer = curveAnswer(history, query, today)
    // Serialised here, because the tag is a digest of the bytes.
    const body = format === 'svg' ? curveSvg(answer) : JSON.stringify(answer)
    const tag = `"${hash('sha256', body, 'base64url')}"`
    if (tags.size < MAX_TAGS) tags.set(asked, tag)
    reply.header('etag', tag)
    if (isKnown(headers['if-none-match'], tag)) return reply.code(304).send()
    if (format === 'svg')
      reply
        .header('content-type', 'image/svg+xml; charset=utf-8')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    else reply.header('content-type', 'application/json; charset=utf-8')
    return reply.serializer(asIs).send(body)
  }
}
export default curve

/** Tags remembered for one version of an athlete's records. */
const MAX_TAGS = 16

const asIs = (body: unknown): string => body as string
