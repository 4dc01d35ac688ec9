import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { Ajv } from 'ajv'
import fp from 'fastify-plugin'
import t from 'tap'
import { buildApp } from '../../app.ts'
import { everyVariable, loadConfig } from '../../config.ts'
import type { Rail } from '../../lib/billing/rail.ts'
import { html } from '../../lib/docs/html/html.ts'
import { guidesOf } from '../../lib/docs/problems/problem-guide.ts'
import { programRails } from '../../pages/try/purchase/rails.ts'
import { paymentRequired } from '../../plugins/payment/paid-schema.ts'
import type { RailDescription, RailModule } from '../../plugins/payment/rails.ts'
import { RAILS } from '../../plugins/rails/index.ts'
import { hypotheticalExample } from '../../schemas/listing-examples.ts'
import { NAMING_KEYWORDS } from '../../schemas/naming.ts'
import { text } from '../../schemas/setting.ts'
import { PATH } from '../support/purchase.ts'

const ajv = new Ajv({ strict: true, keywords: NAMING_KEYWORDS, formats: { 'date-time': true } })
const ROOT = join(import.meta.dirname, '../..')
/** Names of rails, and of headers that belong to one. */
const RAIL =
  /[lL]402|[xX]402|[lL]ightning|[wW]{3}-[aA]uthenticate|PAYMENT-REQUIRED|(PAYMENT|payment)-(SIGNATURE|RESPONSE|signature|response)/

const CASH_VARIABLES = { CASH: text('^(on|off)$', 'on or off') }
const CASH_SCHEME = { type: 'apiKey', in: 'header', name: 'Cash-Proof', description: 'A banknote.' } as const
const DAY_MS = 86_400_000

const cashDescription: RailDescription = {
  name: 'cash',
  title: 'Cash: by mail',
  way: 'in banknotes (cash)',
  guide: () => ({ title: 'Cash: by mail', description: 'How to pay with banknotes.', body: html`<h1>Banknotes</h1>` }),
  samples: ({ publicUrl }, workout) => [{ language: 'post', code: `To ${publicUrl}: note-1 for ${workout}` }],
  example: { words: 'Send a banknote.', lines: 'Cash-Proof: note-1' },
  agents: {
    payment: 'The Cash-Offer header contains the price.',
    proof: 'Cash-Proof: <number of the banknote>',
    rules: ['A banknote is good once.']
  },
  reasons: guidesOf([['no_money', [], 'The proof is no banknote.', 'It has another form.', 'Send a banknote.']]),
  requestHeaders: { 'Cash-Proof': Type.String({ maxLength: 40, description: 'The number of a banknote.' }) },
  offerHeaders: { 'Cash-Offer': Type.String({ description: 'The price.' }) },
  receiptHeaders: { 'Cash-Receipt': Type.String({ description: 'The banknote that was taken.' }) },
  offerMembers: { cash_amount: Type.Optional(Type.String({ description: 'Decimal US dollars.' })) },
  securityScheme: CASH_SCHEME
}

/** Sells for banknotes: each number is good once. */
const cashRail: Rail = {
  name: 'cash',
  proofHeader: 'Cash-Proof',
  otherRequestStatus: 409,
  findProof: (headers) => headers['cash-proof'] as string | undefined,
  challenge: ({ priceMicroUsd }) => ({
    headers: [['Cash-Offer', `${priceMicroUsd} microdollars`]],
    members: '"cash_amount":"0.10"'
  }),
  quote: () => ({ headers: [], members: '"cash_amount":"0.10"' }),
  terms: (priceMicroUsd) => ({ amount_micro_usd: Number(priceMicroUsd) }),
  listed: (priceMicroUsd) => ({ method: 'cash', currency: 'usd', amount: String(priceMicroUsd) }),
  authorise: (proof, { priceMicroUsd, nowMs }) =>
    /^note-\d+$/.test(proof)
      ? {
          kind: 'authorised',
          authorisation: {
            proofKey: `cash:${proof}`,
            amountAtomic: priceMicroUsd,
            asset: 'micro_usd',
            answerKeptUntilMs: nowMs + DAY_MS
          }
        }
      : { kind: 'refused', code: 'no_money', detail: 'This is no banknote.' },
  receipt: (_purchase, { headers }) => [['Cash-Receipt', String(headers['cash-proof'])]],
  state: () => ({ status: 'ok' })
}

/** The rail's folder, in short. */
const cash: RailModule<{ readonly cash: boolean }> = {
  readSettings: (source) => ({ settings: { cash: source.read(CASH_VARIABLES).environment.CASH === 'on' } }),
  plugin: async () => ({
    default: fp(async (app) => {
      app.railDescriptions.push(cashDescription)
      app.rails.push(cashRail)
      app.components.set('cash', () => cashRail.state().status)
      app.get('/.well-known/cash', { schema: { hide: true } }, async () => ({
        sold: app.paidRoutes.map(({ path }) => path)
      }))
    })
  })
}

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

t.test('a third rail sells, and appears everywhere, by one entry in the list of rails', async (t) => {
  ;(RAILS as RailModule[]).push(cash)
  const app = await buildApp(
    loadConfig({ DATABASE_URL: 'sqlite::memory:', LIGHTNING: 'off', X402: 'off', LOG_LEVEL: 'silent', CASH: 'on' })
  )
  t.teardown(() => app.close())
  const ask = (headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: PATH, headers, payload: hypotheticalExample })

  t.match(everyVariable(), { CASH: CASH_VARIABLES.CASH }, 'its variables')
  t.throws(() => loadConfig({ CASH: 'maybe' }), /^CASH: must be on or off$/)

  const offer = await ask()
  t.equal(offer.statusCode, 402)
  t.equal(offer.headers['cash-offer'], '100000 microdollars', 'the 402 has its header')
  t.match(offer.json(), { cash_amount: '0.10' }, 'and its member')
  const isPaymentRequired = ajv.compile({ ...paymentRequired(app.railDescriptions), additionalProperties: false })
  t.ok(isPaymentRequired(offer.json()), ajv.errorsText(isPaymentRequired.errors))
  const refused = await ask({ 'cash-proof': 'a button' })
  t.match(refused.json(), { status: 402, reason: { code: 'no_money' } })
  const long = await ask({ 'cash-proof': 'x'.repeat(41) })
  t.match(long.json(), { status: 422, errors: [{ pointer: 'header:cash-proof' }] }, 'its header is validated')
  const paid = await ask({ 'cash-proof': 'note-1' })
  t.equal(paid.statusCode, 200)
  t.equal(paid.headers['cash-receipt'], 'note-1')
  const again = await ask({ 'cash-proof': 'note-1' })
  t.equal(again.body, paid.body, 'one note buys one answer')
  t.equal(again.headers['idempotent-replayed'], 'true')

  const preflight = await app.inject({ method: 'OPTIONS', url: PATH })
  t.match(preflight.headers['access-control-allow-headers'], /\bCash-Proof\b/)
  t.match(preflight.headers['access-control-expose-headers'], /\bCash-Offer, Cash-Receipt\b/)

  const { components, paths } = (await app.inject('/openapi.json')).json()
  const { post } = paths[PATH]
  t.match(components.securitySchemes, { l402: Object, cash: CASH_SCHEME })
  t.strictSame(post.security, [{}, { l402: [] }, { cash: [] }])
  t.strictSame(paths['/v1/movements'].get.security, [])
  t.match(components.parameters.CashProof, { name: 'cash-proof', in: 'header', schema: { maxLength: 40 } })
  t.ok(post.parameters.some(({ $ref }: { $ref: string }) => $ref === '#/components/parameters/CashProof'))
  t.match(components.responses.PaymentOffers.headers, { 'WWW-Authenticate': Object, 'Cash-Offer': Object })
  t.match(components.schemas.PaymentRequired.properties, { invoice: Object, accepts: Object, cash_amount: Object })
  t.match(post.responses[200].headers, { 'PAYMENT-RESPONSE': Object, 'Cash-Receipt': Object })
  t.match(post['x-payment-info'], { method: 'cash', currency: 'usd', amount: '100000', protocols: ['cash'] })

  const htmlOf = async (url: string) => (await app.inject({ url, headers: { accept: 'text/html' } })).body
  for (const url of ['/llms.txt', '/llms-full.txt'])
    for (const part of [
      'paid per request in banknotes (cash).',
      '```post\nTo http',
      ...Object.values(cashDescription.agents).flat()
    ])
      t.ok((await app.inject(url)).body.includes(part), `${url}: ${part}`)
  t.match(await htmlOf('/docs'), /<h3>Cash: by mail<\/h3><p>Send a banknote[\s\S]*Cash-Proof: note-1/, 'the reference')
  t.match(await htmlOf('/docs'), /<a href="\/docs\/guides\/cash">Cash: by mail<\/a>/, 'the contents')
  t.match(await htmlOf('/docs'), /data-tabs="Buy an answer in banknotes \(cash\)"[\s\S]*note-1 for \{/, 'its samples')
  t.match(await htmlOf('/docs/guides/cash'), /<h1>Banknotes<\/h1>/, 'its guide')
  t.match(await htmlOf('/docs/errors/no_money'), /The proof is no banknote/, 'its reasons')
  const search = JSON.stringify((await app.inject('/docs/search.json')).json())
  t.ok(search.includes('/docs/errors/no_money'), 'search')
  const sitemap = (await app.inject('/sitemap.xml')).body
  for (const path of ['/docs/guides/cash', '/docs/errors/no_money']) t.ok(sitemap.includes(`${path}</loc>`), path)
  t.match((await app.inject('/openapi.json')).json().info['x-guidance'], cashDescription.agents.proof)
  t.match(await htmlOf('/docs/guides/operators'), /<code>CASH<\/code>/, 'its settings')

  const tryPage = await htmlOf('/')
  t.match(tryPage, /paid in banknotes \(cash\); no account/, 'the page to try it')
  const sold = JSON.parse(/data-rails="([^"]*)"/.exec(tryPage)![1]!.replaceAll('&#34;', '"'))
  t.strictSame(sold, [
    {
      name: 'cash',
      title: 'Cash: by mail',
      hasDevelopmentWallet: false,
      samples: [{ language: 'post', code: 'To @url@: note-1 for @workout@' }]
    }
  ])
  t.strictSame(programRails(sold), sold, 'it links to the guide, since it has no wallet for this rail')
  t.strictSame(programRails(sold, { cash: 'The post is on strike.' }), [])

  const prices = (await app.inject('/v1/payment-requirements')).json()
  t.strictSame(prices.rails, { cash: { status: 'ok' } })
  t.strictSame(prices.routes[0].offers, { cash: { amount_micro_usd: 100_000 } })
  t.strictSame((await app.inject('/v1/health')).json().components.cash, 'ok')
  const directory = (await app.inject('/.well-known/cash')).json()
  t.strictSame(directory, { sold: [PATH, '/v1/workouts/{workout_id}/revisions'] }, 'its directory')
})
