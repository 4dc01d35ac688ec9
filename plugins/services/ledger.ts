import { setImmediate as nextTurn } from 'node:timers/promises'
import fp from 'fastify-plugin'
import { ConfigError } from '../../lib/config/settings-source.ts'
import type { DatabaseConfig } from '../../lib/database/database-config.ts'
import type { Ledger } from '../../lib/ledger/ledger.ts'
import { openLedger } from '../../lib/ledger/open-ledger.ts'
import { openStorage } from '../../lib/storage/open-storage.ts'
import type { WorkoutDatabase } from '../../lib/workouts/workout-database.ts'
import { WorkoutStore } from '../../lib/workouts/workout-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    ledger: Ledger
    workouts: WorkoutStore
  }
}

const SWEEP_MS = 60_000
const SWEEP_ROWS = 500

/** Opens the database with the ledger and the workouts, sweeps expired answers, closes it last. */
export default fp(
  async (app) => {
    const database = await open(app.config.database)
    const ledger = openLedger(database, Date.now)
    app.decorate('ledger', ledger)
    app.decorate('workouts', new WorkoutStore(database, Date.now))
    app.components.set('ledger', () => (ledger.isWritable() ? 'ok' : 'degraded'))

    let isSweeping = false
    let isClosed = false
    const sweep = setInterval(async () => {
      if (isSweeping) return
      isSweeping = true
      try {
        // In between, purchases are written down.
        while (!isClosed && (await ledger.dropExpiredAnswers(SWEEP_ROWS)) === SWEEP_ROWS) await nextTurn()
      } catch (error) {
        app.log.warn({ err: error }, 'expired answers stay for now')
      } finally {
        isSweeping = false
      }
    }, SWEEP_MS)
    sweep.unref()
    app.addHook('onClose', async () => {
      isClosed = true
      clearInterval(sweep)
      await ledger.close()
      await database.close()
    })
  },
  { name: 'ledger', dependencies: ['config', 'components'] }
)

async function open(config: DatabaseConfig): Promise<WorkoutDatabase> {
  try {
    return await openStorage(config)
  } catch (error) {
    throw new ConfigError([`DATABASE_URL: the database cannot be opened: ${(error as Error).message}`])
  }
}
