import t from 'tap'
import { WorkoutStore } from '../../../lib/workouts/workout-store.ts'
import { onEachEngine } from '../../support/engines.ts'
import { NOW_MS, openAt } from '../ledger/helpers.ts'
import { History, randomFrom } from './history.ts'
import { holdInvariants } from './invariants.ts'

/** `.ci/run` plays 10,000. */
const HISTORIES = Number(process.env.TEST_HISTORIES ?? 1000)
const AT_ONCE = 100
/** Short ones, and many: a history's mistakes are in its turns. */
const MAX_STEPS = 3

t.setTimeout(300_000)

await onEachEngine(t, (t, { makePlace }) => {
  t.setTimeout(300_000)
  t.test(`${HISTORIES} random histories of revise, void, settle and erase`, { timeout: 300_000 }, async (t) => {
    const seed = Date.now() % 1e9
    t.comment(`seed ${seed}; TEST_HISTORIES says how many, 1000 unless set`)
    const place = await makePlace(t)
    const { ledger, database } = await openAt(t, place)
    const store = new WorkoutStore(database, () => NOW_MS)
    let next = 0
    let revisions = 0
    const worker = async () => {
      while (next < HISTORIES) {
        const index = next++
        const random = randomFrom(seed + index)
        const history = new History(`h${index}`, ledger, store, random)
        try {
          await history.run(1 + Math.floor(random() * MAX_STEPS))
          revisions += history.revisions
        } catch (error) {
          next = HISTORIES
          throw new Error(`seed ${seed}, history ${index}`, { cause: error })
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    t.equal(next, HISTORIES)
    t.same(await place.rows('SELECT count(*) AS n FROM revisions'), [{ n: revisions }])
    t.ok(revisions > HISTORIES, `${revisions} revisions`)
    await holdInvariants(t, place)
  })
})
