/** How many connections may be open, and what becomes of the others. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Processes } from '../support/processes.ts'
import { programOf } from '../support/program.ts'
import { startApp } from '../support/purchase.ts'
import { until } from '../support/until.ts'

const LIVE = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n'
/** An address is refused none below these. */
const OPEN = 256
const NEW = 1000

/** A connection from an address of this machine; `isClosed` once the other side has ended it. */
async function open(t: Test, port: number, localAddress = '127.0.0.1') {
  const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => {})
  t.teardown(() => socket.destroy())
  const state = { socket, isClosed: false }
  socket.once('close', () => {
    state.isClosed = true
  })
  await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  return state
}

/** Whether a request over this connection is answered. */
async function isServed(socket: Socket): Promise<boolean> {
  socket.write(LIVE)
  const answered = await Promise.race([
    once(socket, 'data').then(([chunk]) => String(chunk).startsWith('HTTP/1.1 200')),
    once(socket, 'close').then(() => false)
  ])
  return answered
}

async function listening(t: Test, settings: Record<string, string>) {
  const app = await startApp(t, settings)
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: (app.server.address() as AddressInfo).port }
}

t.test('an address has so many connections open, and no others are held up', async (t) => {
  const { app, port } = await listening(t, { RATE_LIMIT_PER_MINUTE: '5' })
  const held: Awaited<ReturnType<typeof open>>[] = []
  for (let count = 0; count < OPEN; count++) held.push(await open(t, port))
  t.ok(await isServed(held[0]!.socket))
  t.ok(await isServed(held.at(-1)!.socket))
  for (let count = 0; count < 10; count++) t.notOk(await isServed((await open(t, port)).socket), 'one too many')
  t.equal(app.openConnections.size, OPEN)
  t.ok(await isServed((await open(t, port, '127.0.0.2')).socket), 'another address')
  held[1]!.socket.destroy()
  await until('a place is free', () => app.openConnections.size === OPEN)
  t.ok(await isServed((await open(t, port)).socket), 'one has gone')
  const told = (await Promise.all(app.measures.map((source) => source()))).flat()
  const refused = told.filter(({ name }) => name === 'http_connections_refused_total')
  t.strictSame(
    refused.map(({ labels, value }) => [labels?.reason, value]),
    [
      ['too_many_open', 10],
      ['too_many_new', 0],
      ['full', 0]
    ]
  )
})

t.test('an address opens so many a minute; below twice its requests it reads 429', async (t) => {
  const { port } = await listening(t, { RATE_LIMIT_PER_MINUTE: '5' })
  const seen: Record<string, number> = {}
  // A count lasts a minute of the clock.
  const minute = () => Math.floor(Date.now() / 60_000)
  await until('the minute is young', () => Date.now() % 60_000 < 30_000)
  const began = minute()
  for (let count = 0; count < NEW + 50; count++) {
    const { socket } = await open(t, port)
    socket.write('GET /v1/movements HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    const [chunk] = await Promise.race([once(socket, 'data'), once(socket, 'close')])
    const status = chunk instanceof Buffer ? String(chunk).slice(9, 12) : 'closed'
    seen[status] = (seen[status] ?? 0) + 1
    socket.destroy()
  }
  t.comment(JSON.stringify(seen))
  if (minute() === began) t.strictSame(seen, { 200: 5, 429: NEW - 5, closed: 50 })
  else t.ok(seen[429]! > 0, 'the machine is slow: the minute has passed')
  t.ok(await isServed((await open(t, port, '127.0.0.2')).socket), 'another address')
})

t.test('the connections of a trusted proxy are not limited', async (t) => {
  const { port } = await listening(t, { TRUST_PROXY: '127.0.0.1', RATE_LIMIT_PER_MINUTE: '5' })
  const held: Awaited<ReturnType<typeof open>>[] = []
  for (let count = 0; count < OPEN + 20; count++) held.push(await open(t, port))
  t.ok(await isServed(held.at(-1)!.socket))
})

t.test('no room: silent connections are closed, and the next client is served', async (t) => {
  const processes = new Processes()
  t.teardown(() => processes.close())
  const folder = t.testdir()
  // Of these files, 256 are for everything but connections.
  const command = ['sh', '-c', 'ulimit -n 700 && exec "$@"', 'sh', ...programOf('server.ts')]
  const log = join(folder, 'service.log')
  const env = { PATH: process.env.PATH, PORT: '0', X402: 'off', DATABASE_URL: `sqlite:${folder}/oracle.db` }
  await processes.start('service', command, log, env)
  const address = await until('it listens', () => /127\.0\.0\.1:[1-9]\d*/.exec(readFileSync(log, 'utf8'))?.[0])
  const port = Number(address.split(':')[1])
  const held: Awaited<ReturnType<typeof open>>[] = []
  for (const localAddress of ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'])
    for (let count = 0; count < 150; count++) held.push(await open(t, port, localAddress))
  const most = 700 - 256
  await until('there are no more than files', () => held.filter(({ isClosed }) => !isClosed).length <= most)
  await until('a newcomer is served', async () => isServed((await open(t, port)).socket))
  t.match(readFileSync(log, 'utf8'), /no room for another connection/)
})
