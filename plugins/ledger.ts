import fp from 'fastify-plugin'
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
    const ledger: Ledger = new SqliteLedger(app.config.databasePath, Date.now)
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
