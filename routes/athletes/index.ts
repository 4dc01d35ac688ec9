import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import curve from './curve.ts'
import erasure from './erasure.ts'
import workouts from './workouts.ts'

/** What is known of an athlete. The UUID in the path is the key to it: nothing on the way may keep it or pass it on. */
const athletes: FastifyPluginAsyncTypebox = async (app) => {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'private, no-store').header('referrer-policy', 'no-referrer')
    done()
  })
  await app.register(workouts)
  await app.register(curve)
  await app.register(erasure)
}
export default athletes
