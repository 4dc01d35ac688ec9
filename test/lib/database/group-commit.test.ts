import t from 'tap'
import { GroupCommit } from '../../../lib/database/sqlite/group-commit.ts'

t.test('GroupCommit: one transaction for one turn; a failing commit fails all, once', async (t) => {
  const log: string[] = []
  let commitError: Error | undefined
  const commits = new GroupCommit({
    begin: () => log.push('begin'),
    commit: () => {
      if (commitError) throw commitError
      log.push('commit')
    },
    rollback: () => log.push('rollback'),
    isRowFault: () => true
  })
  t.same(await Promise.all([1, 2, 3].map((n) => commits.run(() => n))), [1, 2, 3])
  t.same(log.splice(0), ['begin', 'commit'])
  commits.flush()
  t.same(log, [], 'nothing to do')
  commitError = new Error('disk')
  const results = await Promise.allSettled([1, 2].map((n) => commits.run(() => n)))
  t.same(
    results.map(({ status }) => status),
    ['rejected', 'rejected']
  )
  t.same([log.splice(0), commits.size], [['begin', 'rollback'], 0])
  commitError = undefined
  t.equal(await commits.run(() => 4), 4, 'and it goes on')
})
