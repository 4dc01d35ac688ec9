import Fastify from 'fastify'
import t from 'tap'
import { DatabaseUnavailable } from '../../lib/database/database.ts'
import errors from '../../plugins/http/errors.ts'

t.test('an unavailable database is reported as such on every route', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(errors)
  app.get('/', async () => {
    throw new DatabaseUnavailable('the database does not respond', { cause: new Error('a host and a password') })
  })
  const answer = await app.inject('/')
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  t.equal(answer.headers['retry-after'], '5')
  t.match(answer.json(), { code: 'records_unavailable', retryable: true })
  t.notMatch(answer.body, /host|password|answer/)
})
