import type { TProperties, TSchema } from '@sinclair/typebox'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import type { Rail } from '../../lib/billing/rail.ts'
import type { SettingsSource } from '../../lib/config/settings-source.ts'
import type { RailDocs } from '../../lib/docs/rail-docs.ts'
import type { BitcoinPayments } from '../../lib/price/price-settings.ts'

/** A rail as this program loads it. Settings are read by commands too, so the plugin is loaded apart. */
export interface RailModule<Settings extends object = object> {
  /** Reads the rail's own variables. `bitcoin`: what it takes, where that is bitcoin; a rate is needed then. */
  readonly readSettings: (source: SettingsSource) => { readonly settings: Settings; readonly bitcoin?: BitcoinPayments }
  /** Adds the rail to `app.rails` where it is configured, and its description to `app.railDescriptions` in any case. */
  readonly plugin: () => Promise<{ readonly default: FastifyPluginAsync }>
}

/** How a rail appears to clients, in HTTP and in the documentation, whether it is configured or not. */
export interface RailDescription extends RailDocs {
  /** Headers of a paid request that carry a proof, or what belongs to one; each is an optional parameter. */
  readonly requestHeaders: Readonly<Record<string, TSchema>>
  /** Headers of a 402. */
  readonly offerHeaders: Readonly<Record<string, TSchema>>
  /** Headers of a paid answer. */
  readonly receiptHeaders: Readonly<Record<string, TSchema>>
  /** Members of a 402's body, each of which may be absent. */
  readonly offerMembers: TProperties
  /** OpenAPI security scheme of the proof, unless a header of the request describes it. */
  readonly securityScheme?: Readonly<{ type: 'apiKey'; in: 'header'; name: string; description: string }>
  /** Lines for the developer after the start; present if this process has a development wallet for the rail. */
  readonly welcome?: (url: string) => readonly string[]
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The rails, in the order offered; each configured rail's plugin adds its own. */
    rails: Rail[]
    /** Every rail that this service has, configured or not; each rail's plugin adds its own. */
    railDescriptions: RailDescription[]
  }
}

/** The lists of rails. The rest of the service reads them and names no rail. */
export default fp(
  async (app) => {
    app.decorate('rails', [])
    app.decorate('railDescriptions', [])
  },
  { name: 'rails' }
)
