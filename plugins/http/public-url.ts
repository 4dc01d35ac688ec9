import type { AddressInfo } from 'node:net'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** What documents and challenges call this service; from configuration, never from a request's headers. */
    readonly publicUrl: string
  }
}

/** Knows the service's own name. Without PUBLIC_URL it is the address listened on. */
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
