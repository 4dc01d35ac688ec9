import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../../app.ts'
import { loadConfig } from '../../config.ts'
import type { Rail } from '../../lib/billing/rail.ts'
import type { RailDescription } from '../../plugins/payment/rails.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Names of rails, and of headers that belong to one. */
const RAIL = /l402|x402|lightning|www-authenticate|payment-(required|signature|response)/i

function sourcesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
}

t.test('no plugin and no route names a rail, except in the folder of that rail', async (t) => {
  const sources = [...sourcesOf('plugins'), ...sourcesOf('routes')]
  const naming = sources.filter((path) => RAIL.test(readFileSync(join(ROOT, path), 'utf8')))
  t.ok(naming.length > 0, 'the rails themselves are found')
  t.strictSame(
    naming.filter((path) => !path.startsWith('plugins/rails/')),
    []
  )
})

t.test('a third rail appears in CORS, health, prices and the OpenAPI document by joining the lists', async (t) => {
  const app = await buildApp(loadConfig({ DATABASE_URL: 'sqlite::memory:', X402: 'off', LOG_LEVEL: 'silent' }))
  t.teardown(() => app.close())
  const description: RailDescription = {
    name: 'cash',
    requestHeaders: ['Cash-Proof'],
    responseHeaders: ['Cash-Offer'],
    securityScheme: { type: 'apiKey', in: 'header', name: 'Cash-Proof', description: 'A banknote.' }
  }
  app.railDescriptions.push(description)
  app.rails.push({ name: 'cash', state: () => ({ status: 'ok' }), terms: () => ({ coins: 10 }) } as unknown as Rail)
  app.components.set('cash', () => 'ok')

  const preflight = await app.inject({ method: 'OPTIONS', url: '/v1/compute-power' })
  t.match(preflight.headers['access-control-allow-headers'], /\bCash-Proof\b/)
  t.match(preflight.headers['access-control-expose-headers'], /\bCash-Offer\b/)
  const document = (await app.inject('/openapi.json')).json()
  t.strictSame(document.components.securitySchemes.cash, description.securityScheme)
  t.strictSame(document.paths['/v1/compute-power'].post.security, [{}, { l402: [] }, { cash: [] }])
  t.strictSame(document.paths['/v1/movements'].get.security, [])
  const prices = (await app.inject('/v1/payment-requirements')).json()
  t.strictSame(prices.rails.cash, { status: 'ok' })
  t.strictSame(prices.routes[0].offers.cash, { coins: 10 })
  t.equal((await app.inject('/v1/health')).json().components.cash, 'ok')
})
