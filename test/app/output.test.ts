import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { programOf } from '../support/program.ts'
import { PATH, workout } from '../support/purchase.ts'
import { freePort } from '../support/service-process.ts'

const [COMMAND, ...SERVER] = programOf('server.ts')
const PATIENCE_MS = 20_000

/** Starts the service with this standard output, buys until it asks for money, and stops it. */
async function serveAndStop(t: Test, output: number | 'pipe', whileItRuns?: () => Promise<void>) {
  const port = await freePort()
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    LOG_LEVEL: 'trace',
    X402: 'off',
    DATABASE_URL: `sqlite:${join(t.testdir(), 'oracle.db')}`
  }
  const child = spawn(COMMAND, SERVER, { env, stdio: ['ignore', output, 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  // Never read; a pipe that spawn makes is a socket.
  if (output === 'pipe') child.stdout!.destroy()
  const url = `http://127.0.0.1:${port}`
  const challenge = () =>
    fetch(url + PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(workout()),
      signal: AbortSignal.timeout(PATIENCE_MS)
    }).then(({ status }) => status)
  let status: number | undefined
  for (const until = Date.now() + PATIENCE_MS; status !== 402 && Date.now() < until; await sleep(50))
    status = await challenge().catch(() => undefined)
  t.equal(status, 402, 'it serves')
  await whileItRuns?.()
  t.equal(await challenge(), 402, 'it goes on')
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  t.strictSame(await Promise.race([exit, sleep(PATIENCE_MS, 'it does not stop', { ref: false })]), [0, null])
}

t.test('the service serves and stops whatever becomes of its standard output', async (t) => {
  const pipe = (name: string) => {
    const path = join(t.testdir(), name)
    t.equal(spawnSync('mkfifo', [path]).status, 0)
    return path
  }
  const reading = constants.O_RDONLY | constants.O_NONBLOCK

  await t.test('a socket that its reader closed', (t) => serveAndStop(t, 'pipe'))

  await t.test('a pipe whose reader is gone before the first line', async (t) => {
    const path = pipe('gone')
    const reader = openSync(path, reading)
    const writer = openSync(path, 'w')
    closeSync(reader)
    await serveAndStop(t, writer)
    closeSync(writer)
  })

  await t.test('a pipe that is full and never read, and whose reader leaves at last', async (t) => {
    const path = pipe('full')
    const reader = openSync(path, reading)
    const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    t.throws(() => {
      for (;;) writeSync(writer, 'x'.repeat(1000))
    }, /EAGAIN/)
    const blocking = openSync(path, 'w')
    await serveAndStop(t, blocking, async () => {
      closeSync(reader)
      await sleep(200)
    })
    closeSync(writer)
    closeSync(blocking)
  })

  await t.test('a full disk', { skip: !existsSync('/dev/full') && 'there is no /dev/full' }, async (t) => {
    const full = openSync('/dev/full', 'w')
    await serveAndStop(t, full)
    closeSync(full)
  })
})
