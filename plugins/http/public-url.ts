import type { AddressInfo } from 'node:net'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** The URL of this service in documents and challenges; from configuration, never from a request's headers. */
    readonly publicUrl: string
  }
}

/** Provides the service's own URL. Without PUBLIC_URL it is the listening address. */
export default fp(
  async (app) => {
    const { config } = app
    const host = config.host.includes(':') ? `[${config.host}]` : config.host
    let known = config.publicUrl
    app.decorate('publicUrl', {
      getter() {
        if (known !== undefined) return known
        // PORT=0 is known only once the service listens.
        const address = app.server.address() as AddressInfo | null
        if (address === null) return `http://${host}:${config.port}`
        known = `http://${host}:${address.port}`
        return known
      }
    })
  },
  { name: 'public-url', dependencies: ['config'] }
)
