import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { AnswerConnections } from '../../../lib/billing/answer-connections.ts'

t.test('one open connection takes an answer; another follows once it has closed or left', async (t) => {
  const connections = new AnswerConnections()
  const first = { isOpen: true }
  const second = { isOpen: true }
  t.ok(connections.take('a', first))
  t.ok(connections.take('a', first), 'and takes it again')
  t.notOk(connections.take('a', second))
  t.ok(connections.take('b', second), 'another answer')
  first.isOpen = false
  t.ok(connections.take('a', second))
  connections.leave('a', first)
  t.notOk(connections.take('a', { isOpen: true }), 'only the holder leaves')
  connections.leave('a', second)
  t.ok(connections.take('a', { isOpen: true }))
})

t.test('a connection that has closed before is not kept', async (t) => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const connections = new AnswerConnections()
  const takenBy = (isOpen: boolean, proof: string) => {
    const connection = { isOpen }
    t.ok(connections.take(proof, connection))
    return new WeakRef(connection)
  }
  const open = takenBy(true, 'a')
  const closed = takenBy(false, 'b')
  await nextTurn()
  collectGarbage()
  t.ok(open.deref(), 'an open one is kept')
  t.equal(closed.deref(), undefined)
  t.ok(connections.take('a', { isOpen: false }) === false, 'and still holds its answer')
})
