import { setImmediate as nextTurn } from 'node:timers/promises'
import fp from 'fastify-plugin'
import { ConfigError } from '../../lib/config/settings-source.ts'
import type { DatabaseConfig } from '../../lib/database/database.ts'
import type { Ledger } from '../../lib/ledger/ledger.ts'
import { openLedger } from '../../lib/ledger/open-ledger.ts'
import { openMeasures } from '../../lib/ledger/open-sums.ts'
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
    app.measures.push(
      () => [
        {
          name: 'commits_waiting',
          help: 'Writes that wait for their transaction to start.',
          value: database.waiting
        }
      ],
      // After the waiting writes, because this check queries the database itself.
      () => {
        const rails = app.rails.map(({ name }) => name)
        return openMeasures(database, rails, Date.now())
      }
    )
    app.components.set('ledger', () => (ledger.isWritable() ? 'ok' : 'degraded'))

    if (!ledger.isWritable())
      app.log.warn('the database accepts no writes: stored answers can be fetched, nothing is sold')

    // A clock that jumps ahead and back would drop answers whose tokens are still valid; this one never jumps ahead.
    const startedMs = Date.now() - performance.now()
    let isSweeping = false
    let isClosed = false
    const sweep = setInterval(async () => {
      if (isSweeping) return
      isSweeping = true
      try {
        const sweepOnce = () => ledger.dropExpiredAnswers(SWEEP_ROWS, startedMs + performance.now())
        // Purchases are stored in between.
        while (!isClosed && (await sweepOnce()) === SWEEP_ROWS) await nextTurn()
      } catch (error) {
        app.log.warn({ err: error }, 'expired answers remain stored for now')
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
  { name: 'ledger', dependencies: ['config', 'components', 'metrics', 'rails'] }
)

async function open(config: DatabaseConfig): Promise<WorkoutDatabase> {
  try {
    return await openStorage(config)
  } catch (error) {
    throw new ConfigError([`DATABASE_URL: opening the database failed: ${withoutUrl(config, error as Error)}`])
  }
}

/** The reason of the failure without the URL's secrets: parts of a malformed URL end up in messages. */
function withoutUrl(config: DatabaseConfig, { message }: Error): string {
  if (config.kind === 'sqlite') return message
  const { password } = new URL(config.url)
  const secrets = [config.url, password, decodeURIComponent(password)].filter((secret) => secret !== '')
  return secrets.reduce((text, secret) => text.replaceAll(secret, '…'), message)
}
