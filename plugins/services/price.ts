import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Measure } from '../../lib/observe/measure.ts'
import { satsForUsd } from '../../lib/price/rate.ts'
import { fixedRate, RateCache, type RateProvider } from '../../lib/price/rate-cache.ts'
import { FileRateStore, type RateStore } from '../../lib/price/rate-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    price: {
      readonly rate: RateProvider
      /** Current sats for an amount of micro-dollars; undefined while no rate is trusted. */
      satsFor(priceMicroUsd: bigint): bigint | undefined
    }
  }
}

const noRate: RateProvider = {
  start: async () => {},
  current: () => ({ ok: false, reason: 'no rail needs a rate' }),
  close: async () => {}
}
const nothingKept: RateStore = { load: async () => undefined, save: async () => {} }

/** Provides the bitcoin price and refreshes it in the background. */
export default fp(
  async (app) => {
    const rate = providerOf(app)
    app.decorate('price', {
      rate,
      satsFor(priceMicroUsd: bigint) {
        const current = rate.current()
        return current.ok ? satsForUsd(priceMicroUsd, current.rateMicroUsd) : undefined
      }
    })
    const unknown = app.config.rate.kind === 'off' ? 'off' : 'degraded'
    app.components.set('price', () => (rate.current().ok ? 'ok' : unknown))
    app.measures.push(() => rateMeasures(rate))
    app.addHook('onReady', () => rate.start())
    app.addHook('onClose', () => rate.close())
  },
  { name: 'price', dependencies: ['config', 'components', 'metrics'] }
)

function rateMeasures(rate: RateProvider): Measure[] {
  const current = rate.current()
  if (!current.ok) return []
  return [
    { name: 'btc_usd', help: 'US dollars per bitcoin.', value: Number(current.rateMicroUsd) / 1e6 },
    { name: 'price_sources', help: 'Sources that agree on the price; 0 if it is fixed.', value: current.sources },
    { name: 'price_age_seconds', help: 'Age of the price; 0 if it is fixed.', value: current.ageSeconds }
  ]
}

function providerOf({ config: { rate, dataFolder }, log }: FastifyInstance): RateProvider {
  if (rate.kind === 'off') return noRate
  if (rate.kind === 'fixed') return fixedRate(rate.rateMicroUsdPerBtc)
  return new RateCache({
    sources: rate.sources,
    store: dataFolder === undefined ? nothingKept : new FileRateStore(join(dataFolder, 'btc-usd.json')),
    refreshSeconds: rate.refreshSeconds,
    maxAgeSeconds: rate.maxAgeSeconds,
    now: Date.now,
    logger: log
  })
}
