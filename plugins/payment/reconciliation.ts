import fp from 'fastify-plugin'
import { reconcile } from '../../lib/billing/reconcile.ts'
import { withDeadline } from '../../lib/time/deadline.ts'

const ROUND_MS = 10_000
/** A settlement may outlast the process; its row stays pending until the next start. */
const CLOSE_LIMIT_MS = 5_000

/** Completes payments that a crash or an unresponsive settler left pending, in the background, one round at a time. */
export default fp(
  async (app) => {
    let running: Promise<void> | undefined
    let from = 0
    let isOver = false
    const round = async () => {
      try {
        const { captured, released, next } = await reconcile(app.ledger, app.rails, from, () => isOver)
        from = next
        if (captured + released > 0) app.log.info({ captured, released }, 'pending payments are resolved')
      } catch (error) {
        app.log.warn({ err: error }, 'pending payments remain pending for now')
      } finally {
        running = undefined
      }
    }
    const timer = setInterval(() => {
      running ??= round()
    }, ROUND_MS)
    timer.unref()
    app.addHook('onClose', async () => {
      clearInterval(timer)
      isOver = true
      if (running !== undefined) await withDeadline(running, CLOSE_LIMIT_MS, () => undefined)
    })
  },
  { name: 'reconciliation', dependencies: ['billing', 'ledger'] }
)
