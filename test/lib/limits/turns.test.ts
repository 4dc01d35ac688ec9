import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { Turns } from '../../../lib/limits/turns.ts'

const full = () => new Error('full')

/** Acts that end when told to. */
function actsOf(turns: Turns) {
  const ends: (() => void)[] = []
  const begin = (client: string) => turns.run(client, () => new Promise<void>((resolve) => ends.push(resolve)), full)
  return { ends, begin }
}

t.test('so many at once, the others in line, one after another', async (t) => {
  const { ends, begin } = actsOf(new Turns(2, 10))
  const all = Array.from({ length: 5 }, () => begin('a'))
  await nextTurn()
  t.equal(ends.length, 2)
  let nextEnd = 0
  const other = begin('b')
  t.equal(ends.length, 3, 'another client does not wait')
  for (const begun of [4, 5, 5, 6, 6, 6]) {
    ends[nextEnd++]!()
    await nextTurn()
    t.equal(ends.length, begun)
  }
  await Promise.all([...all, other])
})

t.test('an act that fails leaves its place', async (t) => {
  const turns = new Turns(1, 1)
  const fails = turns.run('a', () => Promise.reject(new Error('it failed')), full)
  const next = turns.run('a', async () => 'next', full)
  await t.rejects(fails, /it failed/)
  t.equal(await next, 'next')
  t.equal(await turns.run('a', async () => 'later', full), 'later')
})

t.test('the line has an end', async (t) => {
  const { ends, begin } = actsOf(new Turns(1, 1))
  const first = begin('a')
  const second = begin('a')
  await t.rejects(begin('a'), /full/)
  ends[0]!()
  await first
  await nextTurn()
  const third = begin('a')
  ends[1]!()
  await second
  await nextTurn()
  ends[2]!()
  await third
})
