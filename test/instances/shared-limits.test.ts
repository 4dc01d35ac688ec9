import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import t, { type Test } from 'tap'
import { missing } from '../support/program.ts'
import { startApp } from '../support/purchase.ts'
import { leftOut } from '../support/servers.ts'

const noRedis = leftOut || missing('redis-server')

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function startRedis(t: Test): Promise<{ url: string; kill(): Promise<void>; freeze(): void }> {
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', t.testdir()]
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  t.teardown(kill)
  for await (const line of child.stdout) if (String(line).includes('Ready to accept connections')) break
  return { url: `redis://127.0.0.1:${port}`, kill, freeze: () => child.kill('SIGSTOP') }
}

t.test('two instances with one Redis count together', { skip: noRedis }, async (t) => {
  const redis = await startRedis(t)
  const settings = { RATE_LIMIT_PER_MINUTE: '10', REDIS_URL: redis.url }
  const apps = [await startApp(t, settings), await startApp(t, settings)]
  const ask = (index: number) => apps[index % 2]!.inject('/v1/payment-requirements')
  const statuses: number[] = []
  for (let index = 0; index < 16; index++) statuses.push((await ask(index)).statusCode)
  const taken = statuses.filter((status) => status === 200).length
  t.equal(taken, 10, 'the limit is one for both')
  const refused = await ask(0)
  t.equal(refused.statusCode, 429)
  t.match(refused.json(), { code: 'too_many_requests' })
  t.ok(Number(refused.headers['retry-after']) >= 1)
})

t.test('Redis dead or frozen: each instance counts alone, and no request waits', { skip: noRedis }, async (t) => {
  for (const way of ['kill', 'freeze'] as const) {
    const redis = await startRedis(t)
    const app = await startApp(t, { RATE_LIMIT_PER_MINUTE: '6', REDIS_URL: redis.url })
    t.equal((await app.inject('/v1/health')).statusCode, 200)
    await redis[way]()
    const statuses: number[] = []
    for (let index = 0; index < 6; index++) statuses.push((await app.inject('/v1/health')).statusCode)
    t.strictSame(statuses, [200, 200, 200, 200, 200, 429], way)
  }
})
