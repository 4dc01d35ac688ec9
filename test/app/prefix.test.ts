/** The service under a prefix that a proxy strips, such as https://example.org/power: no link leaves the prefix. */
import t from 'tap'
import { type PrefixProxy, startPrefixProxy } from '../support/prefix-proxy.ts'
import { startApp } from '../support/purchase.ts'

let proxy: PrefixProxy
t.before(async () => {
  proxy = await startPrefixProxy('/power')
  const app = await startApp(t, { PUBLIC_URL: proxy.publicUrl })
  proxy.serve(await app.listen({ host: '127.0.0.1', port: 0 }))
})
t.teardown(() => proxy.close())

/** Links of a document, as a reader of its media type finds them. */
const LINKS: Readonly<Record<string, RegExp>> = {
  'text/html': /\s(?:href|src|data-catalogue)="([^"]+)"/g,
  'text/css': /url\("?([^")]+)"?\)/g,
  'text/plain': /(https?:\/\/[^\s)<>"'`]+)/g,
  'application/xml': /<loc>([^<]+)<\/loc>/g,
  'application/json': /"(https?:\/\/[^"]+)"/g
}
/** An example, a template, or a route that is no page to GET. */
const IS_NO_PAGE = /[{}$…]|\/v1\/(compute-power|validate|workouts)|\/dev\//

t.test('every link from / and /docs stays below the prefix and leads somewhere', async (t) => {
  const seen = new Set<string>()
  const waiting = ['', '/', '/docs', '/llms.txt', '/llms-full.txt', '/sitemap.xml', '/robots.txt', '/favicon.ico']
    .concat('/.well-known/security.txt', '/.well-known/api-catalog', '/openapi.json', '/docs/guides')
    .map((path) => proxy.publicUrl + path)
  const wrong: string[] = []
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    if (seen.has(from)) continue
    seen.add(from)
    const answer = await fetch(from, { headers: { accept: 'text/html, */*' } })
    if (answer.status !== 200) wrong.push(`${answer.status} ${from}`)
    const text = await answer.text()
    const pattern = LINKS[(answer.headers.get('content-type') ?? '').split(';')[0]!]
    if (pattern === undefined) continue
    for (const [, link] of text.matchAll(pattern)) {
      const url = new URL(link!.replaceAll('&#38;', '&').replace(/[.,;]$/, ''), answer.url)
      url.hash = ''
      if (url.origin !== new URL(proxy.publicUrl).origin || IS_NO_PAGE.test(decodeURI(url.href))) continue
      if (!url.href.startsWith(proxy.publicUrl)) wrong.push(`${link} on ${from} leaves the prefix`)
      else waiting.push(url.href)
    }
  }
  t.strictSame([...new Set(wrong)], [])
  t.strictSame(proxy.strays, [], 'nothing was asked beside the prefix')
  t.ok(seen.size > 100, `${seen.size} documents`)
})

t.test('the search, the problem types and the offers name places below the prefix', async (t) => {
  const get = async (path: string) => (await fetch(proxy.publicUrl + path)).json()
  const entries = (await get('/docs/search.json')) as [string, string, string][]
  for (const href of new Set(entries.map(([, href]) => href.split('#')[0]!)))
    t.equal((await fetch(proxy.publicUrl + href)).status, 200, href)
  const { type } = (await get('/no-such-path')) as { type: string }
  t.match(type, `${proxy.publicUrl}/docs/errors/`)
  t.equal((await fetch(type)).status, 200, type)
  const probe = await fetch(`${proxy.publicUrl}/v1/compute-power`, { method: 'POST' })
  t.equal(probe.status, 402)
  const offer = (await probe.json()) as { type: string }
  t.equal(offer.type, `${proxy.publicUrl}/docs/errors/payment_required`)
  const [, prices] = /<([^>]+)>; rel="payment"/.exec(probe.headers.get('link') ?? '')!
  t.equal((await fetch(prices!)).status, 200, prices!)
})
