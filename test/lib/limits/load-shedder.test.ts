import t from 'tap'
import { LoadShedder } from '../../../lib/limits/load-shedder.ts'

/** Requests in a period. */
const MANY = 16

/** A shedder, and a way to end the turn of the event loop that it sees. */
function shedderOf() {
  let acts: (() => void)[] = []
  const idle = { ms: 0 }
  const shedder = new LoadShedder({ atEndOfTurn: (act) => acts.push(act), idleMs: () => idle.ms })
  const endTurn = () => {
    for (const act of acts) act()
    acts = []
  }
  return { shedder, endTurn, idle, waiting: () => acts.length }
}

function press(shedder: LoadShedder, ...delaysMs: number[]): void {
  for (const delayMs of [200, 200, ...delaysMs]) shedder.note(delayMs, MANY)
}

t.test('load is heavy after two late periods, and over after a light one', async (t) => {
  const { shedder } = shedderOf()
  const cases: [delayMs: number, isShedding: boolean][] = [
    [5000, false],
    [100, false],
    [101, false],
    [101, true],
    [5000, true],
    [25, true],
    [10, true],
    [9.9, false],
    [500, false],
    [50, false],
    [500, false],
    [500, true]
  ]
  for (const [index, [delayMs, isShedding]] of cases.entries()) {
    shedder.note(delayMs, MANY)
    t.equal(shedder.isShedding, isShedding, `period ${index}`)
  }
})

t.test('a loop that is late with few requests is no load', async (t) => {
  const { shedder } = shedderOf()
  for (let period = 0; period < 5; period++) shedder.note(5000, MANY - 1)
  t.notOk(shedder.isShedding)
})

t.test('a single turn that is too long begins to shed', async (t) => {
  const { shedder, endTurn } = shedderOf()
  const nowMs = performance.now()
  shedder.watch(nowMs)
  endTurn()
  const laterMs = performance.now()
  for (let request = 0; request < 14; request++) shedder.watch(laterMs)
  for (const [ageMs, isShedding] of [
    [0, false],
    [200, false],
    [251, true]
  ] as const) {
    shedder.watch(laterMs + ageMs)
    t.equal(shedder.isShedding, isShedding, `${ageMs} ms`)
  }
  shedder.note(5, MANY)
  t.notOk(shedder.isShedding)
})

t.test('a turn that one slow request makes long is no load', async (t) => {
  const { shedder } = shedderOf()
  for (const ageMs of [0, 2000, 2001]) shedder.watch(ageMs)
  t.notOk(shedder.isShedding)
})

t.test('heavy load: a turn admits for 20 ms, and payments for half a second', async (t) => {
  const { shedder, endTurn, waiting } = shedderOf()
  press(shedder, 50)
  for (let turn = 0; turn < 2; turn++) {
    shedder.watch(0)
    endTurn()
    const beganMs = performance.now()
    t.notOk(shedder.refuses(false, beganMs))
    t.notOk(shedder.refuses(false, beganMs + 15))
    t.ok(shedder.refuses(false, beganMs + 25))
    t.notOk(shedder.refuses(true, beganMs + 490))
    t.ok(shedder.refuses(true, beganMs + 510))
    t.equal(waiting(), 1, 'one callback a turn')
    endTurn()
  }
})

t.test('what a turn has left to be done counts against the next one; rest does not', async (t) => {
  const { shedder, endTurn, idle } = shedderOf()
  press(shedder, 50)
  shedder.watch(0)
  endTurn()
  t.ok(shedder.refuses(false, performance.now() + 30), '30 ms of work')
  endTurn()
  idle.ms += 30
  t.notOk(shedder.refuses(false, performance.now() + 30), '30 ms of rest')
})

t.test('the loop is late all the same: nothing new is admitted', async (t) => {
  const { shedder } = shedderOf()
  press(shedder)
  t.ok(shedder.refuses(false, 0))
  t.notOk(shedder.refuses(true, 0))
})
