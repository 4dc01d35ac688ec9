import t from 'tap'
import { PoolPace } from '../../../lib/lightning/pool-pace.ts'

const AT_ONCE = 10
const WAIT_MS = 1000

function paceUnderClock() {
  const clock = { ms: 0 }
  const pace = new PoolPace(AT_ONCE, () => clock.ms)
  /** An attempt that ends when it is told to. */
  const attempt = () => {
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const measured = pace.measure(() => ended)
    return async () => {
      end()
      await measured
    }
  }
  const make = async (tookMs: number, times = 1) => {
    for (let time = 0; time < times; time++) {
      const end = attempt()
      clock.ms += tookMs
      await end()
    }
  }
  /** How many may wait, the next one refused. */
  const most = () => {
    let ahead = 0
    while (ahead < 10_000 && pace.serves(ahead, WAIT_MS)) ahead++
    return ahead
  }
  return { pace, clock, attempt, make, most }
}

t.test('the line is as long as the node serves in the time that a question waits', async (t) => {
  const { make, most } = paceUnderClock()
  t.equal(most(), 10_000, 'a node that nobody has asked yet')
  await make(100)
  t.equal(most(), 100)
  await make(50, 400)
  t.ok(most() >= 199, 'it follows the latest answers')
  await make(900, 400)
  t.ok(most() >= AT_ONCE, 'a node that is slow and steady: whoever is tried at once waits')
  await make(5000, 400)
  t.equal(most(), 1, 'one always waits, so that an invoice is made')
  await make(100, 800)
  t.ok(most() >= 99, 'and a node that is well again is found to be')
})

t.test('a node that takes now 200, now 800 ms: only who would be served in the longer time waits', async (t) => {
  const { make, most } = paceUnderClock()
  for (let time = 0; time < 200; time++) await make(time % 2 === 0 ? 200 : 800)
  t.equal(most(), 1)
})

t.test('a node that is silent makes the line shorter, and empties it after the time of a question', async (t) => {
  const { clock, attempt, make, most } = paceUnderClock()
  await make(10)
  clock.ms += 1_000_000
  t.equal(most(), 1000, 'a rest is no silence')
  const ends = [attempt(), attempt()]
  clock.ms += 100
  t.equal(most(), 100)
  clock.ms += 899
  t.equal(most(), AT_ONCE)
  clock.ms += 1
  t.equal(most(), 0)
  await ends[0]!()
  t.ok(most() >= AT_ONCE, 'it has been heard of')
  await ends[1]!()
})

t.test('a failed attempt is an answer and no measure', async (t) => {
  const { pace, clock, make, most } = paceUnderClock()
  await make(100)
  await t.rejects(
    pace.measure(async () => {
      clock.ms += 5
      throw new Error('refused')
    })
  )
  t.equal(most(), 100)
})
