import t from 'tap'
import { LoadShedder } from '../../../lib/limits/load-shedder.ts'

/** Requests in a period. */
const MANY = 16

/** A shedder, and the event loop that it sees. */
function shedderOf() {
  let acts: (() => void)[] = []
  const clock = { ms: 1000, idleMs: 0 }
  const shedder = new LoadShedder({
    atEndOfTurn: (act) => acts.push(act),
    nowMs: () => clock.ms,
    idleMs: () => clock.idleMs
  })
  const endTurn = () => {
    for (const act of acts) act()
    acts = []
  }
  /** A turn of this length with so many requests, then work that it left to be done, then rest. */
  const turn = (lastsMs: number, requests: number, leavesMs = 0, restsMs = 0) => {
    for (let request = 0; request < requests; request++) shedder.watch(clock.ms + (lastsMs * request) / (requests - 1))
    clock.ms += lastsMs
    endTurn()
    clock.ms += leavesMs + restsMs
    clock.idleMs += restsMs
  }
  /** How long the next turn admits requests without a payment, to a tenth of a millisecond. */
  const admitsMs = (): number => {
    shedder.refuses(true, clock.ms)
    let tenths = 0
    while (!shedder.refuses(false, clock.ms + (tenths + 0.9) / 10)) tenths++
    return tenths / 10
  }
  return { shedder, clock, turn, endTurn, admitsMs, waiting: () => acts.length }
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
    [4, true],
    [3.9, false],
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
  const { shedder, clock, endTurn } = shedderOf()
  shedder.watch(clock.ms)
  endTurn()
  for (let request = 0; request < MANY - 2; request++) shedder.watch(clock.ms)
  for (const [ageMs, isShedding] of [
    [0, false],
    [200, false],
    [251, true]
  ] as const) {
    shedder.watch(clock.ms + ageMs)
    t.equal(shedder.isShedding, isShedding, `${ageMs} ms`)
  }
  shedder.note(3, MANY)
  t.notOk(shedder.isShedding)
})

t.test('a turn that one slow request makes long is no load', async (t) => {
  const { shedder } = shedderOf()
  for (const ageMs of [0, 2000, 2001]) shedder.watch(ageMs)
  t.notOk(shedder.isShedding)
})

t.test('the second of two long turns in a row begins to shed, a burst does not', async (t) => {
  const cases: [
    turns: [lastsMs: number, requests: number, leavesMs?: number, restsMs?: number][],
    isShedding: boolean
  ][] = [
    [[[110, MANY]], false],
    [
      [
        [110, MANY],
        [110, MANY]
      ],
      true
    ],
    [
      [
        [110, MANY, 0, 30],
        [110, MANY]
      ],
      false
    ],
    [
      [
        [60, MANY, 50],
        [110, MANY]
      ],
      true
    ],
    [
      [
        [60, MANY, 30],
        [110, MANY]
      ],
      false
    ],
    [
      [
        [110, MANY],
        [90, MANY],
        [110, MANY]
      ],
      false
    ],
    [
      [
        [110, MANY - 1],
        [110, MANY]
      ],
      false
    ],
    [
      [
        [110, MANY],
        [110, MANY - 1]
      ],
      false
    ]
  ]
  for (const [turns, isShedding] of cases) {
    const { shedder, turn } = shedderOf()
    for (const each of turns) turn(...each)
    t.equal(shedder.isShedding, isShedding, JSON.stringify(turns))
  }
})

t.test('heavy load: a turn admits for 20 ms, and payments for half a second', async (t) => {
  const { shedder, clock, admitsMs, endTurn, waiting } = shedderOf()
  press(shedder, 50)
  for (let turn = 0; turn < 2; turn++) {
    shedder.watch(clock.ms)
    t.equal(admitsMs(), 20)
    t.notOk(shedder.refuses(true, clock.ms + 490))
    t.ok(shedder.refuses(true, clock.ms + 510))
    t.equal(waiting(), 1, 'one callback a turn')
    clock.ms += 20
    endTurn()
  }
})

t.test('the time for new work follows the length of the turns', async (t) => {
  const { shedder, turn, admitsMs } = shedderOf()
  press(shedder, 50)
  const after = (...args: Parameters<typeof turn>) => {
    turn(...args)
    return admitsMs()
  }
  t.equal(after(20, 2), 20)
  t.equal(after(25, 2), 16, 'too long by a quarter')
  t.equal(after(1000, 2), 8, 'far too long: half')
  t.equal(after(10, 2, 30), 4, 'and with what it has left to be done')
  t.equal(after(10, 2, 0, 30), 4.4, 'but not with the rest')
  for (let time = 0; time < 30; time++) turn(1, 2, 0, 1)
  t.equal(admitsMs(), 20, 'never more')
  for (let time = 0; time < 50; time++) turn(1000, 2)
  t.equal(admitsMs(), 0.5, 'never less')
  turn(1000, 2)
  shedder.note(1, MANY)
  turn(1, 2)
  press(shedder, 50)
  t.equal(admitsMs(), 20, 'another time of load')
})
