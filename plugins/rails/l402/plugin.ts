import { randomBytes } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import fp from 'fastify-plugin'
import { ConfigError } from '../../../lib/config/settings-source.ts'
import { KeyRing } from '../../../lib/l402/key-ring.ts'
import { L402Rail, type PreparedInvoice, prepareInvoice } from '../../../lib/l402/l402-rail.ts'
import { L402_OFFER_MEMBERS } from '../../../lib/l402/l402-schemas.ts'
import { developmentSecrets, type MasterSecret } from '../../../lib/l402/master-secret.ts'
import { InvoicePool } from '../../../lib/lightning/invoice-pool.ts'
import { MinuteCounter } from '../../../lib/limits/minute-counter.ts'
import type { RailDescription } from '../../payment/rails.ts'
import developmentWallet from './development-wallet.ts'
import discovery from './discovery.ts'
import { L402_DOCS, l402Welcome } from './docs.ts'
import { openLightning } from './lightning-node.ts'

const TOKEN_RANDOM_BYTES = 28
const INVOICE_DESCRIPTION = 'Power Oracle: one measurement'

const DESCRIPTION: RailDescription = {
  ...L402_DOCS,
  requestHeaders: {},
  offerHeaders: {
    'WWW-Authenticate': Type.String({
      description: '`L402 macaroon="<base64>", invoice="<bolt11>", version="0", token="<base64>"`'
    })
  },
  receiptHeaders: {},
  offerMembers: L402_OFFER_MEMBERS,
  // Generators skip unknown http schemes, so L402 is described as a header.
  securityScheme: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: '`L402 <macaroon>:<preimage>`, with the macaroon and the paid invoice of a 402.'
  }
}

/** Adds the L402 rail where a Lightning node is configured. */
export default fp(
  async (app) => {
    app.railDescriptions.push({
      ...DESCRIPTION,
      ...(app.config.lightning.kind === 'embedded' && { welcome: l402Welcome })
    })
    app.components.set(DESCRIPTION.name, () => 'off')
    const wallet = openLightning(app)
    const { config, lightning: node, price } = app
    if (node === undefined) return
    const keys = new KeyRing(config.l402Secrets ?? keptSecrets(config.dataFolder))
    /** A route of that price without path parameters. */
    const usualRoute = (priceMicroUsd: bigint) => {
      const route = app.paidRoutes.find((paid) => paid.priceMicroUsd === priceMicroUsd && !paid.pattern.includes(':'))
      return route && { method: route.method, path: route.pattern }
    }
    const pools = new Map<bigint, InvoicePool<PreparedInvoice>>()
    for (const priceMicroUsd of new Set(Object.values(config.priceMicroUsd)))
      pools.set(
        priceMicroUsd,
        new InvoicePool({
          node,
          expirySeconds: config.invoiceExpirySeconds,
          description: INVOICE_DESCRIPTION,
          amountMsat: () => {
            const sats = price.satsFor(priceMicroUsd)
            return sats === undefined ? undefined : sats * 1000n
          },
          prepare: (invoice) =>
            prepareInvoice(
              keys,
              invoice,
              config.redeemSeconds,
              randomBytes(TOKEN_RANDOM_BYTES),
              usualRoute(priceMicroUsd)
            ),
          now: Date.now,
          logger: app.log,
          isShedding: () => app.loadShedder.isShedding
        })
      )
    const rail = new L402Rail({
      keys,
      pools,
      satsFor: (priceMicroUsd) => price.satsFor(priceMicroUsd),
      challengesPerMinute: new MinuteCounter(config.challengesPerMinute),
      isUsed: async (proofKey) => app.ledger.isKnown(proofKey)
    })
    app.rails.push(rail)
    app.components.set(DESCRIPTION.name, () => rail.state().status)
    app.register(discovery)
    if (wallet !== undefined) app.register(developmentWallet, { wallet })
    app.addHook('onReady', async () => {
      // Loads the client before the first requests. A node that is down ends this at once, a frozen one after two
      // seconds; the pools keep trying.
      await node.probe().catch((error) => app.log.warn({ err: error }, 'the Lightning node does not respond yet'))
      for (const pool of pools.values()) pool.start()
    })
    app.addHook('onClose', async () => {
      for (const pool of pools.values()) pool.close()
    })
  },
  { name: 'l402', dependencies: ['billing', 'config', 'components', 'ledger', 'openapi', 'price', 'rails'] }
)

function keptSecrets(folder: string | undefined): MasterSecret[] {
  try {
    return developmentSecrets(folder, randomBytes(32))
  } catch (error) {
    throw new ConfigError([
      `L402_SECRETS: is not set, and ${folder}/l402-secrets is unusable: ${(error as Error).message}`
    ])
  }
}
