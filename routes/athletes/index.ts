import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { PRIVATE_HEADERS } from '../../lib/http/private-headers.ts'
import curve from './curve.ts'
import erasure from './erasure.ts'
import { tellUrlProblems } from './url-problems.ts'
import workouts from './workouts.ts'

/** The records of an athlete. The UUID in the path is their key: no intermediary may keep it or pass it on. */
const athletes: FastifyPluginAsyncTypebox = async (app) => {
  // On the way out, so that errors have them too.
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers(PRIVATE_HEADERS)
    done(null, payload)
  })
  // Unknown paths and paths of other methods contain the UUID as well.
  const nothingThere: FastifyPluginAsyncTypebox = async (app) => {
    app.setNotFoundHandler(app.answerNotFound)
  }
  await app.register(nothingThere, { prefix: '/v1/athletes/:athlete_uuid' })

  app.addHook('onRoute', (route) => {
    route.attachValidation = true
  })
  app.addHook('preHandler', tellUrlProblems)
  await app.register(workouts)
  await app.register(curve)
  await app.register(erasure)
}
export default athletes
