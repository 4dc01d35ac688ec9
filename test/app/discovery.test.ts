import t from 'tap'
import { openapiText } from '../../commands/openapi-text.ts'
import { ask, PATH, startApp, workout } from '../support/purchase.ts'

type Json = Record<string, unknown>
interface Document {
  readonly info: Json
  readonly paths: Record<string, Record<string, { 'x-payment-info'?: Json; responses: Json }>>
}

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, operation }))
  )
/** Cuts names and values of `Link` apart. */
const linksOf = (header: unknown) =>
  Object.fromEntries([...String(header).matchAll(/<([^>]*)>; rel="([^"]*)"/g)].map(([, url, rel]) => [rel, url]))

t.test('x-payment-info: on every paid operation, one flat offer with the constant price', async (t) => {
  const document: Document = JSON.parse(await openapiText())
  const inSats: Document = (await (await startApp(t, { PRICE_USD: '0.25' })).inject('/openapi.json')).json()
  for (const { name, operation } of operationsOf(document))
    t.strictSame(
      operation['x-payment-info'],
      '402' in operation.responses
        ? {
            intent: 'charge',
            method: 'evm',
            currency: '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913',
            amount: '100000',
            pricingMode: 'fixed',
            price: '0.10',
            protocols: ['x402', 'l402']
          }
        : undefined,
      name
    )
  for (const { name, operation } of operationsOf(inSats).filter(({ operation }) => '402' in operation.responses))
    t.strictSame(
      operation['x-payment-info'],
      {
        intent: 'charge',
        method: 'lightning',
        currency: 'sat',
        amount: null,
        pricingMode: 'fixed',
        price: '0.25',
        protocols: ['l402']
      },
      `${name} without dollars`
    )
})

t.test('x-service-info and guidance: short enough for a directory, links that are there', async (t) => {
  const app = await startApp(t)
  const document = (await app.inject('/openapi.json')).json()
  const guidance = String(document.info['x-guidance'])
  t.ok(guidance.length > 400 && guidance.length <= 4000, `${guidance.length} characters`)
  t.ok(guidance.includes(PATH))
  const { categories, docs } = document['x-service-info']
  t.ok(categories.length > 0)
  for (const name of ['apiReference', 'llms'])
    t.equal((await app.inject(docs[name].slice(app.publicUrl.length))).statusCode, 200, name)
})

t.test('a probe learns the price and gets no invoice', async (t) => {
  const app = await startApp(t)
  const { offers } = (await app.inject('/v1/payment-requirements')).json().routes[0]
  const quote = await app.inject({ method: 'POST', url: PATH })
  t.equal(quote.statusCode, 402)
  t.strictSame(quote.json().offers, offers, "every rail's terms")
  const unknown = JSON.stringify(workout()).replaceAll('thruster', 'test')
  const probes: [name: string, status: number, body: string][] = [
    ['an empty object', 422, '{}'],
    ['a dummy', 422, '{"input":"test"}'],
    ['a list', 422, '[]'],
    ['a movement that is not there', 400, unknown]
  ]
  const payment = `${app.publicUrl}/v1/payment-requirements`
  t.equal(linksOf(quote.headers.link).payment, payment)
  for (const [name, status, body] of probes) {
    const answer = await ask(app, body)
    t.equal(answer.statusCode, status, name)
    t.equal(linksOf(answer.headers.link).payment, payment, name)
    t.notOk('invoice' in answer.json(), name)
  }
  t.notOk('invoice' in quote.json())
  t.equal(quote.headers['www-authenticate'], undefined)
})

t.test('HEAD of the catalogue: its Link leads to the catalogue and to what is sold', async (t) => {
  const app = await startApp(t)
  const head = await app.inject({ method: 'HEAD', url: '/.well-known/api-catalog' })
  t.strictSame([head.statusCode, head.body], [200, ''])
  t.strictSame(linksOf(head.headers.link), {
    'api-catalog': `${app.publicUrl}/.well-known/api-catalog`,
    item: `${app.publicUrl}${PATH}`
  })
})

t.test('the L402 manifest: every paid route, its price, and a body that gets an offer', async (t) => {
  const app = await startApp(t)
  const manifest = (await app.inject('/.well-known/l402-services')).json()
  const { routes } = (await app.inject('/v1/payment-requirements')).json()
  t.equal(manifest.version, '1')
  t.strictSame(
    manifest.routes.map(({ method, path, price }: Json) => ({ method, path, msat: (price as Json).amount_msat })),
    routes.map(({ method, path, price_sats }: Json) => ({ method, path, msat: Number(price_sats) * 1000 }))
  )
  const { example } = manifest.routes.find(({ path }: Json) => path === PATH)
  t.equal((await ask(app, example)).statusCode, 402)
})
