import t from 'tap'
import { LoadShedder } from '../../../lib/limits/load-shedder.ts'

/** A shedder, and a way to end the turn of the event loop that it sees. */
function shedderOf() {
  let acts: (() => void)[] = []
  const shedder = new LoadShedder((act) => acts.push(act))
  const endTurn = () => {
    for (const act of acts) act()
    acts = []
  }
  return { shedder, endTurn, waiting: () => acts.length }
}

t.test('load is heavy after two late periods, and over after a light one', async (t) => {
  const { shedder } = shedderOf()
  const cases: [delayMs: number, changes: boolean, isShedding: boolean][] = [
    [5000, false, false],
    [100, false, false],
    [101, false, false],
    [101, true, true],
    [5000, false, true],
    [25, false, true],
    [10, false, true],
    [9.9, true, false],
    [500, false, false],
    [50, false, false],
    [500, false, false],
    [500, true, true]
  ]
  for (const [index, [delayMs, changes, isShedding]] of cases.entries())
    t.strictSame([shedder.note(delayMs), shedder.isShedding], [changes, isShedding], `period ${index}`)
})

t.test('light load: nothing is refused, and no turn is watched', async (t) => {
  const { shedder, waiting } = shedderOf()
  shedder.note(5000)
  for (let nowMs = 0; nowMs < 10_000; nowMs += 1000) t.notOk(shedder.refuses(false, nowMs))
  t.equal(waiting(), 0)
})

t.test('heavy load: a turn admits for 20 ms, and payments for half a second', async (t) => {
  const { shedder, endTurn, waiting } = shedderOf()
  shedder.note(200)
  shedder.note(200)
  shedder.note(50)
  for (const beganMs of [0, 1000]) {
    t.notOk(shedder.refuses(false, beganMs))
    t.notOk(shedder.refuses(false, beganMs + 20))
    t.ok(shedder.refuses(false, beganMs + 20.1))
    t.notOk(shedder.refuses(true, beganMs + 500))
    t.ok(shedder.refuses(true, beganMs + 500.1))
    t.equal(waiting(), 1, 'one callback a turn')
    endTurn()
  }
})

t.test('the loop is late all the same: nothing new is admitted', async (t) => {
  const { shedder } = shedderOf()
  shedder.note(200)
  shedder.note(200)
  t.ok(shedder.refuses(false, 0))
  t.notOk(shedder.refuses(true, 0))
})
