import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { ROOT } from '../runner/joined.ts'
import { startApp } from '../support/purchase.ts'

const PAGES = ['/', '/docs', '/docs/errors', '/docs/movements', '/docs/curve', '/docs/guides/curl']

t.test('pages: complete without a script, and nothing from another host', async (t) => {
  const app = await startApp(t, { PUBLIC_URL: 'https://power.example' })
  for (const path of PAGES) {
    const page = await app.inject({ url: path, headers: { accept: 'text/html' } })
    t.equal(page.statusCode, 200, path)
    t.match(page.headers['content-type'], /^text\/html/, path)
    const policy = String(page.headers['content-security-policy'])
    t.match(policy, /default-src 'none'/, path)
    t.notMatch(policy, /unsafe|\*|https?:/, path)
    t.notMatch(page.body, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc="\/assets\/)/, `${path}: nothing inline`)
    for (const [, url] of page.body.matchAll(/<(?:script|img|link|iframe)[^>]*\s(?:src|href)="([^"]+)"/g))
      t.match(url, /^(\/[^/]|https:\/\/power\.example\/)/, `${path}: ${url}`)
  }
})

t.test('pages: every link leads to a page, and every fragment to its place', async (t) => {
  const app = await startApp(t, { PUBLIC_URL: 'https://power.example' })
  const pages = new Map<string, string>()
  const waiting = ['/docs']
  const links: { from: string; path: string; fragment: string | undefined }[] = []
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    if (pages.has(from)) continue
    const answer = await app.inject({ url: from, headers: { accept: 'text/html' } })
    t.equal(answer.statusCode, 200, from)
    const isHtml = String(answer.headers['content-type']).startsWith('text/html')
    const ids = [...answer.body.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!)
    const words = answer.body.replace(/<code[^>]*>.*?<\/code>/gs, '').replace(/="[^"]*"/g, '')
    if (isHtml) t.notMatch(words, /\*\*|`/, `${from}: no mark-up is left to the reader`)
    if (isHtml) t.strictSame(ids.length, new Set(ids).size, `${from}: each id once`)
    pages.set(from, isHtml ? answer.body : '')
    if (!isHtml) continue
    for (const [, href] of answer.body.matchAll(/\shref="([^"]+)"/g)) {
      const url = new URL(href!.replaceAll('&#38;', '&'), `https://power.example${from}`)
      t.equal(url.origin, 'https://power.example', href!)
      t.notMatch(href!, /[\s{}|\\^`]/, `${href}: only characters of a URL`)
      links.push({
        from,
        path: url.pathname,
        fragment: url.hash === '' ? undefined : decodeURIComponent(url.hash.slice(1))
      })
      if (!pages.has(url.pathname)) waiting.push(url.pathname)
    }
  }
  t.ok(pages.size > 90, `${pages.size} pages`)
  const missing = links.filter(
    ({ path, fragment }) => fragment !== undefined && !pages.get(path)?.includes(` id="${fragment}"`)
  )
  t.strictSame(missing, [])
})

t.test('problems: each code that an answer may have is explained at its type', async (t) => {
  const app = await startApp(t)
  const codes = codesInSources()
  t.ok(codes.size >= 50, `${codes.size} codes`)
  for (const code of codes) {
    const page = await app.inject(`/docs/errors/${code}`)
    t.equal(page.statusCode, 200, code)
    for (const heading of ['Why', 'What to do'])
      t.ok(page.body.includes(`<h2>${heading}</h2><p>`), `${code}: ${heading}`)
  }
  const unknown = await app.inject('/docs/errors/no_such_code')
  t.equal(unknown.statusCode, 404)
  const { type } = unknown.json()
  t.equal((await app.inject(new URL(type).pathname)).statusCode, 200, 'a type is the URL of a page')
})

t.test('pages: compressed, and 304 to a client that has them', async (t) => {
  const app = await startApp(t)
  const plain = await app.inject('/docs')
  const get = (headers: Record<string, string>) => app.inject({ url: '/docs', headers })
  const brotli = await get({ 'accept-encoding': 'gzip, br' })
  t.equal(brotli.headers['content-encoding'], 'br')
  t.equal(brotliDecompressSync(brotli.rawPayload).toString(), plain.body)
  const gzip = await get({ 'accept-encoding': 'gzip, br;q=0' })
  t.equal(gzip.headers['content-encoding'], 'gzip')
  t.equal(gunzipSync(gzip.rawPayload).toString(), plain.body)
  t.equal((await get({ 'if-none-match': String(plain.headers.etag) })).statusCode, 304)
})

t.test('assets: names change with their content, and only what was joined is served', async (t) => {
  const app = await startApp(t)
  const page = await app.inject('/docs')
  const names = [...page.body.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, name]) => name!)
  t.equal(names.length, 2)
  for (const name of names) {
    const asset = await app.inject(name)
    t.equal(asset.statusCode, 200, name)
    t.match(asset.headers['cache-control'], /immutable/, name)
    t.match(name, /-[A-Z0-9]{8}\.(js|css)$/)
  }
  for (const name of ['/assets/..%2fpackage.json', '/assets/none.js', '/assets/entries.json'])
    t.equal((await app.inject(name)).statusCode, 404, name)
})

t.test('search: the index leads to places that are there', async (t) => {
  const app = await startApp(t)
  const entries: [string, string, string][] = (await app.inject('/docs/search.json')).json()
  t.ok(entries.length > 200, `${entries.length} entries`)
  const pages = new Map<string, string>()
  for (const [, href] of entries) {
    const [path, fragment] = href.split('#') as [string, string?]
    pages.set(path, pages.get(path) ?? (await pageOf(app, path)))
    if (fragment !== undefined) t.ok(pages.get(path)!.includes(` id="${fragment}"`), href)
  }
})

async function pageOf(app: FastifyInstance, path: string): Promise<string> {
  const answer = await app.inject(path)
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`)
  return answer.body
}

/** Where codes are written in the sources: a thrown problem, a table of problems, an item, a refusal. */
const WRITTEN = [
  /new ProblemError\(\s*\w+,\s*'([a-z_]+)'/g,
  /\[\s*\d{3},\s*'([a-z_]+)'/g,
  /\bcode: '([a-z_]+)',\s*(?:pointer|detail)/g,
  /\badd\((?:`[^`]*`|[^,`']+),\s*'([a-z]+_[a-z_]+)',/g
]

function codesInSources(): Set<string> {
  const files = ['lib', 'plugins', 'routes'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('docs/'))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'))
  )
  return new Set(
    files.flatMap((text) => WRITTEN.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code]) => code!)))
  )
}
