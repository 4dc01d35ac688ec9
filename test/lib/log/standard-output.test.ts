import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { programOf } from '../../support/program.ts'

const [COMMAND, ...WRITER] = programOf('test/lib/log/writer.ts')
const PATIENCE_MS = 20_000
/** Four times what is kept. */
const FLOOD = 20_000
/** Nearly as much as is kept, and many times what a socket holds. */
const LAST = 3000

interface Line {
  readonly line?: number
  readonly droppedCount?: number
}

function startWriter(t: Test, output: number | 'pipe') {
  const child = spawn(COMMAND, WRITER, { stdio: ['pipe', output, 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = once(child, 'close')
  const write = async (count: number) => {
    const done = once(child.stderr!, 'data')
    child.stdin!.write(`${count}\n`)
    return String((await done)[0])
  }
  const end = () => {
    child.stdin!.end()
    return ended
  }
  return { child, write, end }
}

function assertOneLoss(t: Test, text: string): void {
  t.match(text, /\n$/, 'no line is cut')
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  const kept = lines.findIndex(({ line }) => line === undefined)
  t.ok(kept > 3000 && kept < FLOOD / 2, `${kept} lines are kept`)
  t.strictSame(lines[kept]!.droppedCount, FLOOD - kept, 'those that were dropped are counted')
  const numbers = [...Array(kept).keys(), undefined, FLOOD, FLOOD + 1]
  t.strictSame(
    lines.map(({ line }) => line),
    numbers,
    'each line that is kept comes once, in order'
  )
}

t.test('a socket without a reader for a while', async (t) => {
  const { child, write, end } = startWriter(t, 'pipe')
  t.equal(await write(FLOOD), `${FLOOD}\n`, 'the writer does not wait')
  let text = ''
  child.stdout!.on('data', (chunk) => {
    text += chunk
  })
  for (const until = Date.now() + PATIENCE_MS; !text.includes('droppedCount') && Date.now() < until; ) await sleep(50)
  await write(2)
  t.strictSame(await end(), [0, null])
  assertOneLoss(t, text)
})

t.test('a named pipe without a reader, whose reader leaves, and that gets another one', async (t) => {
  const fifo = join(t.testdir(), 'log')
  t.equal(spawnSync('mkfifo', [fifo]).status, 0)
  const first = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  const output = openSync(fifo, constants.O_WRONLY)
  const { write, end } = startWriter(t, output)
  closeSync(output)
  t.equal(await write(FLOOD), `${FLOOD}\n`, 'the writer does not wait')
  const second = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  closeSync(first)
  const read = reader(second)
  await read((text) => text.includes('droppedCount'))
  await write(2)
  assertOneLoss(t, await read((text) => text.includes(`"line":${FLOOD + 1}`)))
  closeSync(second)
  t.equal(await write(FLOOD), `${2 * FLOOD + 2}\n`, 'without any reader')
  t.strictSame(await end(), [0, null])
})

t.test('a full disk', { skip: process.platform !== 'linux' && 'there is no /dev/full' }, async (t) => {
  const full = openSync('/dev/full', 'w')
  const { write, end } = startWriter(t, full)
  closeSync(full)
  t.equal(await write(FLOOD), `${FLOOD}\n`)
  t.strictSame(await end(), [0, null])
})

t.test('the last lines wait for a reader that is slow, not for one that never reads', async (t) => {
  const slow = startWriter(t, 'pipe')
  await slow.write(LAST)
  // Its last lines may be read after it has exited.
  const isRead = once(slow.child.stdout!, 'end')
  const ended = slow.end()
  await sleep(300)
  let text = ''
  slow.child.stdout!.on('data', (chunk) => {
    text += chunk
  })
  t.strictSame(await ended, [0, null])
  await isRead
  t.match(text, `"line":${LAST - 1}`)
  const never = startWriter(t, 'pipe')
  await never.write(2000)
  never.child.stdin!.end()
  t.strictSame(await once(never.child, 'exit'), [0, null])
})

/** Reads a pipe that does not block, until `isEnough` of all that came. */
function reader(fd: number) {
  let text = ''
  const buffer = Buffer.alloc(65_536)
  return async (isEnough: (text: string) => boolean): Promise<string> => {
    for (const until = Date.now() + PATIENCE_MS; !isEnough(text) && Date.now() < until; ) {
      try {
        const count = readSync(fd, buffer)
        text += buffer.toString('latin1', 0, count)
        if (count > 0) continue
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      }
      await sleep(10)
    }
    return text
  }
}
