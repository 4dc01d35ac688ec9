import fc from 'fast-check'
import t from 'tap'
import { agreeOnRate, JumpGuard } from '../../../lib/price/agreement.ts'
import { parseRate, satsForUsd } from '../../../lib/price/rate.ts'
import { builtInSources, resolveSources } from '../../../lib/price/sources.ts'
import { formatUsd, parseUsd } from '../../../lib/price/usd.ts'

const usd = (dollars: number) => BigInt(Math.round(dollars * 1_000_000))

t.test('parseUsd', async (t) => {
  const good: Array<[string, bigint]> = [
    ['0.10', 100_000n],
    ['0.1', 100_000n],
    ['1', 1_000_000n],
    ['0.000001', 1n],
    ['999999999999.999999', 999_999_999_999_999_999n]
  ]
  for (const [text, expected] of good) t.equal(parseUsd(text), expected, text)
  const bad = ['', '0', '0.0', '0.000000', '-1', '+1', '.5', '1.', '01', '1e3', '0.0000001', '1,5', ' 1', '1 ', '1\n']
  for (const text of [...bad, 'NaN', 'Infinity', '0x10', '１', '9'.repeat(13)]) {
    t.throws(() => parseUsd(text), { name: 'PriceError', code: 'invalid_usd' }, JSON.stringify(text))
  }
})

t.test('formatUsd writes what parseUsd reads', async (t) => {
  t.equal(formatUsd(100_000n), '0.10')
  t.equal(formatUsd(1_234_500n), '1.2345')
  t.equal(formatUsd(67_000_000_000n), '67000.00')
  fc.assert(fc.property(fc.bigInt(1n, 10n ** 17n), (amount) => parseUsd(formatUsd(amount)) === amount))
})

t.test('satsForUsd rounds up to whole satoshis', async (t) => {
  const cases: Array<[string, number, bigint]> = [
    ['0.10', 100_000, 100n],
    ['0.10', 67_000, 150n],
    ['0.10', 100_000.000001, 100n],
    ['0.10', 99_999.999999, 101n],
    ['0.000001', 100_000_000, 1n],
    ['1000000', 100, 1_000_000_000_000n]
  ]
  for (const [price, rate, sats] of cases) t.equal(satsForUsd(parseUsd(price), usd(rate)), sats, `${price} at ${rate}`)
  t.throws(() => satsForUsd(0n, 1n), { code: 'invalid_usd' })
  t.throws(() => satsForUsd(1n, 0n), { code: 'invalid_rate' })
})

t.test('satsForUsd never charges less than the price, nor one satoshi more than necessary', async () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 12n), fc.bigInt(10n ** 8n, 10n ** 14n), (price, rate) => {
      const sats = satsForUsd(price, rate)
      return sats * rate >= price * 100_000_000n && (sats - 1n) * rate < price * 100_000_000n
    })
  )
})

t.test('parseRate', async (t) => {
  t.equal(parseRate('67000.12'), 67_000_120_000n)
  t.equal(parseRate(67000.12), 67_000_120_000n)
  t.equal(parseRate(107077.69661924685), 107_077_696_619n, 'digits past the sixth decimal are cut')
  t.equal(parseRate('100'), 100_000_000n)
  t.equal(parseRate('100000000'), 100_000_000_000_000n)
  const bad = ['99.999999', '100000000.000001', 0, -67000, '-67000', 'NaN', NaN, Infinity, 1e21, '6.7e4', '67,000', '']
  for (const value of [...bad, null, undefined, true, [67000], { rate: 67000 }, ' 67000', '9'.repeat(1000)]) {
    t.throws(() => parseRate(value), { name: 'PriceError', code: 'invalid_rate' }, String(value))
  }
})

const answers: Record<string, unknown> = {
  coinbase: { data: { amount: '67000.5', base: 'BTC', currency: 'USD' } },
  kraken: { error: [], result: { XXBTZUSD: { a: ['67001', '1', '1'], c: ['67000.50000', '0.01'], p: ['1', '2'] } } },
  bitstamp: { timestamp: '1700000000', last: '67000.5', bid: '66999', ask: '67001', vwap: '66000.1', volume: '900' },
  bitfinex: [66999, 3.1, 67001, 2.2, -500, -0.0074, 67000.5, 812.3, 68000, 66000],
  gemini: { bid: '66999', ask: '67001', last: '67000.5', volume: { BTC: '1', USD: '67000', timestamp: 1700000000000 } },
  blockchain: { symbol: 'BTC-USD', price_24h: 66000, volume_24h: 12.5, last_trade_price: 67000.5 },
  coingecko: { bitcoin: { usd: 67000.5 } }
}

t.test('each built-in source reads its own shape, and a configured URL reads them all', async (t) => {
  t.same(Object.keys(answers).sort(), builtInSources.map(({ name }) => name).sort())
  const [any] = resolveSources(['http://127.0.0.1:1/rate'])
  for (const source of builtInSources) {
    t.equal(source.read(answers[source.name]), usd(67_000.5), source.name)
    t.equal(any!.read(answers[source.name]), usd(67_000.5), `${source.name} behind a URL`)
    for (const other of Object.keys(answers)) {
      if (other !== source.name)
        t.throws(() => source.read(answers[other]), { name: 'PriceError' }, `${other} as ${source.name}`)
    }
  }
})

t.test('answers for another pair, errors and empty answers are rejected', async (t) => {
  const bad: unknown[] = [
    { data: { amount: '67000.5', base: 'BTC', currency: 'EUR' } },
    { data: { amount: '3500.5', base: 'ETH', currency: 'USD' } },
    { error: ['EService:Unavailable'] },
    { error: [], result: { XETHZUSD: { c: ['3500', '1'] } } },
    { symbol: 'ETH-USD', last_trade_price: 3500 },
    ['error', 10020, 'symbol: invalid'],
    { bitcoin: { eur: 60000 } },
    { bitcoin: { usd: '0' } },
    { __proto__: { bitcoin: { usd: 67000 } } },
    null,
    67000,
    'rate'
  ]
  for (const source of [...builtInSources, ...resolveSources(['https://example.org/x'])]) {
    for (const json of bad)
      t.throws(() => source.read(json), { name: 'PriceError' }, `${source.name}: ${JSON.stringify(json)}`)
  }
})

t.test('resolveSources', async (t) => {
  const [kraken, own] = resolveSources(['kraken', 'https://rates.example.org:8443/btc?x=1'])
  t.equal(
    kraken,
    builtInSources.find(({ name }) => name === 'kraken')
  )
  t.match(own, { name: 'rates.example.org:8443', url: 'https://rates.example.org:8443/btc?x=1' })
  for (const entry of ['mtgox', '', 'ftp://example.org/x', 'file:///etc/passwd', 'https://user:pw@example.org/']) {
    t.throws(() => resolveSources([entry]), { code: 'unknown_source' }, entry)
  }
  t.throws(() => resolveSources(['kraken', 'kraken']), { code: 'unknown_source' }, 'a source has one vote')
})

t.test('agreeOnRate', async (t) => {
  const cases: Array<[string, number[], number, number | undefined, number?]> = [
    ['one configured, one answer', [67000], 1, 67000, 1],
    ['one answer of two is not enough', [67000], 2, undefined],
    ['none', [], 1, undefined],
    ['two that agree', [67000, 67100], 2, 67050, 2],
    ['two that differ', [67000, 80000], 2, undefined],
    ['one of three lies high', [67000, 67100, 670000], 3, 67050, 2],
    ['one of three lies low', [67000, 67100, 100], 3, 67050, 2],
    ['two of five lie', [67000, 67100, 67200, 1000, 90000], 5, 67100, 3],
    ['half of four lie', [67000, 67100, 1000, 1010], 4, undefined],
    ['two of seven answer', [67000, 67000], 7, 67000, 2],
    ['5 % off still counts', [100000, 100000, 105000], 3, 100000, 3],
    ['more than 5 % off does not', [100000, 100000, 105001], 3, 100000, 2]
  ]
  for (const [name, rates, configured, expected, agreeing] of cases) {
    const agree = () => agreeOnRate(rates.map(usd), configured)
    if (expected === undefined) t.throws(agree, { name: 'PriceError', code: 'no_agreement' }, name)
    else t.same(agree(), { rateMicroUsd: usd(expected), sources: agreeing }, name)
  }
})

t.test('a wrong minority moves the rate no further than the spread of the correct answers', async () => {
  const honest = fc.array(fc.bigInt(usd(66_000), usd(68_000)), { minLength: 3, maxLength: 6 })
  const liars = fc.array(fc.bigInt(usd(100), usd(100_000_000)), { maxLength: 2 })
  fc.assert(
    fc.property(honest, liars, (good, bad) => {
      const { rateMicroUsd } = agreeOnRate([...good, ...bad], good.length + bad.length)
      return rateMicroUsd >= (usd(66_000) * 95n) / 100n && rateMicroUsd <= (usd(68_000) * 105n) / 100n
    })
  )
})

t.test('the jump guard requires confirmation of a jump', async (t) => {
  const runs: Array<[string, Array<[number, number | undefined, boolean]>]> = [
    ['no last rate', [[67000, undefined, true]]],
    [
      '20 % is calm',
      [
        [120, 100, true],
        [80, 100, true]
      ]
    ],
    [
      'a jump is held, and passes when repeated',
      [
        [121, 100, false],
        [122, 100, true]
      ]
    ],
    [
      'a fall too',
      [
        [79, 100, false],
        [79, 100, true]
      ]
    ],
    [
      'another jump is held anew',
      [
        [150, 100, false],
        [200, 100, false],
        [201, 100, true]
      ]
    ],
    [
      'a calm rate in between clears it',
      [
        [150, 100, false],
        [101, 100, true],
        [150, 101, false]
      ]
    ]
  ]
  for (const [name, rounds] of runs) {
    const guard = new JumpGuard()
    for (const [rate, last, accepted] of rounds) {
      t.equal(guard.accepts(usd(rate), last === undefined ? undefined : usd(last)), accepted, `${name}: ${rate}`)
    }
  }
})
