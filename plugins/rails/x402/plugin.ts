import { Type } from '@sinclair/typebox'
import fp from 'fastify-plugin'
import { ConfigError } from '../../../lib/config/settings-source.ts'
import { ReceiptSigner } from '../../../lib/x402/extensions/receipt-signer.ts'
import { routeExtensions } from '../../../lib/x402/extensions/route-extensions.ts'
import { type OpenedBackend, openBackend } from '../../../lib/x402/open-backend.ts'
import { type PreviousPrice, previousPrices } from '../../../lib/x402/previous-prices.ts'
import { termsFor } from '../../../lib/x402/terms.ts'
import { X402Rail } from '../../../lib/x402/x402-rail.ts'
import { X402_OFFER_MEMBERS, X402_REQUEST_HEADERS } from '../../../lib/x402/x402-schemas.ts'
import type { RailDescription } from '../../payment/rails.ts'
import developmentChain from './development-chain.ts'
import discovery from './discovery.ts'
import { X402_DOCS, x402Welcome } from './docs.ts'

const DESCRIPTION: RailDescription = {
  ...X402_DOCS,
  // The proof is a header parameter: a client with a single key would send it in every header of a security scheme.
  requestHeaders: X402_REQUEST_HEADERS,
  offerHeaders: {
    'PAYMENT-REQUIRED': Type.String({
      description: 'x402 version 2: base64 of JSON; the body repeats its members, without the extensions.'
    })
  },
  receiptHeaders: {
    'PAYMENT-RESPONSE': Type.String({
      description: 'x402: base64 of JSON with the settling transaction; on a 402, why the settlement was refused.'
    })
  },
  offerMembers: X402_OFFER_MEMBERS
}
const ANSWER_KEPT_MS = 86_400_000
const RETRY_MS = 30_000
const LISTED_ROUTE = '/v1/compute-power'

/**
 * Adds the x402 rail where it is configured. The backend is opened and checked in parallel with the rest of the start.
 */
export default fp(
  async (app) => {
    app.railDescriptions.push({
      ...DESCRIPTION,
      ...(app.config.x402.kind === 'embedded' && { welcome: x402Welcome })
    })
    app.components.set(DESCRIPTION.name, () => 'off')
    const { config } = app
    if (config.x402.kind === 'off') return
    const x402Config = config.x402
    let backend: OpenedBackend | undefined
    let reason = 'it is starting'
    let isStarting = true
    const receipts = config.receiptKey === undefined ? undefined : new ReceiptSigner(config.receiptKey)
    const previous = previousPrices(config.dataFolder, config.priceMicroUsd, Date.now())
    const priceOfRoute = new Map<string, PreviousPrice | undefined>()
    const rail = new X402Rail({
      backend: () => backend,
      reason: () => reason,
      publicUrl: () => app.publicUrl,
      extensionsOf: (route) => routeExtensions(app.paidRoutes, route),
      previousPrice: (route) => priceOfRoute.get(route),
      answerKeptMs: ANSWER_KEPT_MS,
      receipts
    })
    app.rails.push(rail)
    app.components.set(DESCRIPTION.name, () => (isStarting ? 'starting' : rail.state().status))
    app.register(discovery, {
      termsAt: (priceMicroUsd) => backend && termsFor(backend.token, priceMicroUsd),
      receiptKid: receipts?.kid
    })
    if (x402Config.kind === 'embedded')
      app.register(developmentChain, {
        chain: () => backend?.embedded,
        reason: () => reason
      })

    if (x402Config.kind === 'facilitator' && x402Config.rpcUrl === undefined) {
      app.components.set('x402_evidence', () => 'off')
      app.log.warn('X402_RPC_URL is not set: settlements are not checked on the chain')
    }

    let closing = false
    let retry: NodeJS.Timeout | undefined
    let opening: Promise<void> | undefined
    // Facilitators catalogue what they settle: the main route is listed, whichever route a payment was for.
    const parts = {
      listing: () => ({
        resource: rail.resource(LISTED_ROUTE),
        extensions: routeExtensions(app.paidRoutes, LISTED_ROUTE)
      }),
      logger: app.log
    }

    const open = async (): Promise<void> => {
      const opened = await openBackend(x402Config, parts)
      if (closing) return opened.close()
      backend = opened
      isStarting = false
    }
    /** A chain takes a second to start; the other rail sells meanwhile. On failure the rail reports the reason. */
    const openLate = async (): Promise<void> => {
      try {
        await open()
      } catch (error) {
        reason = (error as Error).message
        isStarting = false
        app.log.warn({ err: error }, 'x402 is off')
        if (closing) return
        retry = setTimeout(() => {
          opening = openLate()
        }, RETRY_MS)
        retry.unref()
      }
    }
    app.addHook('onReady', async () => {
      for (const { pattern, price } of app.paidRoutes) priceOfRoute.set(pattern, previous.get(price))
      if (x402Config.kind === 'embedded') {
        opening = openLate()
        return
      }
      await open()
      const problems = (await backend?.check()) ?? []
      if (problems.length > 0) throw new ConfigError(problems)
    })
    app.addHook('onClose', async () => {
      closing = true
      clearTimeout(retry)
      await opening
      await backend?.close()
    })
  },
  { name: 'x402', dependencies: ['billing', 'config', 'components', 'openapi', 'public-url', 'rails'] }
)
