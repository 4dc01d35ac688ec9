import { randomBytes } from 'node:crypto'
import t from 'tap'
import type { WorkoutFigures } from '../../../lib/curve/figures.ts'
import { CurveCache } from '../../../lib/workouts/curve-cache.ts'

const KEY = Buffer.alloc(32, 1)
const NOTHING = { figures: [] as WorkoutFigures[], voidedWorkoutIds: [], startsAnew: false }

t.test('a reader during an update sees the state of its request', async (t) => {
  let version = 1
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let reads = 0
  const cache = new CurveCache({
    version: async () => version,
    changesSince: async () => {
      const read = version
      reads += 1
      if (reads === 1) await held
      return { ...NOTHING, version: read }
    }
  })
  const early = cache.history(KEY)
  await new Promise((resolve) => setImmediate(resolve))
  version = 2
  const late = [cache.history(KEY), cache.history(KEY)]
  release()
  t.equal((await early).version, 1)
  t.strictSame(
    (await Promise.all(late)).map((known) => known.version),
    [2, 2]
  )
  t.equal(reads, 2, 'those that wait share the next')
})

t.test('of what could not be read nothing is kept', async (t) => {
  let isDown = true
  let asked = 0
  const cache = new CurveCache({
    version: async () => 1,
    changesSince: async (_, since) => {
      if (isDown) throw new Error('down')
      asked += since === undefined ? 1 : 0
      return { ...NOTHING, version: 1 }
    }
  })
  for (let time = 0; time < 50; time++) await t.rejects(cache.history(randomBytes(32)), { message: 'down' })
  const joined = await Promise.allSettled([cache.history(KEY), cache.history(KEY)])
  t.strictSame(
    joined.map(({ status }) => status),
    ['rejected', 'rejected']
  )
  t.equal(cache.size, 0)
  isDown = false
  await cache.history(KEY)
  await cache.history(KEY)
  t.strictSame([asked, cache.size], [1, 1])
})
