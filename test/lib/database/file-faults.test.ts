import {
  copyFileSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import t, { type Test } from 'tap'
import type { Queries } from '../../../lib/database/database.ts'
import { LedgerUnavailable } from '../../../lib/ledger/ledger.ts'
import { SqliteStorage } from '../../../lib/storage/open-storage.ts'
import { until } from '../../support/until.ts'
import { answer, bought, buy, claim, databasePath, NOW_MS, record, request } from '../ledger/helpers.ts'
import { SqliteLedger } from '../ledger/sqlite-ledger.ts'

// Each waits for health checks.
t.jobs = 4

interface Fault {
  readonly breaks: (path: string, other: string) => void
  /** Undefined: the file is put back in place, byte for byte. */
  readonly mends?: (path: string) => void
}

const LINK = '.link'
const backByName = (path: string) => renameSync(`${path}${LINK}`, path)

const FAULTS: Readonly<Record<string, Fault>> = {
  'the file is deleted, and the same file comes back': { breaks: (path) => rmSync(path), mends: backByName },
  'the file is deleted, and a copy comes back': { breaks: (path) => rmSync(path) },
  'the file is moved away and back': {
    breaks: (path) => renameSync(path, `${path}.away`),
    mends: (path) => renameSync(`${path}.away`, path)
  },
  'another database takes its name': { breaks: (path, other) => renameSync(other, path), mends: backByName },
  'another database is written over it': { breaks: (path, other) => copyFileSync(other, path) },
  'an empty file takes its name': {
    breaks: (path) => {
      rmSync(path)
      writeFileSync(path, '')
    },
    mends: backByName
  },
  'it is truncated to nothing': { breaks: (path) => truncateSync(path) },
  'it is truncated in the middle': { breaks: (path) => truncateSync(path, statSync(path).size / 2) },
  'noise is written over it': { breaks: (path) => writeFileSync(path, Buffer.alloc(statSync(path).size, 'noise')) }
}

function open(t: Test, path: string): SqliteLedger {
  const ledger = new SqliteLedger(path, () => NOW_MS)
  t.teardown(() => ledger.close())
  return ledger
}

/** Writes what the log holds into the file. */
function checkpoint(path: string): void {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}

async function makeOther(t: Test): Promise<string> {
  const path = databasePath(t)
  const ledger = new SqliteLedger(path, () => NOW_MS)
  await buy(ledger, request('theirs'), 'theirs')
  checkpoint(path)
  await ledger.close()
  return path
}

for (const [name, { breaks, mends }] of Object.entries(FAULTS))
  t.test(`${name}: found out, and well again without a restart`, { buffered: true }, async (t) => {
    const path = databasePath(t)
    const other = await makeOther(t)
    const ledger = open(t, path)
    await buy(ledger, request('filed'), 'filed', record('filed'))
    checkpoint(path)
    await buy(ledger, request('logged'), 'logged', record('logged'))
    const held = await claim(ledger, request('held'))
    linkSync(path, `${path}${LINK}`)
    const bytes = readFileSync(path)

    breaks(path, other)
    await until('the fault is found out', () => !ledger.isWritable())
    t.throws(() => ledger.claim(request('filed')), LedgerUnavailable, 'nothing is read from it')
    t.throws(() => ledger.claim(request('new')), LedgerUnavailable)
    await t.rejects(ledger.capture(held, answer('held')), LedgerUnavailable, 'nothing is written to it')

    if (mends === undefined) writeFileSync(path, bytes)
    else mends(path)
    await until('it is back', () => ledger.isWritable())
    for (const proof of ['filed', 'logged']) t.same((await bought(ledger, request(proof))).answer, answer(proof))
    t.same(await buy(ledger, request('held'), 'held', record('held')), answer('held'))
    t.equal(await ledger.isKnown('l402:theirs'), false)
    await ledger.close()
    const later = open(t, path)
    for (const proof of ['filed', 'logged', 'held'])
      t.same((await bought(later, request(proof))).answer, answer(proof), 'after a restart too')
  })

t.test('a fault that a purchase meets first: the purchase fails, nothing is lost', async (t) => {
  for (const name of ['it is truncated to nothing', 'another database takes its name'] as const) {
    const path = databasePath(t)
    const other = await makeOther(t)
    const ledger = open(t, path)
    await buy(ledger, request('a'), 'a')
    checkpoint(path)
    const held = await claim(ledger, request('held'))
    FAULTS[name]!.breaks(path, other)
    await t.rejects(ledger.capture(held, answer('held')), LedgerUnavailable, name)
  }
})

t.test('the write-ahead log is deleted: its content is saved', async (t) => {
  const path = databasePath(t)
  const ledger = open(t, path)
  await buy(ledger, request('filed'), 'filed')
  checkpoint(path)
  await buy(ledger, request('logged'), 'logged')
  rmSync(`${path}-wal`)
  const held = await claim(ledger, request('held'))
  await t.rejects(ledger.capture(held, answer('held')), LedgerUnavailable, 'no purchase is written to a deleted log')
  await until('there is a new one', () => ledger.isWritable())
  await buy(ledger, request('later'), 'later')
  t.ok(statSync(`${path}-wal`).size > 0)
  copyFileSync(path, `${path}.crashed`)
  copyFileSync(`${path}-wal`, `${path}.crashed-wal`)
  const crashed = open(t, `${path}.crashed`)
  for (const proof of ['filed', 'logged', 'later'])
    t.same((await bought(crashed, request(proof))).answer, answer(proof), proof)
})

t.test('a database without a schema is not taken for the one that was open', async (t) => {
  const path = databasePath(t)
  const ledger = open(t, path)
  await buy(ledger, request('a'), 'a')
  const [file, log] = [readFileSync(path), readFileSync(`${path}-wal`)]
  for (const name of [path, `${path}-wal`, `${path}-shm`]) rmSync(name)
  await until('it is found out', () => !ledger.isWritable())
  // All that was bought stands in the log.
  writeFileSync(path, file)
  await t.rejects(
    until('it is taken up', () => ledger.isWritable(), 3000),
    /it is taken up/
  )
  t.throws(() => ledger.claim(request('a')), LedgerUnavailable)
  rmSync(path)
  for (const beside of [`${path}-wal`, `${path}-shm`]) rmSync(beside, { force: true })
  writeFileSync(`${path}-wal`, log)
  writeFileSync(path, file)
  await until('both are back', () => ledger.isWritable())
  t.same((await bought(ledger, request('a'))).answer, answer('a'))
})

t.test('an older copy is not put under a newer log', async (t) => {
  const path = databasePath(t)
  const ledger = open(t, path)
  await buy(ledger, request('a'), 'a')
  checkpoint(path)
  const older = readFileSync(path)
  for (let index = 0; index < 20; index++) await buy(ledger, request(`b${index}`), 'b'.repeat(20_000))
  checkpoint(path)
  await buy(ledger, request('c'), 'c')
  const newer = readFileSync(path)
  rmSync(path)
  writeFileSync(path, older)
  await until('it is found out', () => !ledger.isWritable())
  await t.rejects(
    until('it is taken up', () => ledger.isWritable(), 3000),
    /it is taken up/
  )
  rmSync(path)
  writeFileSync(path, newer)
  await until('it is back', () => ledger.isWritable())
  for (const proof of ['a', 'b19', 'c']) t.ok((await bought(ledger, request(proof))).answer, proof)
})

t.test('VACUUM by another program shrinks the file, and is not a fault', async (t) => {
  const path = databasePath(t)
  const ledger = open(t, path)
  for (let index = 0; index < 20; index++)
    await buy(ledger, request(`a${index}`, { answerKeptUntilMs: NOW_MS - 1 }), 'a'.repeat(20_000))
  checkpoint(path)
  await ledger.dropExpiredAnswers(100)
  const before = statSync(path).size
  const db = new DatabaseSync(path)
  db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
  t.ok(statSync(path).size < before)
  t.same(await buy(ledger, request('b'), 'b'), answer('b'))
  t.equal(ledger.isWritable(), true)
})

t.test('a read during a reopening of the database is repeated', async (t) => {
  const path = databasePath(t)
  const storage = new SqliteStorage(path)
  t.teardown(() => storage.close())
  let attempts = 0
  const rows = await storage.query(async (queries: Queries<{ payments: { state: string } }>) => {
    // The log is gone: the next check opens the database again.
    if (++attempts === 1) {
      rmSync(`${path}-wal`)
      await sleep(2500)
    }
    return queries.selectFrom('payments').select('state').execute()
  })
  t.strictSame([attempts, rows], [2, []])
})
