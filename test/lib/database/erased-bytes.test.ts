import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { DatabaseLedger } from '../../../lib/ledger/database-ledger.ts'
import { SqliteStorage } from '../../../lib/storage/open-storage.ts'
import { WorkoutStore } from '../../../lib/workouts/workout-store.ts'
import { ATHLETE_KEY, answer, claim, deferred, NOW_MS, record } from '../ledger/helpers.ts'

/** Longer than a page, so that it has pages of its own that fall free. */
const MARK = 'the athlete said so. '
const WORDS = MARK.repeat(500)

t.test('nothing of an erased athlete is left in the file, nor of what settling wrote down before', async (t) => {
  const path = join(t.testdir(), 'oracle.db')
  const database = new SqliteStorage(path)
  const ledger = new DatabaseLedger(database, () => NOW_MS)
  for (const id of ['a', 'b', 'c']) {
    const held = await claim(ledger, deferred(id))
    const workout = record(id, { requestJson: JSON.stringify({ of: WORDS }) })
    await ledger.beginSettling(held, answer(WORDS), workout)
    await ledger.capture(held, answer(WORDS), workout, '0xtransaction')
  }
  await database.close()
  t.ok(readFileSync(path, 'latin1').includes(MARK), 'it was there')

  const reopened = new SqliteStorage(path)
  t.equal(await new WorkoutStore(reopened, () => NOW_MS).erase(ATHLETE_KEY), 3)
  await reopened.close()
  t.notOk(readFileSync(path, 'latin1').includes(MARK))
})
