import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { sha256 } from '../support/macaroon.ts'
import { missing, NODE } from '../support/program.ts'
import { challengeOf, PATH, raw, workout } from '../support/purchase.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const [COMMAND, ...SERVER] = [...NODE, `--import=${import.meta.resolve('tsx')}`, join(ROOT, 'server.ts')] as const
const PATIENCE_MS = 30_000

interface Service {
  readonly url: string
  readonly child: ChildProcess
  readonly ended: Promise<unknown[]>
  readonly output: () => string
}

const environment = (folder: string, more: Record<string, string> = {}) => ({
  PATH: process.env.PATH,
  PORT: '0',
  LOG_LEVEL: 'trace',
  X402: 'off',
  DATABASE_URL: `sqlite:${folder}/data/oracle.db`,
  ...more
})

/** Starts the service as `npm start` does and waits until it has said everything. */
async function start(folder: string, name: string): Promise<Service> {
  const log = join(folder, `${name}.log`)
  const file = openSync(log, 'w')
  const child = spawn(COMMAND, SERVER, { cwd: ROOT, env: environment(folder), stdio: ['ignore', file, file] })
  closeSync(file)
  const ended = once(child, 'exit')
  const output = () => readFileSync(log, 'utf8')
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until && child.exitCode === null; await sleep(50)) {
    const url = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(output())?.[0]
    if (url && output().includes('Authorization: L402')) return { url, child, ended, output }
  }
  child.kill('SIGKILL')
  throw new Error(`the service did not start:\n${output()}`)
}

async function post(service: Service, body: unknown, authorization?: string, path = PATH) {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) }
  const response = await fetch(service.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text()
  }
}

/** What must be found nowhere: bytes in every spelling, and texts. */
const secrets = new Map<string, Buffer[]>()
function secret(name: string, bytes: Buffer, end = 0): void {
  const spellings = ['hex', 'base64', 'base64url'].map((coding) => {
    return Buffer.from(
      bytes
        .toString(coding as BufferEncoding)
        .replace(/=+$/, '')
        .slice(-end)
    )
  })
  secrets.set(name, [bytes.subarray(-end), ...spellings])
}

async function purchase(service: Service, body: unknown) {
  const { token, invoice } = challengeOf(await post(service, body))
  const { preimage } = JSON.parse((await post(service, { invoice }, undefined, '/dev/lightning/pay')).body)
  secret(`preimage ${secrets.size}`, Buffer.from(preimage, 'hex'))
  // Of a macaroon only the end, its signature, is secret.
  secret(`token ${secrets.size}`, Buffer.from(token, 'base64'), 30)
  return { body, authorization: `L402 ${token}:${preimage}` }
}

function athlete(): string {
  const uuid = randomUUID()
  secrets.set(`athlete ${secrets.size}`, [Buffer.from(uuid), Buffer.from(uuid.toUpperCase())])
  return uuid
}

t.test('a service that is killed, restarted and stopped', async (t) => {
  const folder = t.testdir()
  const started: Service[] = []
  t.teardown(() => {
    for (const { child } of started) child.kill('SIGKILL')
  })
  const run = async (name: string) => {
    const service = await start(folder, name)
    started.push(service)
    return service
  }
  const kill = async (service: Service) => {
    service.child.kill('SIGKILL')
    await service.ended
  }

  const first = await run('first')
  secret('L402 secret', Buffer.from(readFileSync(`${folder}/data/l402-secrets`, 'utf8').split(':')[1]!, 'hex'))

  await t.test('the lines that it prints buy an answer', { skip: missing('curl') }, async (t) => {
    const lines = first
      .output()
      .split('\n')
      .filter((line) => /^ {2}(BODY|CHALLENGE|INVOICE|MACAROON|PAID|PREIMAGE|curl)/.test(line))
    t.equal(lines.length, 7)
    const shell = spawn('bash', ['-e', '-c', lines.join('\n')], { stdio: ['ignore', 'pipe', 'inherit'] })
    const chunks: Buffer[] = []
    shell.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    t.strictSame(await once(shell, 'close'), [0, null])
    const answer = JSON.parse(Buffer.concat(chunks).toString())
    t.match(answer, { workout_id: /^[0-9a-f-]{36}$/, results: { session: { active_duration_seconds: 132 } } })
  })

  const unredeemed = await purchase(first, workout({ athlete_uuid: athlete() }))
  const answered = await purchase(first, workout({ athlete_uuid: athlete() }))
  const answer = await post(first, answered.body, answered.authorization)
  t.equal(answer.statusCode, 200)
  await kill(first)

  const second = await run('second')
  await t.test('killed between payment and answer: the same token gets its answer', async (t) => {
    const late = await post(second, unredeemed.body, unredeemed.authorization)
    t.equal(late.statusCode, 200)
    t.equal(late.headers['idempotent-replayed'], undefined)
  })
  await t.test('a malformed request is not written down', async (t) => {
    const port = Number(new URL(second.url).port)
    t.match(await raw(port, `GET / HTTP/1.1\r\nAuthorization: ${answered.authorization}\r\nnothing\r\n\r\n`), ' 400 ')
    t.notMatch(second.output(), 'rawPacket')
  })
  await t.test('killed after the answer: the same bytes', async (t) => {
    const again = await post(second, answered.body, answered.authorization)
    t.strictSame([again.statusCode, again.body], [200, answer.body])
    t.equal(again.headers['idempotent-replayed'], 'true')
  })

  await t.test('SIGTERM: a paid request on its way is answered, then the end is orderly', async (t) => {
    const paid = await purchase(second, workout({ athlete_uuid: athlete() }))
    const text = JSON.stringify(paid.body)
    const socket = connect(Number(new URL(second.url).port), '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    const closed = once(socket, 'close')
    const head = [
      `POST ${PATH} HTTP/1.1`,
      'Host: x',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(text)}`,
      `Authorization: ${paid.authorization}`
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n${text.slice(0, 50)}`)
    await sleep(200)
    second.child.kill('SIGTERM')
    await sleep(300)
    socket.write(text.slice(50))
    await closed
    const reply = Buffer.concat(chunks).toString()
    t.match(reply, /^HTTP\/1\.1 200 OK/)
    t.match(reply, 'workout_id')
    t.strictSame(await second.ended, [0, null])
    // Who copies the database of a stopped service takes one file.
    t.equal(statSync(join(folder, 'data/oracle.db-wal'), { throwIfNoEntry: false })?.size ?? 0, 0)
  })

  await t.test('no secret in any output or file', async (t) => {
    const files = [...readdirSync(folder), ...readdirSync(join(folder, 'data')).map((name) => `data/${name}`)]
    const read = files.filter((name) => /\.(log|db|db-wal)$/.test(name))
    t.ok(read.includes('second.log') && read.includes('data/oracle.db'), read.join())
    const hash = sha256(Buffer.from(answered.authorization.split(':')[1]!, 'hex')).toString('hex')
    t.ok(
      read.some((name) => readFileSync(join(folder, name)).includes(hash)),
      'the payment hash is in the books'
    )
    for (const name of read) {
      const content = readFileSync(join(folder, name))
      for (const [kind, spellings] of secrets)
        t.notOk(
          spellings.some((spelling) => content.includes(spelling)),
          `no ${kind} in ${name}`
        )
    }
    t.ok(secrets.size >= 10, 'there was something to look for')
  })
})

t.test('mistakes in the configuration: exit 1, one line for each, and no secret in them', async (t) => {
  const wrong = {
    PORT: '99999',
    PRICE_USD: 'ten',
    LIGHTNING: 'maybe',
    L402_SECRETS: '1:c0ffee',
    NODE_ENV: 'production'
  }
  const { status, stdout, stderr } = spawnSync(COMMAND, SERVER, {
    cwd: ROOT,
    env: environment(t.testdir(), wrong),
    encoding: 'utf8'
  })
  t.equal(status, 1)
  t.equal(stdout, '')
  const lines = stderr.trimEnd().split('\n')
  t.strictSame(lines.map((line) => line.split(':')[0]).sort(), ['L402_SECRETS', 'LIGHTNING', 'PORT', 'PRICE_USD'])
  for (const line of lines) t.match(line, /^[A-Z0-9_]+: must be /)
  t.notMatch(stderr, 'c0ffee')
})

t.test('a port that is taken: exit 1 and one line, however silent the log', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  t.teardown(() => taken.close())
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const env = environment(t.testdir(), { LOG_LEVEL: 'silent', PORT: String(port), DATABASE_URL: 'sqlite::memory:' })
  const child = spawn(COMMAND, SERVER, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] })
  t.teardown(() => child.kill())
  let reported = ''
  child.stderr?.on('data', (chunk) => {
    reported += chunk
  })
  const [status] = await once(child, 'close')
  t.strictSame([status, reported], [1, `PORT: ${port} is already in use\n`])
})
