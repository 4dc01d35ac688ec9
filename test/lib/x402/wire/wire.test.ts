import { createHash } from 'node:crypto'
import {
  decodePaymentRequiredHeader,
  decodePaymentResponseHeader,
  encodePaymentSignatureHeader,
  x402HTTPClient
} from '@x402/core/http'
import { isPaymentPayloadV2, isPaymentRequiredV2 } from '@x402/core/schemas'
import { x402ResourceServer } from '@x402/core/server'
import type { PaymentPayload } from '@x402/core/types'
import { ExactEvmScheme } from '@x402/evm/exact/server'
import { x402Client } from '@x402/fetch'
import fc from 'fast-check'
import t from 'tap'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { purchaseKey } from '../../../../lib/x402/read-proof.ts'
import type { Terms } from '../../../../lib/x402/settler.ts'
import { requirementsOf } from '../../../../lib/x402/terms.ts'
import { checkOffline, otherResource } from '../../../../lib/x402/wire/offline-checks.ts'
import { MAX_PAYMENT_HEADER_LENGTH, readPaymentHeader } from '../../../../lib/x402/wire/payment-header.ts'
import { PreparedPaymentRequired } from '../../../../lib/x402/wire/payment-required.ts'
import { paymentResponse } from '../../../../lib/x402/wire/payment-response.ts'
import { proofDigest, proofKey } from '../../../../lib/x402/wire/proof.ts'
import { checkSignature } from '../../../../lib/x402/wire/signature.ts'
import { encode, payer, paymentOf, RESOURCE, signed, TERMS } from './payments.ts'

const NOW_SECONDS = 1_800_000_000
const PAYER = payer.address.toLowerCase()

/** A whole payment of version 2 whose time is fixed; the signature is one in form alone. */
const PAYMENT = {
  x402Version: 2,
  resource: RESOURCE,
  accepted: requirementsOf(TERMS) as Record<string, unknown>,
  payload: {
    signature: `0x${'ab'.repeat(65)}`,
    authorization: {
      from: payer.address,
      to: TERMS.payTo,
      value: '100000',
      validAfter: '0',
      validBefore: String(NOW_SECONDS + 60),
      nonce: `0x${'CD'.repeat(32)}`
    } as Record<string, unknown>
  } as Record<string, unknown>,
  extensions: {} as unknown
}

const withAccepted = (change: Record<string, unknown>) => ({ ...PAYMENT, accepted: { ...PAYMENT.accepted, ...change } })
const withPayload = (change: Record<string, unknown>) => ({ ...PAYMENT, payload: { ...PAYMENT.payload, ...change } })
const withAuthorization = (change: Record<string, unknown>) =>
  withPayload({ authorization: { ...(PAYMENT.payload.authorization as object), ...change } })

/** Reads and checks, as the rail does. */
function judge(header: string, acceptable: readonly Terms[] = [TERMS], nowMs = NOW_SECONDS * 1000) {
  const read = readPaymentHeader(header)
  return read.kind === 'read' ? checkOffline(read.header, acceptable, nowMs) : read
}

t.test('the reference client pays our 402, and its payment passes', async (t) => {
  const payload = await signed()
  t.ok(isPaymentPayloadV2(payload))
  const result = judge(encodePaymentSignatureHeader(payload), [TERMS], Date.now())
  const { authorization, signature } = payload.payload as { authorization: Record<string, string>; signature: string }
  t.same(result, {
    kind: 'good',
    payment: {
      terms: TERMS,
      from: PAYER,
      to: TERMS.payTo,
      value: 100_000n,
      validAfter: 0n,
      validBefore: BigInt(authorization.validBefore!),
      nonce: authorization.nonce,
      signature
    }
  })
})

t.test('PAYMENT-REQUIRED: what upstream decodes is what the body says', async (t) => {
  const prepared = new PreparedPaymentRequired(RESOURCE, TERMS, { 'payment-identifier': { info: {}, schema: {} } })
  const refusal = { code: 'insufficient_funds', detail: 'Zu wenig – "Geld".' }
  const errors = {
    'PAYMENT-SIGNATURE header is required': prepared.unpaid,
    'X-PAYMENT is x402 version 1, which is not accepted; send PAYMENT-SIGNATURE (version 2)': prepared.versionOne,
    'insufficient_funds: Zu wenig – "Geld".': prepared.refused(refusal)
  }
  for (const [error, { header, members }] of Object.entries(errors)) {
    const required = decodePaymentRequiredHeader(header)
    t.ok(isPaymentRequiredV2(required))
    t.strictSame(required, {
      x402Version: 2,
      error,
      resource: RESOURCE,
      accepts: [
        {
          scheme: 'exact',
          network: 'eip155:8453',
          amount: '100000',
          asset: TERMS.asset,
          payTo: TERMS.payTo,
          maxTimeoutSeconds: 60,
          extra: { name: 'USD Coin', version: '2' }
        }
      ],
      extensions: { 'payment-identifier': { info: {}, schema: {} } }
    })
    const { extensions: _, ...inBody } = required
    t.strictSame(JSON.parse(`{${members}}`), inBody)
  }
})

t.test('requirements are what upstream builds and matches', async (t) => {
  const server = new x402ResourceServer({
    getSupported: async () => ({
      kinds: [{ x402Version: 2, scheme: 'exact', network: TERMS.network }],
      extensions: [],
      signers: {}
    }),
    verify: () => Promise.reject(new Error('not asked')),
    settle: () => Promise.reject(new Error('not asked'))
  }).register('eip155:*', new ExactEvmScheme())
  await server.initialize()
  const { amountAtomic, asset, domain, payTo, network, maxTimeoutSeconds } = TERMS
  const build = (price: string | { amount: string; asset: string; extra: Record<string, unknown> }) =>
    server.buildPaymentRequirements({ scheme: 'exact', payTo, price, network, maxTimeoutSeconds })
  t.strictSame(await build({ amount: String(amountAtomic), asset, extra: { ...domain } }), [requirementsOf(TERMS)])
  const [ofDollars] = await build('$0.10')
  t.strictSame({ ...ofDollars, asset: ofDollars!.asset.toLowerCase() }, requirementsOf(TERMS), "upstream's own USDC")
  const payload = await signed()
  t.same(server.findMatchingRequirements([requirementsOf(TERMS)], payload), requirementsOf(TERMS))
})

t.test('an undecodable header is malformed', async (t) => {
  const good = encode(PAYMENT)
  const cases: [name: string, header: string, detail: RegExp][] = [
    ['nothing', '', /base64/],
    ['no base64', 'hello', /base64/],
    ['a space', `${good} `, /base64/],
    ['padding within', 'e30=e30=', /base64/],
    ['cut off', good.slice(0, -5), /base64/],
    ['cut off at a byte', Buffer.from(good, 'base64').subarray(0, 90).toString('base64'), /JSON object/],
    ['sent twice', `${good}, ${good}`, /more than once/],
    ['too long', encode({ a: 'a'.repeat(MAX_PAYMENT_HEADER_LENGTH) }), /longer than 16384/],
    ['a megabyte', 'A'.repeat(1_048_576), /longer than 16384/],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('base64'), /UTF-8/],
    ['a list', encode([PAYMENT]), /JSON object/],
    ['null', encode(null), /JSON object/],
    ['a number', encode(2), /JSON object/],
    ['deep', Buffer.from('['.repeat(9000)).toString('base64'), /JSON object/],
    ['no version', encode({ ...PAYMENT, x402Version: undefined }), /x402Version/],
    ['version as text', encode({ ...PAYMENT, x402Version: '2' }), /x402Version/],
    ['accepted missing', encode({ ...PAYMENT, accepted: undefined }), /^accepted is/],
    ['accepted a list', encode({ ...PAYMENT, accepted: [] }), /^accepted is/],
    ['payload missing', encode({ ...PAYMENT, payload: undefined }), /^payload is/],
    ['extensions a list', encode({ ...PAYMENT, extensions: [] }), /extensions/]
  ]
  for (const [name, header, detail] of cases)
    t.match(judge(header), { kind: 'malformed', code: 'invalid_payload', detail }, name)
})

t.test('a decodable payment with a bad field is refused, and the field named', async (t) => {
  const cases: [name: string, header: string, detail: RegExp][] = [
    ['amount a number', encode(withAccepted({ amount: 100000 })), /accepted\.amount/],
    ['network missing', encode(withAccepted({ network: undefined })), /accepted\.network/],
    ['payTo an object', encode(withAccepted({ payTo: {} })), /accepted\.payTo/],
    ['timeout as text', encode(withAccepted({ maxTimeoutSeconds: '60' })), /maxTimeoutSeconds/],
    ['extra a text', encode(withAccepted({ extra: 'USD Coin' })), /accepted\.extra/],
    ['authorization missing', encode(withPayload({ authorization: undefined })), /authorization is/],
    ['Permit2', encode({ ...PAYMENT, payload: { signature: '0x', permit2Authorization: {} } }), /authorization is/],
    ['from too short', encode(withAuthorization({ from: '0x12' })), /\.from/],
    ['from without 0x', encode(withAuthorization({ from: payer.address.slice(2) })), /\.from/],
    ['from no hex', encode(withAuthorization({ from: `0x${'g'.repeat(40)}` })), /\.from/],
    ['to missing', encode(withAuthorization({ to: null })), /\.to /],
    ['value a number', encode(withAuthorization({ value: 100000 })), /\.value/],
    ['value in hex', encode(withAuthorization({ value: '0x186a0' })), /\.value/],
    ['value with a zero before', encode(withAuthorization({ value: '0100000' })), /\.value/],
    ['value with an exponent', encode(withAuthorization({ value: '1e5' })), /\.value/],
    ['value signed', encode(withAuthorization({ value: '+100000' })), /\.value/],
    ['value broken', encode(withAuthorization({ value: '100000\n' })), /\.value/],
    ['value too long', encode(withAuthorization({ value: '1'.repeat(79) })), /\.value/],
    ['validAfter negative', encode(withAuthorization({ validAfter: '-1' })), /validAfter/],
    ['validBefore a number', encode(withAuthorization({ validBefore: NOW_SECONDS + 60 })), /validBefore/],
    ['nonce of 31 bytes', encode(withAuthorization({ nonce: `0x${'cd'.repeat(31)}` })), /nonce/],
    ['no signature', encode(withPayload({ signature: undefined })), /signature/],
    ['signature of 64 bytes', encode(withPayload({ signature: `0x${'ab'.repeat(64)}` })), /signature/],
    ['signature of half a byte', encode(withPayload({ signature: `0x${'ab'.repeat(65)}c` })), /signature/],
    ['signature no hex', encode(withPayload({ signature: `0x${'zz'.repeat(65)}` })), /signature/],
    ['signature too long', encode(withPayload({ signature: `0x${'ab'.repeat(4097)}` })), /signature/],
    ['a short nonce', encode(withAuthorization({ nonce: '0x12' })), /nonce/],
    ['control characters', encode(withAuthorization({ from: '\u0000\u001b[31m' })), /\.from/],
    ['letters of another script', encode(withAuthorization({ to: '0x\u0430'.padEnd(42, '0') })), /\.to /]
  ]
  for (const [name, header, detail] of cases)
    t.match(judge(header), { kind: 'refused', code: 'invalid_payload', detail }, name)
})

t.test('a payment may name what it is for, and nothing else', async (t) => {
  const ours = 'https://power.example/v1/compute-power'
  const same = [
    undefined,
    ours,
    'HTTPS://POWER.example:443/v1/compute-power',
    `${ours}?utm=1`,
    `${ours}#power`,
    'https://power.example/v1/./compute-power'
  ]
  for (const named of same) t.equal(otherResource(named, ours), undefined, String(named))
  const others = [
    'https://other.example/v1/compute-power',
    'http://power.example/v1/compute-power',
    'https://power.example:8443/v1/compute-power',
    'https://power.example/v1/workouts/1/revisions',
    'https://power.example/v1/compute-power/',
    'https://power.example.evil.example/v1/compute-power',
    'https://power.example@evil.example/v1/compute-power',
    '/v1/compute-power',
    'data:text/plain,x',
    'no url',
    ''
  ]
  for (const named of others)
    t.match(otherResource(named, ours), { code: 'invalid_payload', detail: /resource/ }, named)
  for (const resource of [null, 'https://other.example', [], {}, { description: 'x' }])
    t.match(readPaymentHeader(encode({ ...PAYMENT, resource })), { header: { resourceUrl: undefined } })
  t.match(readPaymentHeader(encode({ ...PAYMENT, resource: { url: ours } })), { header: { resourceUrl: ours } })
  for (const url of [null, 7, [ours], {}])
    t.match(readPaymentHeader(encode({ ...PAYMENT, resource: { url } })), { kind: 'refused', detail: /^resource.url/ })
})

t.test('base64 with or without padding, of both alphabets, is read', async (t) => {
  // Each is long enough to hold the letters in which the alphabets differ.
  for (const name of ['?>?', '?>?>', '?>?>?']) {
    const payment = { ...PAYMENT, extensions: { name: `\u{1f600}${name}` } }
    const bytes = Buffer.from(JSON.stringify(payment))
    const forms = [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')]
    for (const form of forms) t.match(judge(form), { kind: 'good' }, `${name}: ${form.slice(-4)}`)
  }
  const all = JSON.stringify(['?>?', '?>?>', '?>?>?'])
  t.match(Buffer.from(all).toString('base64'), /[+/]/)
})

t.test('what can be decoded but is not what we ask for is refused', async (t) => {
  const evm = (reason: string) => `invalid_exact_evm_payload_${reason}`
  const cases: [name: string, payment: unknown, code: string, detail: RegExp][] = [
    ['version 1', { ...PAYMENT, x402Version: 1 }, 'invalid_x402_version', /version 2/],
    ['version 3', { ...PAYMENT, x402Version: 3 }, 'invalid_x402_version', /version 2/],
    ['another scheme', withAccepted({ scheme: 'upto' }), 'unsupported_scheme', /accepted\.scheme/],
    ['another network', withAccepted({ network: 'eip155:84532' }), 'invalid_network', /accepted\.network/],
    ['another token', withAccepted({ asset: `0x${'1'.repeat(40)}` }), 'invalid_payment_requirements', /\.asset/],
    ['another payee', withAccepted({ payTo: PAYER }), 'invalid_payment_requirements', /\.payTo/],
    ['less', withAccepted({ amount: '99999' }), 'invalid_payment_requirements', /\.amount/],
    ['more', withAccepted({ amount: '100001' }), 'invalid_payment_requirements', /\.amount/],
    ['not in plain digits', withAccepted({ amount: '1e5' }), 'invalid_payment_requirements', /\.amount/],
    ['more time', withAccepted({ maxTimeoutSeconds: 600 }), 'invalid_payment_requirements', /maxTimeoutSeconds/],
    ['another domain', withAccepted({ extra: { name: 'USDC', version: '2' } }), 'invalid_payment_requirements', /name/],
    ['another version', withAccepted({ extra: { name: 'USD Coin' } }), 'invalid_payment_requirements', /version/],
    ['no domain', withAccepted({ extra: null }), 'invalid_payment_requirements', /extra\.name/],
    ['paid to another', withAuthorization({ to: PAYER }), evm('recipient_mismatch'), /another address/],
    ['over less', withAuthorization({ value: '99999' }), evm('authorization_value_mismatch'), /not exactly 100000/],
    ['over more', withAuthorization({ value: '100001' }), evm('authorization_value_mismatch'), /not exactly 100000/],
    [
      'not yet',
      withAuthorization({ validAfter: `${NOW_SECONDS + 1}` }),
      evm('authorization_valid_after'),
      /not valid yet/
    ],
    ['over', withAuthorization({ validBefore: '1' }), evm('authorization_valid_before'), /expired/],
    [
      'soon over',
      withAuthorization({ validBefore: `${NOW_SECONDS + 14}` }),
      evm('authorization_valid_before'),
      /15 sec/
    ],
    ['for years', withAuthorization({ validBefore: `${2n ** 256n - 1n}` }), evm('authorization_valid_before'), /a day/]
  ]
  // These may have bought something before: they keep what the ledger knows them by.
  const late = ['less', 'more', 'not in plain digits', 'more time', 'over less', 'over more', 'not yet', 'over']
  late.push('soon over', 'for years')
  for (const [name, payment, code, detail] of cases) {
    const refusal = { kind: 'refused', code, detail }
    const judged = judge(encode(payment))
    t.match(judged, late.includes(name) ? { kind: 'late', payment: { from: PAYER }, refusal } : refusal, name)
  }
})

t.test('at the edges, in another spelling, and on earlier terms it is good', async (t) => {
  const shouted = (hex: string) => `0x${hex.slice(2).toUpperCase()}`
  const cases: [name: string, payment: unknown][] = [
    ['as it is', PAYMENT],
    ['no extensions', { ...PAYMENT, extensions: undefined }],
    ['extensions null', { ...PAYMENT, extensions: null }],
    ['no resource', { ...PAYMENT, resource: undefined }],
    ['unknown members', { ...withAccepted({ outputSchema: {} }), more: 1 }],
    ['valid from now', withAuthorization({ validAfter: `${NOW_SECONDS}` })],
    ['just long enough', withAuthorization({ validBefore: `${NOW_SECONDS + 15}` })],
    ['just short enough', withAuthorization({ validBefore: `${NOW_SECONDS + 86_400}` })],
    ['addresses in capitals', withAccepted({ asset: shouted(TERMS.asset), payTo: shouted(TERMS.payTo) })],
    ['payee in capitals', withAuthorization({ to: shouted(TERMS.payTo), from: shouted(PAYER) })],
    ['a smart wallet', withPayload({ signature: `0x${'ab'.repeat(4096)}` })]
  ]
  for (const [name, payment] of cases)
    t.match(judge(encode(payment)), { kind: 'good', payment: { terms: TERMS, from: PAYER, to: TERMS.payTo } }, name)
  t.match(judge(encode(PAYMENT)), { payment: { nonce: `0x${'cd'.repeat(32)}` } }, 'a nonce is lower case')

  const now: Terms = { ...TERMS, amountAtomic: 200_000n }
  const result = judge(encode(PAYMENT), [now, TERMS])
  t.equal(result.kind === 'good' && result.payment.terms, TERMS, 'the very terms that it meets')
  t.match(judge(encode(PAYMENT), [now]), { kind: 'late', refusal: { detail: /amount/ } }, 'no longer good')
  t.match(judge(encode(withAuthorization({ value: '200000' })), [now, TERMS]), { kind: 'late' }, 'no mixture')
})

t.test('no input throws, and none is anything but good, late, refused or malformed', async (t) => {
  const kinds = new Set(['good', 'late', 'refused', 'malformed'])
  const holds = (header: string) => kinds.has(judge(header).kind)
  const always = <T>(property: fc.IProperty<T>, numRuns = 100) => t.doesNotThrow(() => fc.assert(property, { numRuns }))
  always(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), holds))
  always(fc.property(fc.base64String({ maxLength: 400 }), holds))
  always(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => holds(Buffer.from(bytes).toString('base64'))))
  always(fc.property(fc.json({ maxDepth: 6 }), (json) => holds(Buffer.from(json).toString('base64'))))
  const anything = fc.jsonValue({ maxDepth: 3 })
  const paths = [
    ...['x402Version', 'accepted', 'payload', 'extensions'].map((name) => [name]),
    ...[...Object.keys(PAYMENT.accepted), 'more'].map((name) => ['accepted', name]),
    ...['signature', 'authorization'].map((name) => ['payload', name]),
    ...Object.keys(PAYMENT.payload.authorization as object).map((name) => ['payload', 'authorization', name])
  ]
  always(
    fc.property(fc.constantFrom(...paths), anything, (path, value) => {
      const payment = structuredClone(PAYMENT) as Record<string, unknown>
      const parent = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, payment)
      parent[path.at(-1)!] = value
      return holds(encode(payment))
    }),
    500
  )
})

t.test('names of the prototype change nothing', async (t) => {
  const poison = '"__proto__":{"scheme":"exact","polluted":1},"constructor":{"prototype":{"polluted":1}}'
  const json = JSON.stringify(PAYMENT).replace('{', `{${poison},`).replace('"accepted":{', `"accepted":{${poison},`)
  t.match(judge(Buffer.from(json).toString('base64')), { kind: 'good' })
  t.equal((Object.prototype as Record<string, unknown>).polluted, undefined)
  const without = JSON.stringify(withAccepted({ scheme: undefined })).replace('"accepted":{', `"accepted":{${poison},`)
  t.match(judge(Buffer.from(without).toString('base64')), { kind: 'refused', detail: /accepted\.scheme/ })
})

t.test('a proof is identified by its key, a payment by its digest', async (t) => {
  const payment = paymentOf(await signed())
  const { nonce, terms } = payment
  t.equal(proofKey(payment), `x402:eip155:8453|${TERMS.asset}|${PAYER}|${nonce}`)
  t.equal(proofKey(payment), proofKey(payment).toLowerCase())
  t.equal(proofDigest(payment).length, 32)
  t.same(proofDigest(payment), proofDigest({ ...payment }))
  const others = [
    { ...payment, terms: { ...terms, network: 'eip155:1' as const } },
    { ...payment, terms: { ...terms, asset: terms.payTo } },
    { ...payment, from: terms.payTo },
    { ...payment, to: terms.asset },
    { ...payment, value: 1n },
    { ...payment, validAfter: 1n },
    { ...payment, validBefore: payment.validBefore + 1n },
    { ...payment, nonce: `0x${'00'.repeat(32)}` as const },
    { ...payment, signature: `0x${'00'.repeat(65)}` as const }
  ]
  const digests = new Set([payment, ...others].map((each) => proofDigest(each).toString('hex')))
  t.equal(digests.size, others.length + 1)

  const key = purchaseKey(PAYER, 'payment-identifier', 'pay_0123456789abcdef')
  t.equal(key, createHash('sha256').update(`${PAYER}|payment-identifier|pay_0123456789abcdef`).digest('hex'))
  t.not(key, purchaseKey(PAYER, 'idempotency-key', 'pay_0123456789abcdef'))
  t.not(key, purchaseKey(TERMS.payTo, 'payment-identifier', 'pay_0123456789abcdef'))
})

t.test("only the payer's own signature is good without the chain", async (t) => {
  const payload = await signed()
  const payment = paymentOf(payload)
  t.equal(await checkSignature(payment), 'good')
  const test: Terms = { ...TERMS, network: 'eip155:31337', domain: { name: 'USDC', version: '1' } }
  t.equal(await checkSignature(paymentOf(await signed({ terms: test }), test)), 'good', 'on another chain')
  const stranger = privateKeyToAccount(generatePrivateKey())
  const forged = paymentOf(await signed({ signer: stranger }))
  const others = [
    { ...forged, from: payment.from },
    { ...payment, value: 1n },
    { ...payment, nonce: forged.nonce },
    { ...payment, validBefore: payment.validBefore + 1n },
    { ...payment, terms: { ...TERMS, domain: { name: 'USDC', version: '2' } } },
    { ...payment, terms: { ...TERMS, network: 'eip155:1' as const } },
    { ...payment, signature: `0x${'00'.repeat(65)}` as const },
    { ...payment, signature: `0x${'ff'.repeat(65)}` as const },
    { ...payment, signature: `${payment.signature}00` as const },
    { ...payment, signature: `0x${'ab'.repeat(600)}` as const }
  ]
  for (const other of others) t.equal(await checkSignature(other), 'needs_chain')
})

t.test('PAYMENT-RESPONSE is what upstream reads', async (t) => {
  const settled = { transaction: `0x${'12'.repeat(32)}`, network: TERMS.network, payer: PAYER }
  t.strictSame(decodePaymentResponseHeader(paymentResponse(settled)), { success: true, ...settled })
  const extensions = { 'offer-receipt': { info: {}, schema: {} } }
  const header = paymentResponse(settled, extensions)
  t.strictSame(decodePaymentResponseHeader(header), { success: true, ...settled, extensions })

  const payload: PaymentPayload = await signed()
  const seen: unknown[] = []
  const client = new x402Client().onPaymentResponse(async ({ settleResponse }) => {
    seen.push(settleResponse)
  })
  const read = (name: string) => (name === 'PAYMENT-RESPONSE' ? header : null)
  t.match(await new x402HTTPClient(client).processPaymentResult(payload, read, 200), { recovered: false })
  t.same(seen, [{ success: true, ...settled, extensions }])
})
