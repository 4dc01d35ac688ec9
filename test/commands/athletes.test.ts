import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import t from 'tap'
import { openStorage } from '../../lib/storage/open-storage.ts'
import { programOf } from '../support/program.ts'
import { ask, purchase, startApp, workout } from '../support/purchase.ts'

const [COMMAND, ...PROGRAM] = programOf('commands/athletes.ts')

function run(databaseUrl: string, args: readonly string[], input = '') {
  return spawnSync(COMMAND, [...PROGRAM, ...args], {
    encoding: 'utf8',
    input,
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl }
  })
}

t.test('an athlete moves from one database to another, and nothing is lost', async (t) => {
  const folder = t.testdir()
  const [from, to] = [`sqlite:${folder}/from.db`, `sqlite:${folder}/to.db`]
  const athlete = randomUUID()
  const before = await startApp(t, { DATABASE_URL: from })
  for (let index = 0; index < 3; index++) {
    const body = workout({ athlete_uuid: athlete, performed_date: `2026-02-0${index + 1}` })
    await ask(before, body, (await purchase(before, body)).authorization)
  }
  const exported = run(from, ['export', athlete])
  t.equal(exported.status, 0, exported.stderr)
  const lines = exported.stdout.trim().split('\n')
  t.equal(lines.length, 3)
  t.notOk(exported.stdout.includes(athlete), 'the key to the records is not among them')

  t.equal(run(to, ['import', athlete], exported.stdout).stdout, '3 revisions imported, 0 already stored.\n')
  t.equal(run(to, ['import', athlete], exported.stdout).stdout, '0 revisions imported, 3 already stored.\n')
  t.equal(run(to, ['export', athlete]).stdout, exported.stdout, 'the round trip is equal')
  const after = await startApp(t, { DATABASE_URL: to })
  for (const path of ['workouts', 'curve']) {
    const url = `/v1/athletes/${athlete}/${path}`
    t.equal((await after.inject(url)).body, (await before.inject(url)).body, path)
  }

  const changed = exported.stdout.replace('2026-02-01', '2026-02-09')
  const refused = run(to, ['import', athlete], changed)
  t.equal(refused.status, 1)
  t.ok(refused.stderr.length > 0)
  t.equal(run(to, ['export', athlete]).stdout, exported.stdout, 'and nothing of it was taken')
})

t.test('a mistake is reported, with the right usage', async (t) => {
  for (const args of [[], ['export'], ['export', 'me'], ['erase', randomUUID()], ['export', randomUUID(), 'x']]) {
    const { status, stdout, stderr } = run('sqlite::memory:', args)
    t.strictSame([status, stdout], [1, ''], args.join(' '))
    t.match(stderr, /athletes -- export <athlete-uuid>/)
  }
  const path = `${t.testdir()}/empty.db`
  await (await openStorage({ kind: 'sqlite', path })).close()
  const unknown = run(`sqlite:${path}`, ['export', randomUUID()])
  t.strictSame([unknown.status, unknown.stdout], [0, ''])
  const nowhere = run(`sqlite:${path}.mistyped`, ['export', randomUUID()])
  t.strictSame([nowhere.status, nowhere.stderr], [1, `there is no database at ${path}.mistyped\n`])
  const torn = run('sqlite::memory:', ['import', randomUUID()], '{"revision_id":')
  t.equal(torn.status, 1)
  t.match(torn.stderr, /line 1/i)
})
