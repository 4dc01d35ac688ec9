import { randomUUID } from 'node:crypto'
import { encodePaymentSignatureHeader } from '@x402/core/http'
import {
  bazaarResourceServerExtension,
  declareDiscoveryExtension,
  extractDiscoveryInfo,
  validateDiscoveryExtension,
  validateDiscoveryExtensionSpec
} from '@x402/extensions/bazaar'
import {
  extractReceiptFromResponse,
  extractReceiptPayload,
  isJWSSignedReceipt,
  verifyReceiptSignatureJWS
} from '@x402/extensions/offer-receipt'
import {
  appendPaymentIdentifierToExtensions,
  declarePaymentIdentifierExtension,
  isValidPaymentId,
  PAYMENT_IDENTIFIER
} from '@x402/extensions/payment-identifier'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import t from 'tap'
import { buildApp } from '../../../../app.ts'
import { loadConfig } from '../../../../config.ts'
import { precheck } from '../../../../lib/compute/precheck.ts'
import { wellKnownL402 } from '../../../../lib/l402/discovery-documents.ts'
import { WellKnownL402 } from '../../../../lib/l402/l402-schemas.ts'
import {
  paymentIdentifierExtension,
  readPaymentIdentifier
} from '../../../../lib/x402/extensions/payment-identifier.ts'
import { ReceiptSigner } from '../../../../lib/x402/extensions/receipt-signer.ts'
import {
  type DiscoverableRoute,
  routeExtensions as extensionsOf
} from '../../../../lib/x402/extensions/route-extensions.ts'
import { wellKnownX402 } from '../../../../lib/x402/extensions/well-known-x402.ts'
import { requirementsOf } from '../../../../lib/x402/terms.ts'
import { PreparedPaymentRequired } from '../../../../lib/x402/wire/payment-required.ts'
import { paymentResponse } from '../../../../lib/x402/wire/payment-response.ts'
import { WellKnownX402 } from '../../../../lib/x402/x402-schemas.ts'
import type { PaidRoute } from '../../../../plugins/payment/paid-route.ts'
import { computePowerAnswerExample } from '../../../../schemas/compute-power.ts'
import { payer, RESOURCE, signed, TERMS } from '../wire/payments.ts'

const OFFER_HEADER_LIMIT = 2600
const PAYMENT_HEADER_LIMIT = 4000
/** An ERC-1271 signature with a passkey's assertion in it. */
const SMART_WALLET_SIGNATURE_BYTES = 321

/** As the routes declare them. */
const service = await buildApp(loadConfig({ DATABASE_URL: 'sqlite::memory:', X402: 'off', LIGHTNING: 'off' }))
const paidRoutes = service.paidRoutes as (PaidRoute & DiscoverableRoute)[]
await service.close()
const routeExtensions = (route: string) => extensionsOf(paidRoutes, route)

const compile = (schema: object) => new Ajv2020({ strict: false, logger: false }).compile(schema)

interface Bazaar {
  readonly routeTemplate?: string
  readonly info: { readonly input: Record<string, unknown>; readonly output: { readonly type: string } }
  readonly schema: { readonly properties: Record<'input' | 'output', { readonly properties: Record<string, object> }> }
}
const bazaarOf = (route: string) => routeExtensions(route).bazaar as Bazaar

t.test('payment-identifier: declared as upstream declares it', async (t) => {
  const declared = { [PAYMENT_IDENTIFIER]: declarePaymentIdentifierExtension(false) }
  t.strictSame(JSON.parse(JSON.stringify(paymentIdentifierExtension)), JSON.parse(JSON.stringify(declared)))
  t.strictSame(routeExtensions('/v1/another'), paymentIdentifierExtension)
})

t.test('payment-identifier: a name is one where upstream says so, and a broken one is reported', async (t) => {
  const read = (id: unknown) => readPaymentIdentifier({ [PAYMENT_IDENTIFIER]: { info: { required: false, id } } })
  const agrees = (id: string) =>
    isValidPaymentId(id)
      ? read(id).kind === 'read' && (read(id) as { id: string }).id === id
      : read(id).kind === 'malformed'
  t.doesNotThrow(() => fc.assert(fc.property(fc.string({ maxLength: 140 }), agrees)))
  const letters = fc.constantFrom(...'azAZ09_-'.split(''))
  const names = fc.array(letters, { minLength: 12, maxLength: 132 }).map((each) => each.join(''))
  t.doesNotThrow(() => fc.assert(fc.property(names, agrees)))
  for (const length of [15, 16, 128, 129]) t.ok(agrees('a'.repeat(length)), `${length}`)
  t.match(read('a'.repeat(15)), { kind: 'malformed', code: 'invalid_payload', detail: /16 to 128/ })
  for (const id of [7, {}, [], true]) t.match(read(id), { kind: 'malformed' })

  const extensions = appendPaymentIdentifierToExtensions(structuredClone({ ...paymentIdentifierExtension }))
  const named = readPaymentIdentifier(extensions)
  t.ok(named.kind === 'read' && named.id?.startsWith('pay_'), "the reference client's own")
  const without: Record<string, unknown>[] = [
    {},
    { [PAYMENT_IDENTIFIER]: null },
    { [PAYMENT_IDENTIFIER]: 'id' },
    { [PAYMENT_IDENTIFIER]: { info: [] } },
    { ...paymentIdentifierExtension },
    { bazaar: { info: { id: 'a'.repeat(20) } } }
  ]
  for (const each of without) t.same(readPaymentIdentifier(each), { kind: 'read', id: undefined })
})

t.test("payment-identifier: the client's schema is not looked at", async (t) => {
  const id = `${'a'.repeat(28)}_`
  const touched: string[] = []
  const touch = (name: string) => {
    touched.push(name)
    return undefined
  }
  const schema = new Proxy(
    {},
    { get: (_, name) => touch(String(name)), has: (_, name) => touch(String(name)) ?? false }
  )
  t.same(readPaymentIdentifier({ [PAYMENT_IDENTIFIER]: { info: { id }, schema } }), { kind: 'read', id })
  t.same(touched, [])
})

for (const route of paidRoutes)
  t.test(`bazaar: ${route.pattern}`, async (t) => {
    const declared = bazaarOf(route.pattern)
    t.same(validateDiscoveryExtension(declared as never), { valid: true })
    t.same(validateDiscoveryExtensionSpec(declared as never), { valid: true })
    t.notMatch(JSON.stringify(declared), /"\$(ref|id)"/, 'refers to nothing')
    const upstream = declareDiscoveryExtension({
      method: route.method,
      bodyType: 'json',
      input: route.example as Record<string, unknown>,
      ...(route.pathParams && { pathParams: { ...route.pathParams } }),
      output: { example: computePowerAnswerExample }
    } as never).bazaar
    const enriched = bazaarResourceServerExtension.enrichDeclaration!(upstream, {
      method: 'POST',
      adapter: {}
    }) as Bazaar
    t.same(declared.info.input, enriched.info.input)

    const payload = await signed({ extensions: { ...routeExtensions(route.pattern) } })
    t.match(extractDiscoveryInfo(payload, requirementsOf(TERMS)), {
      method: 'POST',
      discoveryInfo: declared.info,
      resourceUrl: route.pathParams ? `https://power.example${route.pattern}` : RESOURCE.url
    })
  })

t.test('bazaar: the example can be measured, and lacks none of the required members', async (t) => {
  for (const { pattern, body, example } of paidRoutes) {
    t.ok(compile(body)(example), `${pattern}: the example matches the real schema`)
    const { required } = bazaarOf(pattern).schema.properties.input.properties.body as { required: string[] }
    t.strictSame(required, (body as { required: string[] }).required)
    const declared = compile(bazaarOf(pattern).schema)
    const { info } = bazaarOf(pattern)
    for (const name of required) {
      const { [name]: _, ...rest } = info.input.body as Record<string, unknown>
      t.notOk(declared({ ...info, input: { ...info.input, body: rest } }), `${pattern} without ${name}`)
    }
  }
  const [computePower] = paidRoutes
  t.match(precheck(computePower!.example, [], Date.now()), { ok: true })
})

t.test("sizes: an offer and a smart wallet's payment pass strict proxies", async (t) => {
  // The longest address that a route with parameters has.
  const url = `https://a-host-of-a-long-name.power.example/v1/workouts/${randomUUID()}/revisions`
  for (const { pattern } of paidRoutes) {
    const resource = { ...RESOURCE, url: pattern.includes(':') ? url : RESOURCE.url }
    const extensions = routeExtensions(pattern)
    const { unpaid } = new PreparedPaymentRequired(resource, TERMS, extensions)
    t.comment(`${pattern}: PAYMENT-REQUIRED of ${unpaid.header.length} characters`)
    t.ok(unpaid.header.length <= OFFER_HEADER_LIMIT, `${pattern}: ${unpaid.header.length}`)
    t.notMatch(unpaid.members, /"extensions"/, 'the body does not repeat what nobody reads there')

    const payload = await signed({
      extensions: appendPaymentIdentifierToExtensions(structuredClone({ ...extensions }))
    })
    payload.payload.signature = `0x${'ab'.repeat(SMART_WALLET_SIGNATURE_BYTES)}`
    const header = encodePaymentSignatureHeader({ ...payload, resource })
    t.comment(`${pattern}: PAYMENT-SIGNATURE of ${header.length} characters`)
    t.ok(header.length <= PAYMENT_HEADER_LIMIT, `${pattern}: ${header.length}`)
  }
})

t.test('receipts: signed, and verified by upstream from the header alone', async (t) => {
  const signer = new ReceiptSigner(`0x${'7e'.repeat(32)}`)
  const settled = { transaction: `0x${'12'.repeat(32)}`, network: TERMS.network, payer: payer.address.toLowerCase() }
  const receipted = { ...settled, resourceUrl: RESOURCE.url, issuedAt: 1_800_000_000 }
  const header = paymentResponse(settled, signer.receipt(receipted))
  const receipt = extractReceiptFromResponse(new Response(null, { headers: { 'PAYMENT-RESPONSE': header } }))!
  t.ok(isJWSSignedReceipt(receipt))
  t.strictSame(extractReceiptPayload(receipt), { version: 1, ...receipted })
  t.strictSame(await verifyReceiptSignatureJWS(receipt as never), { version: 1, ...receipted })
  t.match(Buffer.from(receipt.signature.split('.')[0]!, 'base64url').toString(), `"kid":"${signer.kid}"`)

  const [head, , signature] = receipt.signature.split('.')
  const forged = Buffer.from(JSON.stringify({ version: 1, ...receipted, payer: TERMS.payTo })).toString('base64url')
  await t.rejects(verifyReceiptSignatureJWS({ format: 'jws', signature: `${head}.${forged}.${signature}` } as never))
  t.not(new ReceiptSigner(`0x${'7f'.repeat(32)}`).kid, signer.kid)
  t.equal(new ReceiptSigner(`0x${'7e'.repeat(32)}`).kid, signer.kid, 'the same key has the same name')

  const extension = signer.receipt(receipted)['offer-receipt'] as { schema: object; info: object }
  t.ok(compile(extension.schema)(extension.info))
})

t.test('the document at /.well-known/x402', async (t) => {
  const parts = {
    publicUrl: 'https://power.example',
    termsOf: () => TERMS,
    description: RESOURCE.description,
    lastUpdatedSeconds: 1_800_000_000,
    receiptKid: 'did:jwk:abc#0',
    routes: paidRoutes
  }
  const whole = wellKnownX402(parts)
  t.ok(compile(WellKnownX402)(JSON.parse(JSON.stringify(whole))))
  t.same(whole.resources, ['https://power.example/v1/compute-power'], 'no pattern is an address')
  t.match(whole, { version: 1, x402Version: 2, receipts: { kid: 'did:jwk:abc#0' } })
  t.same(
    whole.items.map(({ resource }) => resource.url),
    paidRoutes.map(({ pattern }) => `https://power.example${pattern}`)
  )
  for (const { accepts, input, output } of whole.items) {
    t.same(accepts, [requirementsOf(TERMS)])
    t.ok(compile(input.body)(input.example))
    t.ok(compile(output.schema)(output.example))
  }
  t.notMatch(JSON.stringify(whole), /"\$id"/, 'no schema has a name that another one has')

  const one = wellKnownX402({
    ...parts,
    termsOf: (pattern) => (pattern === '/v1/compute-power' ? TERMS : undefined),
    receiptKid: undefined
  })
  t.equal(one.items.length, 1)
  t.notOk('receipts' in one)
})

t.test('the document at /.well-known/l402.json', async (t) => {
  const route = { method: 'POST', path: '/v1/compute-power', priceUsd: '0.10' }
  const document = wellKnownL402('https://power.example', [
    { ...route, priceSats: 149 },
    { ...route, priceSats: undefined }
  ])
  t.ok(compile(WellKnownL402)(document))
  const url = 'https://power.example/v1/compute-power'
  const endpoint = { method: 'POST', path: '/v1/compute-power', url, price_usd: '0.10' }
  t.strictSame(document.endpoints, [{ ...endpoint, price_sats: 149 }, endpoint])
})
