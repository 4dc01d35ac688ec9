import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { backup, DatabaseSync } from '@photostructure/sqlite'
import t from 'tap'
import { openStorage } from '../../lib/storage/open-storage.ts'
import { programOf } from '../support/program.ts'
import { ask, purchase, startApp, workout } from '../support/purchase.ts'

const [COMMAND, ...PROGRAM] = programOf('commands/ledger.ts')

function run(databaseUrl: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(COMMAND, [...PROGRAM, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl }
  })
  return { status, stdout, stderr }
}

t.test('the books: sums, and what is owed', async (t) => {
  const databaseUrl = `sqlite:${t.testdir()}/oracle.db`
  const app = await startApp(t, { DATABASE_URL: databaseUrl })
  const body = workout()
  const bought = await purchase(app, body)
  const { workout_id: workoutId, revision_id: revisionId } = (await ask(app, body, bought.authorization)).json()

  // Two revisions of one workout are paid, and one of them loses: its money has bought nothing.
  const url = `/v1/workouts/${workoutId}/revisions`
  const proofs = await Promise.all(
    ['first', 'second'].map(async (reason) => {
      const payload = { ...body, supersedes_revision_id: revisionId, reason }
      const { invoice, macaroon } = (await app.inject({ method: 'POST', url, payload })).json()
      const paid = await app.inject({ method: 'POST', url: '/dev/lightning/pay', payload: { invoice } })
      return { payload, authorization: `L402 ${macaroon}:${paid.json().preimage}` }
    })
  )
  const revised = await Promise.all(
    proofs.map(({ payload, authorization }) => app.inject({ method: 'POST', url, payload, headers: { authorization } }))
  )
  t.strictSame(revised.map(({ statusCode }) => statusCode).sort(), [200, 409])

  const books = run(databaseUrl, '--format', 'json')
  t.equal(books.status, 0, books.stderr)
  const day = new Date().toISOString().slice(0, 10)
  const sum = { day, rail: 'l402', asset: 'msat' }
  t.match(JSON.parse(books.stdout).sums, [
    { ...sum, state: 'captured', payments: '2', amount_atomic: '200000' },
    { ...sum, state: 'released', payments: '1', amount_atomic: '100000' }
  ])
  const [refund, ...others] = JSON.parse(books.stdout).owed
  t.strictSame(others, [])
  t.match(refund, {
    why: 'revision_lost_its_place',
    rail: 'l402',
    amount_atomic: '100000',
    payment: /^l402:[0-9a-f]{64}$/
  })

  const csv = run(databaseUrl, 'owed', '--format', 'csv')
  t.equal(csv.stdout.split('\n')[0], 'why,since,rail,state,asset,amount_atomic,payer,settlement,payment')
  t.equal(csv.stdout.trim().split('\n').length, 2)
  const captured = run(databaseUrl, 'payments', '--state', 'captured', '--format', 'json')
  t.equal(JSON.parse(captured.stdout).payments.length, 2)
  const table = run(databaseUrl)
  t.match(table.stdout, /^sums\n {2}day +rail +asset/)
  t.match(table.stdout, /\nowed\n {2}why/)
  for (const output of [books, csv, table]) t.notOk(output.stdout.includes(String(body.athlete_uuid)))
})

t.test('a mistake is reported, with the right usage', async (t) => {
  for (const args of [
    ['taxes'],
    ['--format', 'xml'],
    ['--format', 'csv'],
    ['sums', 'owed'],
    ['--state', 'captured'],
    ['payments', '--state', 'x'],
    ['sums', '--until', '2026-01-01T00:00:00Z'],
    ['verify', '--until', 'yesterday'],
    ['verify', '--until', '2026-02-31T00:00:00+01:00'],
    ['--colour']
  ]) {
    const { status, stdout, stderr } = run('sqlite::memory:', ...args)
    t.equal(status, 1, args.join(' '))
    t.equal(stdout, '')
    t.match(stderr, /sums|--colour/)
  }
  const path = `${t.testdir()}/empty.db`
  await (await openStorage({ kind: 'sqlite', path })).close()
  const empty = run(`sqlite:${path}`)
  t.strictSame([empty.status, empty.stdout], [0, 'sums\n  none\n\nowed\n  none\n\n'])
})

t.test('a database that does not exist is reported, and none is created', async (t) => {
  const folder = t.testdir()
  const { status, stdout, stderr } = run(`sqlite:${folder}/data/mistyped.db`, 'verify')
  t.strictSame([status, stdout, stderr], [1, '', `there is no database at ${folder}/data/mistyped.db\n`])
  t.strictSame(readdirSync(folder), [])
})

t.test('verify: a restored database has the same books, until one payment differs', async (t) => {
  const folder = t.testdir()
  const databaseUrl = `sqlite:${folder}/oracle.db`
  const restoredUrl = `sqlite:${folder}/restored.db`
  const app = await startApp(t, { DATABASE_URL: databaseUrl })
  const buy = async () => {
    const body = workout()
    await ask(app, body, (await purchase(app, body)).authorization)
  }
  await buy()
  await buy()
  const source = new DatabaseSync(`${folder}/oracle.db`)
  await backup(source, `${folder}/restored.db`)
  source.close()

  const { stdout } = run(databaseUrl, 'verify')
  const [, digest = ''] = /^2 payments, digest ([0-9a-f]{64})\n$/.exec(stdout) ?? []
  t.ok(digest, stdout)
  t.match(run(restoredUrl, 'verify', digest), { status: 0, stdout })
  await sleep(1000)
  const until = `${new Date().toISOString().slice(0, 19)}Z`
  await buy()
  t.match(run(databaseUrl, 'verify', digest), { status: 1, stdout: /^3 payments/, stderr: /digest differs from/ })

  const sold = run(databaseUrl, 'verify', digest, '--until', until)
  t.strictSame([sold.status, sold.stdout], [0, `2 payments captured before ${until}, digest ${digest}\n`], sold.stderr)
  const tampered = new DatabaseSync(`${folder}/restored.db`)
  for (const change of ["amount_atomic = '1'", "state = 'released'", "payer = 'x'"]) {
    tampered.exec(`UPDATE payments SET ${change} WHERE proof_key = (SELECT min(proof_key) FROM payments)`)
    t.equal(run(restoredUrl, 'verify', digest).status, 1, change)
    t.equal(run(restoredUrl, 'verify', digest, '--until', until).status, 1, change)
  }
  tampered.close()
})
