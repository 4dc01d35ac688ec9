import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fixedRate, RateCache, type RateCacheOptions } from '../../../lib/price/rate-cache.ts'
import { FileRateStore, type RateStore, type StoredQuote } from '../../../lib/price/rate-store.ts'
import { resolveSources } from '../../../lib/price/sources.ts'

const usd = (dollars: number) => BigInt(dollars) * 1_000_000n
const json =
  (body: unknown): RequestListener =>
  (_request, response) =>
    response.end(JSON.stringify(body))
const quote = (rate: unknown) => json({ bitcoin: { usd: rate } })

class MemoryStore implements RateStore {
  quote: StoredQuote | undefined
  async load() {
    return this.quote
  }
  async save(quote: StoredQuote) {
    this.quote = quote
  }
}

/** A local exchange; `answer` may be replaced while it runs. */
async function exchange(t: Test, answer: RequestListener) {
  const state = { answer, url: '', requests: 0 }
  const server = createServer((request, response) => {
    state.requests += 1
    state.answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rate`
  return state
}

function cacheOf(t: Test, urls: string[], options: Partial<RateCacheOptions> = {}) {
  const warnings: string[] = []
  const cache = new RateCache({
    sources: resolveSources(urls),
    store: new MemoryStore(),
    refreshSeconds: 60,
    maxAgeSeconds: 900,
    now: Date.now,
    logger: { info: () => {}, warn: (_fields, message) => warnings.push(message) },
    ...options
  })
  t.teardown(() => cache.close())
  return { cache, warnings }
}

t.test('three good sources, and each way in which a fourth can fail', { timeout: 30_000 }, async (t) => {
  const good = await Promise.all([67_000, 67_010, 67_020].map((rate) => exchange(t, quote(rate))))
  const urls = good.map(({ url }) => url)
  const failures: Record<string, RequestListener> = {
    outlier: quote(50_000),
    'outlier as a string': quote('134000'),
    zero: quote(0),
    negative: quote(-67_000),
    huge: quote(1e18),
    'NaN in words': quote('NaN'),
    'bare NaN': (_request, response) => response.end('{"bitcoin":{"usd":NaN}}'),
    'wrong type': quote([67_000]),
    'other shape': json({ price: 67_000 }),
    empty: (_request, response) => response.end(),
    HTML: (_request, response) => response.end('<html>67000</html>'),
    '500 with a good body': (_request, response) => response.writeHead(500).end('{"bitcoin":{"usd":67000}}'),
    dies: (request) => request.socket.destroy(),
    'dies in the body': (request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"bitcoin":')
      setImmediate(() => request.socket.destroy())
    },
    redirects: (_request, response) => response.writeHead(302, { location: urls[0]! }).end(),
    '10 MB': (_request, response) => response.end(`{"bitcoin":{"usd":67000},"x":"${'a'.repeat(10_000_000)}"}`),
    '10 MB in chunks': (_request, response) => {
      response.write('{"bitcoin":{"usd":67000},"x":"')
      for (let i = 0; i < 10; i += 1) response.write('a'.repeat(1_000_000))
      response.end('"}')
    }
  }
  for (const [name, answer] of Object.entries(failures)) {
    const bad = await exchange(t, answer)
    const { cache } = cacheOf(t, [...urls, bad.url])
    t.equal(await cache.refresh(), true, name)
    t.match(cache.current(), { ok: true, rateMicroUsd: usd(67_010), sources: 3, fixed: false }, name)
    t.equal(bad.requests, 1, `${name}: was asked once`)
    await cache.close()
  }
  t.equal(good[0]!.requests, Object.keys(failures).length, 'no redirect was followed')
})

t.test(
  'a lagging source counts; hanging and dripping ones end at the limit and hold nobody up',
  { timeout: 20_000 },
  async (t) => {
    const lag: RequestListener = (request, response) => setTimeout(() => quote(67_000)(request, response), 300)
    const drip: RequestListener = (_request, response) => {
      const timer = setInterval(() => response.write(' '), 100)
      response.on('close', () => clearInterval(timer))
    }
    const urls = await Promise.all(
      [lag, quote(67_000), () => {}, drip].map(async (each) => (await exchange(t, each)).url)
    )
    const { cache } = cacheOf(t, urls)
    t.equal(await cache.refresh(), true)
    t.match(cache.current(), { ok: true, sources: 2 })
  }
)

t.test('close never waits for a hanging source', { timeout: 2500 }, async (t) => {
  const hanging = await exchange(t, () => {})
  const early = cacheOf(t, [hanging.url]).cache
  await early.start()
  await early.close()
  const late = cacheOf(t, [hanging.url]).cache
  await late.start()
  while (hanging.requests === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  await late.close()
  t.same(late.current(), { ok: false, reason: 'no quote yet' })
})

t.test('the quote ages, expires past the limit, and recovers', async (t) => {
  let nowMs = 1_800_000_000_000
  const source = await exchange(t, quote(67_000))
  const { cache, warnings } = cacheOf(t, [source.url], { now: () => nowMs })
  t.same(cache.current(), { ok: false, reason: 'no quote yet' })
  await cache.refresh()
  source.answer = (_request, response) => response.writeHead(503).end()
  nowMs += 899_999
  t.equal(await cache.refresh(), false)
  t.equal(await cache.refresh(), false)
  t.match(cache.current(), { ok: true, rateMicroUsd: usd(67_000), ageSeconds: 899 })
  t.same(warnings, ['price refresh failed'], 'one warning for one outage')
  nowMs += 2
  t.same(cache.current(), { ok: false, reason: 'the last quote is too old' })
  nowMs -= 2_000_000
  t.match(cache.current(), { ok: false }, 'nor is a quote from the future good')
  source.answer = quote(67_500)
  t.equal(await cache.refresh(), true)
  t.match(cache.current(), { ok: true, rateMicroUsd: usd(67_500), ageSeconds: 0 })
})

t.test('a jump waits for the next round while the old quote ages', async (t) => {
  let nowMs = 1_800_000_000_000
  const source = await exchange(t, quote(67_000))
  const { cache } = cacheOf(t, [source.url], { now: () => nowMs })
  await cache.refresh()
  nowMs += 60_000
  source.answer = quote(6_700)
  t.equal(await cache.refresh(), false)
  t.match(cache.current(), { ok: true, rateMicroUsd: usd(67_000), ageSeconds: 60 })
  source.answer = quote(66_900)
  t.equal(await cache.refresh(), true, 'a lie of one round leaves no trace')
  source.answer = quote(50_000)
  t.equal(await cache.refresh(), false)
  t.equal(await cache.refresh(), true)
  t.match(cache.current(), { ok: true, rateMicroUsd: usd(50_000) })
})

t.test('sources that disagree give no quote', async (t) => {
  const urls = [(await exchange(t, quote(67_000))).url, (await exchange(t, quote(90_000))).url]
  const { cache } = cacheOf(t, urls)
  t.equal(await cache.refresh(), false)
  t.match(cache.current(), { ok: false })
})

t.test('start fetches in the background, and concurrent refreshes share one round', async (t) => {
  const source = await exchange(t, quote(67_000))
  const { cache } = cacheOf(t, [source.url])
  await cache.start()
  t.same(await Promise.all([cache.refresh(), cache.refresh()]), [true, true])
  t.equal(source.requests, 1)
  t.match(cache.current(), { ok: true })
})

t.test('the background refreshes until close', { timeout: 10_000 }, async (t) => {
  const source = await exchange(t, quote(67_000))
  const { cache } = cacheOf(t, [source.url], { refreshSeconds: 0.02 })
  await cache.start()
  while (source.requests < 3) await new Promise((resolve) => setTimeout(resolve, 10))
  await cache.close()
  const { requests } = source
  await new Promise((resolve) => setTimeout(resolve, 100))
  t.equal(source.requests, requests)
})

t.test('a restart keeps the quote and its age', async (t) => {
  const folder = t.testdir()
  const path = join(folder, 'nested', 'rate.json')
  const source = await exchange(t, quote(67_000))
  const nowMs = 1_800_000_000_000
  await cacheOf(t, [source.url], { store: new FileRateStore(path), now: () => nowMs }).cache.refresh()
  t.same(readdirSync(join(folder, 'nested')), ['rate.json'], 'no file is left aside')
  source.answer = (request) => request.socket.destroy()
  const { cache } = cacheOf(t, [source.url], { store: new FileRateStore(path), now: () => nowMs + 120_000 })
  await cache.start()
  t.match(cache.current(), { ok: true, rateMicroUsd: usd(67_000), sources: 1, ageSeconds: 120 })
})

t.test('a missing, incomplete or foreign file gives no quote', async (t) => {
  const path = join(t.testdir(), 'rate.json')
  const store = new FileRateStore(path)
  t.equal(await store.load(), undefined)
  const good = { rateMicroUsd: usd(67_000), sources: 3, fetchedAtMs: 1_800_000_000_000 }
  await store.save(good)
  t.same(await store.load(), good)
  const text = readFileSync(path, 'utf8')
  const bad = [
    '',
    'null',
    '[]',
    text.slice(0, -5),
    text.replace('67000000000', '1'),
    text.replace('"67000000000"', '67000000000'),
    text.replace('1800000000000', '"soon"'),
    text.replace('"sources":3', '"sources":null')
  ]
  for (const content of bad) {
    writeFileSync(path, content)
    t.equal(await store.load(), undefined, JSON.stringify(content))
  }
})

t.test('a failing store is logged and tolerated', async (t) => {
  const source = await exchange(t, quote(67_000))
  const store: RateStore = {
    load: async () => {
      throw new Error('disk')
    },
    save: async () => {
      throw new Error('disk full')
    }
  }
  const { cache, warnings } = cacheOf(t, [source.url], { store })
  await cache.start()
  await cache.refresh()
  t.match(cache.current(), { ok: true })
  t.same(warnings, ['price quote could not be stored'])
})

t.test('a fixed rate is reported as fixed', async (t) => {
  const fixed = fixedRate(usd(100_000))
  await fixed.start()
  t.same(fixed.current(), { ok: true, rateMicroUsd: usd(100_000), sources: 0, ageSeconds: 0, fixed: true })
  await fixed.close()
})
