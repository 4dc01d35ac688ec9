import fp from 'fastify-plugin'

/** How a part of the service is; `off` means not configured or not to be trusted now. */
export type ComponentStatus = 'ok' | 'degraded' | 'off' | 'starting'

declare module 'fastify' {
  interface FastifyInstance {
    /** What health and readiness report, by component; each plugin adds its own. */
    components: Map<string, () => ComponentStatus>
  }
}

/** A board on which every part reports its status. */
export default fp(
  async (app) => {
    app.decorate('components', new Map())
  },
  { name: 'components' }
)
