import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** True from the moment a stop begins. */
    readonly isStopping: boolean
  }
}

const SWEEP_MS = 50

/**
 * Ends a stop with the last response. Node closes connections that are idle when the stop begins. A connection that
 * carried a response since then would hold the stop open as long as the client keeps it, and so would one that never
 * sent a byte, which Node does not count as idle.
 */
export default fp(
  async (app) => {
    let isStopping = false
    app.decorate('isStopping', { getter: () => isStopping })
    let sweep: NodeJS.Timeout | undefined
    app.addHook('preClose', async () => {
      isStopping = true
      sweep = setInterval(() => {
        app.server.closeIdleConnections()
        for (const socket of app.openConnections.keys()) if (socket.bytesRead === 0) socket.destroy()
      }, SWEEP_MS)
    })
    app.addHook('onClose', async () => clearInterval(sweep))
  },
  { name: 'orderly-stop', dependencies: ['connections'] }
)
