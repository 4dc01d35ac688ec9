/** The commands of docs/operations.md, run as they stand there: what was restored has the same books. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ROOT } from '../../runner/joined.ts'
import { type Engine, onEachEngine } from '../../support/engines.ts'
import { commandsOf, ran, runCommands } from '../../support/operations.ts'
import { missing, programOf } from '../../support/program.ts'
import { buyWorkout, startTestService } from '../../support/test-service.ts'

const SALES = 12
const LEDGER = programOf('commands/ledger.ts')
const [BACK_UP_SQLITE = '', RESTORE_SQLITE = '', POSTGRES = ''] = commandsOf('Backup and restore')

onEachEngine(t, (t, engine) => {
  const skip = missing(engine.name === 'sqlite' ? 'sqlite3' : 'pg_dump')
  t.test('a backup of a service that runs is restored with the same books', { skip }, async (t) => {
    const { original, restored, app, backUp } = await prepare(t, engine)
    for (let sale = 0; sale < SALES; sale++) await buyWorkout(app)
    const digest = await verified(original)
    await backUp()
    t.equal(await verified(restored, digest), digest)
    await buyWorkout(app)
    await t.rejects(verified(original, digest), /The digest differs/, 'a sale more is other books')
  })

  t.test('one that is made while it sells has whole sales alone', { skip }, async (t) => {
    const { original, restored, app, backUp } = await prepare(t, engine)
    await buyWorkout(app)
    let isOver = false
    const selling = (async () => {
      while (!isOver) await Promise.all([buyWorkout(app), buyWorkout(app)])
    })()
    await backUp()
    isOver = true
    await selling
    const sold = await paymentsOf(original)
    const kept = await paymentsOf(restored)
    t.ok(kept.length >= 1 && kept.length <= sold.length, `${kept.length} of ${sold.length}`)
    const known = new Set(sold)
    t.strictSame(
      kept.filter((payment) => !known.has(payment)),
      []
    )
    // A restored payment gives its answer, so its workout is there too.
    const again = await startTestService(t, engine, { settings: { DATABASE_URL: restored } })
    t.equal(again.app.ledger.isWritable(), true)
  })

  if (engine.name === 'postgres') return
  t.test('a stopped service continues from its backup', { skip }, async (t) => {
    const { folder, env, original, app, backUp } = await prepare(t, engine)
    await buyWorkout(app)
    await backUp()
    const digest = await verified(original)
    await buyWorkout(app)
    await app.close()
    await runCommands(RESTORE_SQLITE, folder, env)
    await verified(original, digest)
    const again = await startTestService(t, engine, { settings: { DATABASE_URL: original } })
    await buyWorkout(again.app)
  })
})

async function prepare(t: Test, engine: Engine) {
  const folder = t.testdir()
  mkdirSync(join(folder, 'data'))
  const original =
    engine.name === 'sqlite' ? `sqlite:${folder}/data/power-oracle.db` : await engine.server!.makeDatabase()
  const restored =
    engine.name === 'sqlite' ? `sqlite:${folder}/power-oracle.backup.db` : await engine.server!.makeDatabase()
  const { app } = await startTestService(t, engine, { settings: { DATABASE_URL: original } })
  const env = { PATH: process.env.PATH, DATABASE_URL: original, RESTORED_URL: restored }
  const backUp = () => runCommands(engine.name === 'sqlite' ? BACK_UP_SQLITE : POSTGRES, folder, env)
  return { folder, env, original, restored, app, backUp }
}

/** @returns the digest that the command prints */
async function verified(databaseUrl: string, ...expected: string[]): Promise<string> {
  const printed = await ran([...LEDGER, 'verify', ...expected], ROOT, {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl
  })
  const digest = /[0-9a-f]{64}/.exec(printed)?.[0]
  if (digest === undefined) throw new Error(`no digest: ${printed}`)
  return digest
}

async function paymentsOf(databaseUrl: string): Promise<string[]> {
  const args = ['payments', '--state', 'captured', '--format', 'json']
  const printed = await ran([...LEDGER, ...args], ROOT, { PATH: process.env.PATH, DATABASE_URL: databaseUrl })
  const { payments } = JSON.parse(printed) as { payments: Record<string, string>[] }
  return payments.map(({ payment, amount_atomic: amount }) => `${payment} ${amount}`)
}
