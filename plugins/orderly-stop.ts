import fp from 'fastify-plugin'

const SWEEP_MS = 50

/**
 * Lets a stop end with its last answer. Node closes connections that are idle when the stop begins; one that carried
 * an answer since then would hold the stop open for as long as the client keeps it.
 */
export default fp(
  async (app) => {
    let sweep: NodeJS.Timeout | undefined
    app.addHook('preClose', async () => {
      sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS)
    })
    app.addHook('onClose', async () => clearInterval(sweep))
  },
  { name: 'orderly-stop' }
)
