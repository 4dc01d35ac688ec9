import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { buildApp } from '../../app.ts'
import { loadConfig } from '../../config.ts'
import { clientKey } from '../../lib/limits/client-network.ts'
import { writtenLog } from '../support/captured-log.ts'
import { type Answer, ask, isProblem, PATH, post, purchase, raw, startApp, workout } from '../support/purchase.ts'

const ATHLETE = '22222222-2222-4222-8222-222222222222'

t.test('random headers never break it', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const text = JSON.stringify(workout())
  const names = ['Authorization', 'PAYMENT-SIGNATURE', 'X-PowerOracle-Agent', 'Accept', 'Origin', 'Host', 'Cookie']
  const more = ['Idempotency-Key', 'If-None-Match', 'Expect', 'Range', 'X-Forwarded-For', 'Accept-Version', 'X-\u00e9']
  const value = fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom(
      'L402 a:b',
      'L402 :',
      'LSAT ,,,',
      '*',
      '100-continue',
      'bytes=0-',
      '1.x',
      `L402 ${'A'.repeat(9000)}`
    )
  )
  const seen: Record<string, number> = {}
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...names, ...more), value), { maxLength: 4 }), async (lines) => {
      const answer = await raw(
        port,
        post(
          PATH,
          text,
          lines.map(([name, given]) => `${name}: ${given}`)
        )
      )
      const status = /^HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?(\d{3})/.exec(answer)?.[1] ?? 'none'
      seen[status] = (seen[status] ?? 0) + 1
      return /^4\d\d$/.test(status)
    }),
    { numRuns: 300 }
  )
  t.comment(`statuses: ${JSON.stringify(seen)}`)
  t.ok(seen[402]! > 0)
})

t.test('every route without a body takes an empty one under any content type', async (t) => {
  const app = await startApp(t)
  const { paths } = (await app.inject('/openapi.json')).json()
  const types = [
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'nonsense'
  ]
  const empty = (): [name: string, body: { payload?: Readable; headers: Record<string, string> }][] => [
    ['no length', { headers: {} }],
    ['no bytes', { headers: { 'content-length': '0' } }],
    ['no chunks', { payload: Readable.from([]), headers: { 'transfer-encoding': 'chunked' } }]
  ]
  let asked = 0
  for (const [path, operations] of Object.entries<Record<string, { requestBody?: unknown }>>(paths))
    for (const [method, { requestBody }] of Object.entries(operations)) {
      if (requestBody !== undefined) continue
      const url = path.replace('{athlete_uuid}', ATHLETE).replace('{workout_id}', 'w-1')
      const send = (more: object) => app.inject({ method: method.toUpperCase() as 'GET', url, ...more })
      const { statusCode } = await send({})
      for (const type of types)
        for (const [name, { payload, headers }] of empty()) {
          const answer = await send({ payload, headers: { ...headers, 'content-type': type } })
          t.equal(answer.statusCode, statusCode, `${method} ${path}, ${type}, ${name}`)
          asked += 1
        }
    }
  t.ok(asked > 200, `${asked} asked`)
  const remove = (payload: string, type: string) =>
    app.inject({ method: 'DELETE', url: `/v1/athletes/${ATHLETE}`, payload, headers: { 'content-type': type } })
  t.equal((await remove('x', 'text/plain')).statusCode, 415)
  t.equal((await remove('{', 'application/json')).statusCode, 400)
  t.equal((await remove('{}', 'application/json')).statusCode, 200)
  for (const payload of ['', '{'])
    t.equal((await ask(app, payload, undefined, { url: '/v1/nothing' })).statusCode, 404, 'nothing is there')
})

t.test('other paths, other methods, browsers', async (t) => {
  const app = await startApp(t)
  const asks: [
    method: 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'DELETE' | 'POST',
    url: string,
    status: number,
    allow?: string
  ][] = [
    ['GET', PATH, 405, 'POST'],
    ['HEAD', PATH, 405, 'POST'],
    ['PUT', `${PATH}?x=1`, 405, 'POST'],
    ['DELETE', '/v1/movements', 405, 'GET, HEAD'],
    ['POST', '/v1/health', 405, 'GET, HEAD'],
    ['PATCH', '/openapi.json', 405, 'GET, HEAD'],
    ['POST', '/.well-known/api-catalog', 405, 'GET, HEAD'],
    ['GET', '/', 404],
    ['GET', '/v1/compute-powers', 404],
    ['POST', '/v1/athletes', 404],
    ['GET', `/${'x'.repeat(5000)}`, 404],
    ['GET', '/%zz', 400],
    ['GET', '/v1/%c3%28', 400]
  ]
  for (const [method, url, status, allow] of asks) {
    const name = `${method} ${url.slice(0, 30)}`
    const answer = await app.inject({ method, url })
    t.equal(answer.statusCode, status, name)
    t.equal(answer.headers.allow, allow, name)
    // What a malformed URL was to be is not known: it may hold an athlete's UUID.
    if (method !== 'HEAD') isProblem(t, answer, name, status === 400 ? 'private, no-store' : undefined)
  }
  // A route that is not there is reported before the form of the content.
  for (const method of ['QUERY', 'SEARCH', 'TRACE', 'PUT'] as const)
    for (const headers of [{}, { 'content-type': 'text' }, { 'content-type': 'text/plain' }])
      for (const [url, status] of [
        ['/v1/health', 405],
        ['/v1/nothing', 404]
      ] as const) {
        const name = `${method} ${url}, ${headers['content-type'] ?? 'no content type'}`
        const answer = await app.inject({ method: method as 'PUT', url, headers, payload: '{' })
        t.equal(answer.statusCode, status, name)
        isProblem(t, answer, name)
      }
  for (const url of ['/v1/movements', '/v1/health', '/openapi.json']) {
    const head = await app.inject({ method: 'HEAD', url })
    t.strictSame([head.statusCode, head.body], [200, ''], `HEAD ${url}`)
  }
  const preflight = { origin: 'https://shop.example', 'access-control-request-method': 'POST' }
  const allowed = await app.inject({ method: 'OPTIONS', url: PATH, headers: preflight })
  t.equal(allowed.statusCode, 204)
  t.match(allowed.headers, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': /POST/,
    'access-control-allow-headers': /^Content-Type, Authorization, PAYMENT-SIGNATURE, Idempotency-Key/
  })
  t.equal(allowed.headers['access-control-allow-credentials'], undefined)
  const exposed = (await ask(app, workout(), undefined, { headers: { origin: 'https://shop.example' } })).headers
  t.equal(exposed['access-control-allow-origin'], '*')
  for (const name of ['PAYMENT-REQUIRED', 'PAYMENT-RESPONSE', 'WWW-Authenticate', 'Retry-After'])
    t.match(exposed['access-control-expose-headers'], name)
  const bare = await app.inject({ method: 'OPTIONS', url: PATH })
  t.equal(bare.statusCode, 204, 'OPTIONS of no browser')
})

t.test('too many requests: 429, paths that are not there included', async (t) => {
  for (const url of ['/v1/health', '/nothing']) {
    const app = await startApp(t, { RATE_LIMIT_PER_MINUTE: '5' })
    const answers: Answer[] = []
    while (answers.length < 6) answers.push(await app.inject(url))
    t.notOk(
      answers.slice(0, 5).some(({ statusCode }) => statusCode === 429),
      `five of ${url} pass`
    )
    const { statusCode, headers, body } = answers[5]!
    t.equal(statusCode, 429)
    t.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
    t.match(JSON.parse(body), { code: 'too_many_requests', status: 429, retryable: true })
    const wait = Number(headers['retry-after'])
    t.ok(wait >= 1 && wait <= 60, `Retry-After: ${wait}`)
    const other = await app.inject({ url, remoteAddress: '192.0.2.9' })
    t.not(other.statusCode, 429, 'another address is not held up')
    const network = (host: string) => app.inject({ url, remoteAddress: `2001:db8:1:2::${host}` })
    for (const host of ['1', '2', '3', '4', '5']) await network(host)
    t.equal((await network('6')).statusCode, 429, 'an IPv6 /64 is one address')
  }
})

t.test('malformed HTTP is refused with a problem document', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const head = `POST ${PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n`
  const requests: [string, string, number][] = [
    ['noise', 'GARBAGE\r\n\r\n', 400],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nnothing\r\n\r\n', 400],
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400],
    ['a length and chunks', `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['a strange chunk', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['a negative length', `${head}Content-Length: -1\r\n\r\n`, 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431]
  ]
  for (const [name, request, status] of requests) {
    const answer = await raw(port, request)
    const [lines = '', body = ''] = answer.split('\r\n\r\n')
    t.match(lines, new RegExp(`^HTTP/1\\.1 ${status} `), name)
    t.match(lines.toLowerCase(), 'content-type: application/problem+json', name)
    t.match(JSON.parse(body), { status, retryable: false, detail: /\.$/ }, name)
  }
  t.equal((await app.inject('/v1/health')).statusCode, 200)
})

t.test('who hangs up loses nothing', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const body = workout()
  const text = JSON.stringify(body)
  for (const ms of [0, 0, 1, 2, 5, 10]) {
    const paid = await purchase(app, body)
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(post(PATH, text, [`Authorization: ${paid.authorization}`]))
    await sleep(ms)
    socket.destroy()
    const answers = [await ask(app, body, paid.authorization), await ask(app, body, paid.authorization)]
    t.strictSame(new Set(answers.map(({ statusCode }) => statusCode)), new Set([200]), `after ${ms} ms`)
    t.equal(answers[0]!.body, answers[1]!.body)
  }
  const paid = await purchase(app, body)
  const half = connect(port, '127.0.0.1')
  half.write(post(PATH, text, [`Authorization: ${paid.authorization}`]).slice(0, -100))
  await sleep(50)
  half.destroy()
  const answer = await ask(app, body, paid.authorization)
  t.strictSame([answer.statusCode, answer.headers['idempotent-replayed']], [200, undefined], 'half a request is none')
})

t.test('a client that resets the connection is not an error of this service', async (t) => {
  const { stream, text } = writtenLog()
  const settings = { DATABASE_URL: 'sqlite::memory:', X402: 'off', RATE_LIMIT_PER_MINUTE: '50' }
  const app = await buildApp(loadConfig(settings), { level: 'trace', stream })
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  for (let time = 0; time < 100; time++) {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    await once(socket, 'connect')
    socket.write('GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n', () => socket.resetAndDestroy())
    await once(socket, 'close')
  }
  t.match(
    await raw(port, 'GET /v1/movements HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1.1 (200|429) /
  )
  t.notMatch(text(), 'request failed')
  t.equal(clientKey(undefined), '', 'and they are counted as one')
})

t.test('a stop does not wait for a connection that never said anything', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const silent = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  await once(silent, 'connect')
  const ended = once(silent, 'close')
  silent.on('error', () => undefined)
  await app.close()
  await ended
  t.pass('both have ended')
})
