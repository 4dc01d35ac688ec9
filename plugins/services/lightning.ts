import { randomBytes } from 'node:crypto'
import fp from 'fastify-plugin'
import { createEmbeddedNode, type EmbeddedNode } from '../../lib/lightning/embedded-node.ts'
import { LndNode } from '../../lib/lightning/lnd-node.ts'
import { excessPermissions } from '../../lib/lightning/macaroon-permissions.ts'
import type { LightningNode } from '../../lib/lightning/node.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined where LIGHTNING is off. */
    lightning: LightningNode | undefined
    /** The development wallet, where it is the node. */
    embeddedLightning: EmbeddedNode | undefined
  }
}

/** The Lightning node that makes invoices; nothing is asked of it here. */
export default fp(
  async (app) => {
    const { lightning: config } = app.config
    const embedded = config.kind === 'embedded' ? createEmbeddedNode({ now: Date.now, randomBytes }) : undefined
    const node: LightningNode | undefined = config.kind === 'lnd' ? new LndNode(config, Date.now) : embedded
    const excess = config.kind === 'lnd' ? excessPermissions(config.macaroon.base64) : []
    if (excess.length > 0)
      app.log.warn({ permissions: excess }, 'LND_MACAROON permits more than info:read invoices:write, which is enough')
    app.decorate('embeddedLightning', embedded)
    app.decorate<LightningNode | undefined>('lightning', node)
    if (node === undefined) return
    app.addHook('onClose', () => node.close())
  },
  { name: 'lightning', dependencies: ['config'] }
)
