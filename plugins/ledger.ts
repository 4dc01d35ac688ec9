import fp from 'fastify-plugin'
import { ConfigError } from '../lib/config/config.ts'
import type { Ledger } from '../lib/ledger/ledger.ts'
import { SqliteLedger } from '../lib/ledger/sqlite-ledger.ts'

declare module 'fastify' {
  interface FastifyInstance {
    ledger: Ledger
  }
}

const SWEEP_MS = 60_000
const SWEEP_ROWS = 500

/** Opens the ledger, sweeps expired answers, closes it last. */
export default fp(
  async (app) => {
    const ledger = open(app.config.database.kind === 'sqlite' ? app.config.database.path : ':memory:')
    app.decorate('ledger', ledger)
    app.components.set('ledger', () => (ledger.isWritable() ? 'ok' : 'degraded'))

    const sweep = setInterval(async () => {
      try {
        await ledger.dropExpiredAnswers(SWEEP_ROWS)
      } catch (error) {
        app.log.warn({ err: error }, 'expired answers stay for now')
      }
    }, SWEEP_MS)
    sweep.unref()
    app.addHook('onClose', async () => {
      clearInterval(sweep)
      await ledger.close()
    })
  },
  { name: 'ledger', dependencies: ['config', 'components'] }
)

function open(path: string): Ledger {
  try {
    return new SqliteLedger(path, Date.now)
  } catch (error) {
    throw new ConfigError([`DATABASE_URL: the database cannot be opened: ${(error as Error).message}`])
  }
}
