import fp from 'fastify-plugin'
import type { Rail } from '../../lib/billing/rail.ts'

/** How a rail appears in HTTP, whether it is configured or not. */
export interface RailDescription {
  /** As in `Rail`. */
  readonly name: string
  /** Headers that carry a proof of payment. */
  readonly requestHeaders: readonly string[]
  /** Headers of offers and receipts. */
  readonly responseHeaders: readonly string[]
  /** Whether a wallet of this very process pays over it, for development. */
  readonly hasDevelopmentWallet?: boolean
  /** OpenAPI security scheme of the proof, unless a header parameter describes it. */
  readonly securityScheme?: Readonly<{ type: 'apiKey'; in: 'header'; name: string; description: string }>
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The ways to pay, in the order offered; each configured rail's plugin adds its own. */
    rails: Rail[]
    /** Every rail that this service has, configured or not; each rail's plugin adds its own. */
    railDescriptions: RailDescription[]
  }
}

/** The lists that rails join. The rest of the service reads them and names no rail. */
export default fp(
  async (app) => {
    app.decorate('rails', [])
    app.decorate('railDescriptions', [])
  },
  { name: 'rails' }
)
