import fp from 'fastify-plugin'

/** The status of a part of the service; `off` means not configured or currently unusable. */
export type ComponentStatus = 'ok' | 'degraded' | 'off' | 'starting'

declare module 'fastify' {
  interface FastifyInstance {
    /** What health and readiness report, by component; each plugin adds its own. */
    components: Map<string, () => ComponentStatus>
  }
}

/** The list in which every part reports its status. */
export default fp(
  async (app) => {
    app.decorate('components', new Map())
  },
  { name: 'components' }
)
