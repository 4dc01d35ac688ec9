import t from 'tap'
import { makeOffer, makeQuote, NoRailUp, type Offer, paymentLink } from '../../../lib/billing/offer.ts'
import { type Challenge, type Rail, RailUnavailable } from '../../../lib/billing/rail.ts'
import { down, makeRail, REQUEST } from './paid-rail.ts'

const URL = 'https://power.example'
const later = async (): Promise<Challenge> => {
  await new Promise((resolve) => setImmediate(resolve))
  return { headers: [['X-late', 'pay']], members: '"late":"pay"' }
}
const lateFailure = async (): Promise<Challenge> => {
  await new Promise((resolve) => setImmediate(resolve))
  throw new RailUnavailable(503, 'late is down.', 9)
}

t.test('makeOffer: every rail that is up, in order, and why the others are not', async (t) => {
  const one = makeRail('one')
  const two = makeRail('two')
  const late = makeRail('late', { challenge: later })
  const oneDown = makeRail('one', { challenge: down(503, 'one is down.', 5) })
  const lateDown = makeRail('late', { challenge: lateFailure })
  const cases: [name: string, rails: Rail[], isPromise: boolean, headers: string[], unavailable: object | undefined][] =
    [
      ['one', [one], false, ['X-one'], undefined],
      ['two', [one, two], false, ['X-one', 'X-two'], undefined],
      ['first down', [oneDown, two], false, ['X-two'], { one: 'one is down.' }],
      ['one late', [late, two], true, ['X-late', 'X-two'], undefined],
      ['late down', [lateDown, two], true, ['X-two'], { late: 'late is down.' }],
      ['one down, one late', [oneDown, late], true, ['X-late'], { one: 'one is down.' }]
    ]
  for (const [name, rails, isPromise, headers, unavailable] of cases) {
    const made = makeOffer(rails, REQUEST, undefined, URL)
    t.equal(made instanceof Promise, isPromise, name)
    const offer = await made
    t.same(
      offer.headers.filter((_, index) => index % 2 === 0),
      headers,
      name
    )
    const body = JSON.parse(offer.body)
    t.same(body.unavailable, unavailable, name)
    for (const header of headers) t.equal(body[header.slice(2)], 'pay', name)
  }
})

t.test('makeOffer: the body', async (t) => {
  const refusal = { code: 'token_expired', detail: 'The token has expired.' }
  const offer = makeOffer([makeRail('one')], REQUEST, refusal, URL) as Offer
  t.strictSame(JSON.parse(offer.body), {
    type: `${URL}/docs/errors/payment_required`,
    title: 'Payment Required',
    status: 402,
    detail: 'Payment required',
    code: 'payment_required',
    retryable: true,
    price_usd: '0.10',
    reason: refusal,
    one: 'pay'
  })
  t.notMatch(JSON.parse((makeOffer([makeRail('one')], REQUEST, undefined, URL) as Offer).body), { reason: {} })
})

t.test('makeOffer: no rail up', async (t) => {
  const busy = makeRail('busy', { challenge: down(429, 'Too many.', 40) })
  const off = makeRail('off', { challenge: down(503, 'Off.', 5) })
  const late = makeRail('late', { challenge: lateFailure })
  const cases: [Rail[], Partial<NoRailUp>][] = [
    [[], { statusCode: 503, retryAfterSeconds: 60, message: 'No payment method is configured.' }],
    [[off], { statusCode: 503, retryAfterSeconds: 5, message: 'Off.' }],
    [[busy], { statusCode: 429, retryAfterSeconds: 40, message: 'Too many.' }],
    [[off, busy], { statusCode: 429, retryAfterSeconds: 40, message: 'Off. Too many.' }],
    [[late, off], { statusCode: 503, retryAfterSeconds: 9, message: 'late is down. Off.' }]
  ]
  for (const [rails, expected] of cases) {
    const failed = Promise.resolve().then(() => makeOffer(rails, REQUEST, undefined, URL))
    await t.rejects(failed, { name: 'NoRailUp', ...expected }, rails.map(({ name }) => name).join())
    await t.rejects(failed, NoRailUp)
  }
})

t.test('makeOffer: a defective rail does not redirect payers to another one', async (t) => {
  const defect = () => {
    throw new TypeError('a defect')
  }
  t.throws(
    () => makeOffer([makeRail('one'), makeRail('two', { challenge: defect })], REQUEST, undefined, URL),
    TypeError
  )
  const late = makeRail('late', { challenge: async () => defect() })
  await t.rejects(Promise.resolve(makeOffer([late, makeRail('one')], REQUEST, undefined, URL)), TypeError)
})

t.test('makeQuote: the price, no challenge', async (t) => {
  const untouched = () => {
    throw new Error('a challenge was made')
  }
  const silent = makeRail('silent', { quote: () => ({ headers: [], members: '' }) })
  const quote = makeQuote(
    [makeRail('one', { challenge: untouched }), silent, makeRail('two')],
    {
      ...REQUEST,
      priceMicroUsd: 1_250_000n
    },
    undefined,
    URL
  )
  t.same(quote.headers, ['X-one-price', '1', 'X-two-price', '1', ...paymentLink(URL)])
  t.match(JSON.parse(quote.body), {
    status: 402,
    detail: 'Payment required',
    price_usd: '1.25',
    one_price: 1,
    two_price: 1,
    reason: { code: 'body_required' }
  })
  t.throws(() => makeQuote([], REQUEST, undefined, URL), { name: 'NoRailUp', statusCode: 503, retryAfterSeconds: 60 })
  t.throws(() => makeQuote([silent, silent], REQUEST, undefined, URL), {
    name: 'NoRailUp',
    statusCode: 503,
    retryAfterSeconds: 5,
    message: 'No payment method is available at present.'
  })
})
