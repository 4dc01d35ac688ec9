import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { linkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DatabaseSync } from '@photostructure/sqlite'
import t, { type Test } from 'tap'
import { LedgerUnavailable } from '../../../lib/ledger/ledger.ts'
import { until } from '../../support/until.ts'
import { answer, bought, claim, databasePath, NOW_MS, record, request } from './helpers.ts'
import { SqliteLedger } from './sqlite-ledger.ts'

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url))

function open(t: Test, path: string): SqliteLedger {
  const ledger = new SqliteLedger(path, () => NOW_MS)
  t.teardown(() => ledger.close())
  return ledger
}

function start(t: Test, mode: string, path: string, fileBlocks?: number): ChildProcess {
  const limit = fileBlocks === undefined ? '' : `ulimit -f ${fileBlocks};`
  const child = spawn('bash', ['-c', `${limit} exec "$0" --import=tsx "$@"`, process.execPath, WRITER, mode, path], {
    // A pipe, for an inherited file may have grown past the limit before the writer says a word.
    stdio: ['ignore', 'pipe', 'pipe'],
    // Without the test runner's own hooks, which write files of theirs and fail where the disk is full.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_OPTIONS$|_?TAP)/.test(name)))
  })
  child.stderr!.on('data', (text) => t.comment(String(text)))
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

/** The line that a writer prints once it has done its part. */
async function reported(child: ChildProcess): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of child.stdout!) {
    text += chunk
    if (text.includes('\n')) return JSON.parse(text)
  }
  throw new Error(`the writer ended: ${child.exitCode} ${child.signalCode} ${text}`)
}

/** Kills a process that has just done its part, and opens what it left behind. */
async function killedAfter(t: Test, part: 'claim' | 'capture') {
  const path = databasePath(t)
  const child = start(t, part, path)
  t.same(await reported(child), { done: part })
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.equal(child.signalCode, 'SIGKILL')
  return open(t, path)
}

t.test('killed right after capture: answer and workout are there', async (t) => {
  const ledger = await killedAfter(t, 'capture')
  t.same((await bought(ledger, request('killed'))).answer, answer('paid'))
  const held = await claim(ledger, request('other'))
  await t.rejects(ledger.capture(held, answer('other'), record('killed')), LedgerUnavailable, 'the workout has its row')
})

t.test('killed before capture: nothing is consumed', async (t) => {
  const ledger = await killedAfter(t, 'claim')
  const held = await claim(ledger, request('killed'))
  t.same(await ledger.capture(held, answer('now'), record('killed')), answer('now'))
})

t.test('disk full: nothing is lost, nothing is sold, the process lives', async (t) => {
  const path = databasePath(t)
  const child = start(t, 'fill', path, 1024)
  const exit = once(child, 'exit')
  let text = ''
  // To its end: a reader that leaves early would be one more fault.
  for await (const chunk of child.stdout!) text += chunk
  const { written, ...facts } = JSON.parse(text)
  t.same(facts, {
    failure: 'LedgerUnavailable',
    isReported: true,
    claimFailure: 'LedgerUnavailable',
    replay: 'captured'
  })
  await exit
  // While Node exits it stops ignoring the limit's signal, and SQLite closes its files then. All was told by that time.
  t.ok(child.exitCode === 0 || child.signalCode === 'SIGXFSZ', `ended with ${child.exitCode} ${child.signalCode}`)
  t.ok(Number(written) > 5 && Number(written) < 10_000, `${written} pairs fitted`)
  const ledger = open(t, path)
  for (let i = 0; i < Number(written); i++)
    for (const proof of [`${i}`, `late${i}`])
      if ((await bought(ledger, request(proof))).answer === undefined) t.fail(`the answer to ${proof} is lost`)
  for (const proof of [`${written}`, `late${written}`]) {
    const held = await claim(ledger, request(proof))
    t.same(await ledger.capture(held, answer('later'), record(proof)), answer('later'), 'the failed pair is free again')
  }
})

t.test('file deleted: no answer is lost, and a restored file is reopened', async (t) => {
  const path = databasePath(t)
  const ledger = open(t, path)
  await ledger.capture(await claim(ledger, request('a')), answer('a'))
  const [held, late] = [await claim(ledger, request('b')), await claim(ledger, request('c'))]
  linkSync(path, `${path}.kept`)
  rmSync(path)
  await t.rejects(ledger.capture(held, answer('b')), {
    name: 'LedgerUnavailable',
    cause: { cause: { message: /file is missing/ } }
  })
  t.equal(ledger.isWritable(), false)
  t.throws(() => ledger.claim(request('d')), LedgerUnavailable)
  writeFileSync(path, '')
  await t.rejects(ledger.capture(late, answer('c')), LedgerUnavailable, 'another file of that name is not ours')
  // The very file, moved away and back (or linked): the same inode.
  renameSync(`${path}.kept`, path)
  await until('the file is back', () => ledger.isWritable())
  t.same((await bought(ledger, request('a'))).answer, answer('a'))
  const again = await claim(ledger, request('b'))
  t.same(await ledger.capture(again, answer('b')), answer('b'))
})

t.test('file deleted while nothing is written: found out by the health check', async (t) => {
  const path = databasePath(t)
  const ledger = open(t, path)
  rmSync(dirname(path), { recursive: true })
  await until('the file is gone', () => !ledger.isWritable())
  t.throws(() => ledger.claim(request('a')), LedgerUnavailable)
  await sleep(1500)
  t.equal(ledger.isWritable(), false, 'no new one is made')
})

t.test(
  'a folder that can be looked into no more: nothing is sold, the process lives, and it is taken up again',
  async (t) => {
    const path = databasePath(t)
    const ledger = open(t, path)
    const folder = dirname(path)
    renameSync(folder, `${folder}.kept`)
    symlinkSync(folder, folder)
    await until('the health check fails', () => !ledger.isWritable())
    await sleep(1500)
    rmSync(folder)
    renameSync(`${folder}.kept`, folder)
    await until('the folder is back', () => ledger.isWritable())
    t.same(await ledger.capture(await claim(ledger, request('a')), answer('a')), answer('a'))
  }
)

t.test('locked by another program: nothing is sold until the lock is gone', async (t) => {
  const path = databasePath(t)
  const ledger = open(t, path)
  const held = await claim(ledger, request('a'))
  const other = new DatabaseSync(path)
  t.teardown(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  await t.rejects(ledger.capture(held, answer('a')), LedgerUnavailable)
  t.equal(ledger.isWritable(), false)
  other.exec('ROLLBACK')
  await until('the lock is gone', () => ledger.isWritable())
  t.same(await ledger.capture(await claim(ledger, request('a')), answer('a')), answer('a'))
})

t.test('load alone: new purchases are refused, and the ledger is well', async (t) => {
  const ledger = open(t, databasePath(t))
  const held = await Promise.all(Array.from({ length: 5000 }, (_, index) => claim(ledger, request(`${index}`))))
  const captures = held.map((one) => ledger.capture(one, answer('a')))
  t.throws(() => ledger.claim(request('more')), LedgerUnavailable)
  t.throws(() => ledger.assertTakesClaims(), LedgerUnavailable, 'and nothing is offered')
  t.equal(ledger.isWritable(), true)
  await Promise.all(captures)
  await claim(ledger, request('more'))
})

t.test('a file that does not open is reported at once', async (t) => {
  const path = databasePath(t)
  const parent = dirname(dirname(path))
  const file = join(parent, 'file')
  writeFileSync(file, 'this is no database, and long enough to be read as one'.repeat(20))
  t.throws(() => new SqliteLedger(parent, () => NOW_MS), Error, 'a folder')
  t.throws(() => new SqliteLedger(file, () => NOW_MS), /not a database/)
  t.throws(() => new SqliteLedger(join(file, 'ledger.db'), () => NOW_MS), Error, 'a file as a folder')
})
