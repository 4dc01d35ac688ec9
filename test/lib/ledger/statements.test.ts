import t from 'tap'
import type { Script, Statement } from '../../../lib/database/script.ts'
import type { Ledger } from '../../../lib/ledger/ledger.ts'
import { openLedger } from '../../../lib/ledger/open-ledger.ts'
import type { WorkoutDatabase } from '../../../lib/workouts/workout-database.ts'
import type { WorkoutRecord } from '../../../lib/workouts/workout-record.ts'
import { WorkoutStore } from '../../../lib/workouts/workout-store.ts'
import { type Engine, onEachEngine } from '../../support/engines.ts'
import { ATHLETE_KEY, answer, bought, claim, deferred, NOW_MS, record, request } from './helpers.ts'

/** What a statement does, and to which tables. */
function brief(sql: string): string {
  const [verb] = sql.trim().split(/\s/)
  const tables = verb === 'SELECT' ? sql.matchAll(/FROM (\w+)/g) : sql.matchAll(/(?:INTO|UPDATE) (?!SET)(\w+)/g)
  return [verb, ...new Set([...tables].map(([, table]) => table))].join(' ')
}

/** The database, which tells each statement that it is asked for. */
function observed(database: WorkoutDatabase, statements: string[]): WorkoutDatabase {
  const note = ({ sql }: Pick<Statement, 'sql'>) => statements.push(brief(sql))
  const run = <T>(script: () => Script<T>) =>
    function* (): Script<T> {
      const steps = script()
      let step = steps.next()
      while (!step.done) {
        note(step.value)
        step = steps.next(yield step.value)
      }
      return step.value
    }
  return new Proxy(database, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (name === 'read') return (script: () => Script<unknown>) => target.read(run(script))
      if (name === 'execute')
        return (sql: string, parameters: readonly unknown[]) => {
          note({ sql })
          return member.call(target, sql, parameters)
        }
      if (name !== 'transact') return member.bind(target)
      return async (script: () => Script<unknown>) => {
        statements.push('BEGIN')
        const value = await target.transact(run(script))
        statements.push('COMMIT')
        return value
      }
    }
  })
}

const sought = {
  athleteKey: ATHLETE_KEY,
  performedDate: '2026-01-15',
  movements: ' thruster ',
  content: { duration_seconds: 60, splits: [] }
}

async function prepaid(ledger: Ledger, workout?: WorkoutRecord) {
  const held = await claim(ledger, request('1', { isFirstUse: true }))
  await ledger.capture(held, answer('1'), workout)
}

async function settled(ledger: Ledger, workout?: WorkoutRecord) {
  const held = await claim(ledger, deferred('1', { isDeliveredOnce: true }))
  await ledger.beginSettling(held, answer('1'), workout)
  await ledger.capture(held, answer('1'), workout, '0xhash')
}

const SALES: Readonly<Record<string, (ledger: Ledger, store: WorkoutStore) => Promise<unknown>>> = {
  'prepaid, hypothetical': (ledger) => prepaid(ledger),
  'prepaid, completed': async (ledger, store) => {
    await store.duplicateOf(sought)
    await prepaid(ledger, record('1'))
  },
  'settled after computing, hypothetical': (ledger) => settled(ledger),
  'settled after computing, completed': async (ledger, store) => {
    await store.duplicateOf(sought)
    await settled(ledger, record('1'))
  }
}

const SETTLING = 'BEGIN, INSERT payments, COMMIT, BEGIN'
/** A lone statement is a transaction of its own. SQLite's counter is read once for all sales of a transaction. */
const EXPECTED: Readonly<Record<Engine['name'], Readonly<Record<string, string>>>> = {
  sqlite: {
    'prepaid, hypothetical': 'BEGIN, INSERT payments, COMMIT',
    'prepaid, completed': 'SELECT revisions, BEGIN, SELECT record_sequence, INSERT payments, INSERT revisions, COMMIT',
    'settled after computing, hypothetical': `SELECT payments, ${SETTLING}, UPDATE payments, COMMIT`,
    'settled after computing, completed': `SELECT revisions, SELECT payments, ${SETTLING}, SELECT payments, SELECT record_sequence, UPDATE payments, INSERT revisions, COMMIT`
  },
  postgres: {
    'prepaid, hypothetical': 'SELECT payments, INSERT payments',
    'prepaid, completed': 'SELECT revisions, SELECT payments, WITH athletes payments revisions',
    'settled after computing, hypothetical': `SELECT payments, ${SETTLING}, UPDATE payments, COMMIT`,
    'settled after computing, completed': `SELECT revisions, SELECT payments, ${SETTLING}, SELECT payments, INSERT athletes, UPDATE payments, INSERT revisions, COMMIT`
  }
}

await onEachEngine(t, (t, engine) => {
  for (const [name, sell] of Object.entries(SALES))
    t.test(`statements of a sale: ${name}`, async (t) => {
      const statements: string[] = []
      const database = observed(await (await engine.makePlace(t)).open(), statements)
      const ledger = openLedger(database, () => NOW_MS)
      t.teardown(() => ledger.close())
      await sell(ledger, new WorkoutStore(database, () => NOW_MS))
      t.equal(statements.join(', '), EXPECTED[engine.name][name])
      statements.length = 0
      await bought(ledger, name.startsWith('prepaid') ? request('1') : deferred('1'))
      t.strictSame(statements, ['SELECT payments'], 'a replay is one read')
    })
})
