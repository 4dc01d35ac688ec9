import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import { withDeadline } from '../../../lib/time/deadline.ts'

const never = new Promise<never>(() => {})
const refuse = (): never => {
  throw new Error('too late')
}

t.test('an outcome within the limit is the outcome', async (t) => {
  t.equal(await withDeadline(Promise.resolve(1), 60_000, refuse), 1)
  await t.rejects(withDeadline(Promise.reject(new Error('its own')), 60_000, refuse), /its own/)
})

t.test('after the limit the caller decides: a value or an error', async (t) => {
  t.equal(await withDeadline(never, 1, () => 'late'), 'late')
  await t.rejects(withDeadline(never, 1, refuse), /too late/)
})

t.test('a rejection after the limit is dropped', async (t) => {
  let fail = (_: Error) => {}
  const work = new Promise<never>((_, reject) => {
    fail = reject
  })
  t.equal(await withDeadline(work, 1, () => 'late'), 'late')
  fail(new Error('after the limit'))
  await nextTurn()
})

t.test('no timer is left behind', async (t) => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  await withDeadline(Promise.resolve(1), 60_000, refuse)
  await withDeadline(Promise.reject(new Error('its own')), 60_000, refuse).catch(() => {})
  t.equal(timers(), before)
})
