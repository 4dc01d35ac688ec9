import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { loadConfig } from '../../config.ts'
import { ConfigError } from '../../lib/config/settings-source.ts'
import { ask, buy, PATH, post, purchase, raw, startApp, workout } from '../support/purchase.ts'

t.test('development routes: this machine alone, under its own names, and no web page', async (t) => {
  const app = await startApp(t, { X402: 'embedded' })
  const get = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
    app.inject({ url: '/dev/x402', headers, remoteAddress })
  const pay = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
    app.inject({ method: 'POST', url: '/dev/lightning/pay', payload: { invoice: 'lnbcrt1' }, headers, remoteAddress })
  const own = ['localhost', 'localhost:3000', 'LOCALHOST:3000', '127.0.0.1:3000', '127.1.2.3', '[::1]:3000', '[::1]']
  const others = ['evil.example', 'evil.example:3000', 'localhost.evil.example', '127.0.0.1.evil.example', '192.0.2.1']
  const forwarded = [
    { 'x-forwarded-for': '127.0.0.1' },
    { 'x-forwarded-host': 'localhost' },
    { forwarded: 'for=127.0.0.1' },
    { 'x-forwarded': 'for=127.0.0.1' },
    { 'x-real-ip': '127.0.0.1' },
    { 'cf-connecting-ip': '127.0.0.1' },
    { 'x-client-ip': '' },
    { 'cdn-loop': 'proxy' },
    { via: '1.1 proxy' }
  ]
  for (const ask of [get, pay]) {
    for (const host of own) t.not((await ask({ host })).statusCode, 403, host)
    for (const peer of ['::1', '::ffff:127.0.0.1'])
      t.not((await ask({ host: 'localhost' }, peer)).statusCode, 403, peer)
    for (const host of others) t.equal((await ask({ host })).statusCode, 403, host)
    for (const headers of forwarded)
      t.equal((await ask({ host: 'localhost', ...headers })).statusCode, 403, JSON.stringify(headers))
    t.equal((await ask({ host: 'localhost' }, '192.0.2.1')).statusCode, 403)
    const { headers } = await ask({ host: 'localhost', origin: 'https://evil.example' })
    t.equal(headers['access-control-allow-origin'], undefined, 'no web page reads it')
    t.equal(headers['access-control-expose-headers'], undefined)
  }
  for (const url of ['/dev/x402', '/dev/lightning/pay', '/dev/lightning/pay?x=1']) {
    const preflight = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const { statusCode, headers } = await app.inject({ method: 'OPTIONS', url, headers: preflight })
    t.equal(statusCode, 204)
    for (const name in headers) t.notMatch(name, /^access-control/, `${url}: ${name}`)
  }
})

t.test('development routes: a request that a proxy wrote is not from this machine', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const text = JSON.stringify({ invoice: 'lnbcrt1' })
  const pay = (target: string, version: string, more = '') =>
    raw(
      port,
      `POST ${target} HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n${more}` +
        `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`
    )
  const path = '/dev/lightning/pay'
  t.match(await pay(path, '1.1'), /^HTTP\/1\.1 404 /, 'an invoice that the wallet does not know')
  // What a target says of the host goes before what the header says (RFC 9112 3.2.2).
  for (const target of [`http://evil.example${path}`, `https://evil.example${path}`, `http://localhost${path}`])
    t.match(await pay(target, '1.1'), /^HTTP\/1\.1 403 /, target)
  t.match(await pay(path, '1.0'), /^HTTP\/1\.1 403 /, 'nginx, unless told otherwise')
  const many = Array.from({ length: 2100 }, (_, index) => `a${index.toString(36)}:b\r\n`).join('')
  t.match(await pay(path, '1.1', `${many}X-Forwarded-For: 192.0.2.1\r\n`), /^HTTP\/1\.1 431 /, 'behind many others')
})

t.test('request heads that are refused: a problem document each', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const cases: [name: string, lines: string[], status: number, code: string][] = [
    ['expectation', ['Host: x', 'Expect: 200-ok'], 417, 'expectation_failed'],
    ['two hosts', ['Host: x', 'Host: y'], 400, 'host_ambiguous'],
    ['two hosts alike', ['Host: x', 'HOST: x'], 400, 'host_ambiguous'],
    ['two expectations', ['Host: x', 'Expect: 100-continue, 200-ok'], 417, 'expectation_failed'],
    ['no host', [], 400, 'http_malformed'],
    [
      'many headers',
      ['Host: x', ...Array.from({ length: 200 }, (_, index) => `a${index}: b`)],
      431,
      'headers_too_large'
    ],
    ['a host behind many headers', ['Host: x', ...new Array(2500).fill('a:b'), 'Host: y'], 431, 'headers_too_large']
  ]
  for (const [name, lines, status, code] of cases) {
    const answer = await raw(port, ['GET /v1/movements HTTP/1.1', 'Connection: close', ...lines, '', ''].join('\r\n'))
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    t.match(head, new RegExp(`^HTTP/1\\.1 ${status} `), name)
    t.match(head.toLowerCase(), 'content-type: application/problem+json', name)
    t.match(JSON.parse(body || '{}'), { status, code, retryable: false }, name)
  }
  const tunnel = await raw(port, 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n')
  t.match(tunnel, /^HTTP\/1\.1 405 .*"code":"method_not_allowed"/s)
  const text = JSON.stringify(workout())
  const head = [`POST ${PATH} HTTP/1.1`, 'Host: x', 'Connection: close', 'Content-Type: application/json']
  const lines = [...head, `Content-Length: ${Buffer.byteLength(text)}`, 'Expect: 100-continue', '', text]
  t.match(await raw(port, lines.join('\r\n')), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 402 /)
})

t.test('malformed bytes behind a payment: the payment gets its answer first', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const bodies = [workout(), workout(), workout()]
  const paid = await Promise.all(bodies.map(async (body) => (await purchase(app, body)).authorization))
  const requests = bodies.map((body, index) =>
    post(PATH, JSON.stringify(body), [`Authorization: ${paid[index]}`]).replace('Connection: close\r\n', '')
  )
  const statuses = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  const behind: Record<string, string> = {
    noise: 'NOISE\r\n\r\n',
    'noise in several pieces': `NOISE\r\n\r\n${'NOISE\r\n\r\n'.repeat(20_000)}`,
    'a body that is no chunk': `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`
  }
  for (const [name, bytes] of Object.entries(behind)) {
    t.strictSame(statuses(await raw(port, requests[0]! + bytes)), [200, 400], name)
    t.strictSame(statuses(await raw(port, requests.join('') + bytes)), [200, 200, 200, 400], `${name}, of three`)
  }
  const late = `${requests[0]}GET /v1/movements HTTP/1.1\r\nHost: x\r\n${'a'.repeat(20_000)}`
  t.strictSame(statuses(await raw(port, late)), [200, 431], 'a head without an end')
})

t.test('every response is nosniff, and no header of one is hidden from scripts', async (t) => {
  const app = await startApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const body = workout()
  const athlete = `/v1/athletes/${body.athlete_uuid}`
  await buy(app, body)
  const json = { 'content-type': 'application/json' }
  const answers = await Promise.all(
    [
      ...['/livez', '/readyz', '/v1/health', '/v1/movements', '/v1/payment-requirements', '/openapi.json', '/docs'],
      ...['/llms.txt', '/.well-known/api-catalog', '/.well-known/l402.json', `${athlete}/workouts`, `${athlete}/curve`],
      ...[
        `${athlete}/curve?format=svg`,
        `${athlete}/workouts?format=csv`,
        '/nothing',
        '/%zz',
        PATH,
        '/dev/lightning/pay'
      ]
    ].map((path) => fetch(origin + path))
  )
  answers.push(await fetch(origin + PATH, { method: 'POST', headers: json, body: JSON.stringify(body) }))
  answers.push(await fetch(origin + PATH, { method: 'POST', headers: json, body: '{' }))
  answers.push(await fetch(origin + PATH, { method: 'OPTIONS' }))
  // Read by the browser itself, or not about the answer.
  const silent =
    /^(access-control-.*|content-security-policy|referrer-policy|x-content-type-options|date|connection|keep-alive|transfer-encoding)$/
  const safe = [
    'cache-control',
    'content-language',
    'content-length',
    'content-type',
    'expires',
    'last-modified',
    'pragma'
  ]
  for (const { url, status, headers } of answers) {
    t.equal(headers.get('x-content-type-options'), 'nosniff', `${status} ${url}`)
    if (url.includes('/dev/') || url.includes('%zz')) continue
    const exposed = new Set([...safe, ...headers.get('access-control-expose-headers')!.toLowerCase().split(', ')])
    for (const [name] of headers) if (!silent.test(name)) t.ok(exposed.has(name), `${status} ${url}: ${name}`)
  }
  t.match((await raw(port, 'NOISE\r\n\r\n')).toLowerCase(), 'x-content-type-options: nosniff')
  t.match(
    (await raw(port, 'GET / HTTP/1.1\r\nHost: x\r\nExpect: y\r\n\r\n')).toLowerCase(),
    'x-content-type-options: nosniff'
  )
  t.equal((await ask(app, body)).headers['x-content-type-options'], 'nosniff')
})

t.test('ETags that a compressing proxy changed still match', async (t) => {
  const app = await startApp(t)
  const { etag } = (await app.inject('/v1/movements')).headers
  const inner = String(etag).slice(1, -1)
  for (const tag of [
    `"${inner}-gzip"`,
    `W/"${inner}-gzip"`,
    `"${inner}--gzip"`,
    `"a", "${inner};gzip"`,
    `"${inner}-br"`
  ]) {
    const answer = await app.inject({ url: '/v1/movements', headers: { 'if-none-match': tag } })
    t.strictSame([answer.statusCode, answer.headers.etag], [304, etag], tag)
  }
  for (const tag of [`"${inner}-gzip-gzip"`, `"${inner}gzip"`, '"-gzip"'])
    t.equal((await app.inject({ url: '/v1/movements', headers: { 'if-none-match': tag } })).statusCode, 200, tag)
})

t.test('a malformed DATABASE_URL never shows its password', async (t) => {
  const urls = ['s3cret/word', 's3cret#word', '1#s3cret', '12/s3cret', '1?s3cret', 's3cret@word', 's3cret%zzword']
    .map((password) => `postgres://user:${password}@127.0.0.1:1/oracle`)
    .concat('postgres://user:s3cret@127.0.0.1:99999/oracle', 'postgres://user:s3cret@[::1/oracle')
  for (const url of urls) {
    const error = t.throws(() => loadConfig({ DATABASE_URL: url }), ConfigError, url) as unknown as Error
    t.match(error.message, /^DATABASE_URL: must be postgres:\/\/user:password@/)
    t.notMatch(error.message, 's3cret')
  }
  await t.rejects(startApp(t, { DATABASE_URL: 'postgres://user:s3cret@127.0.0.1:1/oracle' }), {
    message: /^(?!.*s3cret)/
  })
})

t.test('npm start: SIGTERM to npm stops the service too', async (t) => {
  const folder = t.testdir()
  const env = { PATH: process.env.PATH, PORT: '0', X402: 'off', DATABASE_URL: `sqlite:${folder}/oracle.db` }
  const cwd = join(import.meta.dirname, '..', '..')
  const npm: ChildProcess = spawn('npm', ['start'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  t.teardown(() => npm.exitCode ?? (npm.pid && process.kill(-npm.pid, 'SIGKILL')))
  const url = await new Promise<string>((resolve) => {
    let said = ''
    npm.stdout!.on('data', (chunk) => {
      said += chunk
      const found = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    })
  })
  t.equal((await fetch(`${url}/livez`)).status, 200)
  npm.kill('SIGTERM')
  await once(npm, 'exit')
  let isGone = false
  for (const until = Date.now() + 15_000; !isGone && Date.now() < until; await sleep(100))
    isGone = await fetch(`${url}/livez`).then(
      () => false,
      () => true
    )
  t.ok(isGone, 'nothing listens any more')
})
