import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { createEmbeddedNode, type EmbeddedNode } from '../../../lib/lightning/embedded-node.ts'
import type { LightningNode } from '../../../lib/lightning/lightning-node.ts'
import { LndNode } from '../../../lib/lightning/lnd-node.ts'
import { excessPermissions } from '../../../lib/lightning/macaroon-permissions.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined where LIGHTNING is off. */
    lightning: LightningNode | undefined
  }
}

/**
 * Opens the Lightning node that creates invoices, without calling it.
 * @returns the development wallet, where it is the node
 */
export function openLightning(app: FastifyInstance): EmbeddedNode | undefined {
  const { lightning: config } = app.config
  const embedded = config.kind === 'embedded' ? createEmbeddedNode({ now: Date.now, randomBytes }) : undefined
  const node: LightningNode | undefined = config.kind === 'lnd' ? new LndNode(config, Date.now) : embedded
  const excess = config.kind === 'lnd' ? excessPermissions(config.macaroon.base64) : []
  if (excess.length > 0)
    app.log.warn({ permissions: excess }, 'LND_MACAROON permits more than info:read invoices:write, which is enough')
  app.decorate<LightningNode | undefined>('lightning', node)
  if (node !== undefined) app.addHook('onClose', () => node.close())
  return embedded
}
