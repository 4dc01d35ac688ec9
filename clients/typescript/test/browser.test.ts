/** The packed client in Chromium: bundled as a web page would bundle it, on the service's own page and on another site. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { developmentPayer } from '../src/testing.ts'
import { startNostrWallet } from './nostr-wallet.ts'
import { type Service, startService } from './service.ts'
import { workout } from './workout.ts'

const CLIENT = join(import.meta.dirname, '..')
const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const EXECUTABLE = PLACES.find((path) => path !== undefined && existsSync(path))
const skip = EXECUTABLE === undefined && 'there is no chromium'
const PATIENCE_MS = 30_000

/** What the page may use. */
const ENTRY = `
import { NWCClient } from '@getalby/sdk'
import { lightning, nwc, powerOracle, ProblemError, webln, x402 } from 'power-oracle-client'
import { privateKeyToAccount } from 'viem/accounts'
Object.assign(window, { NWCClient, lightning, nwc, powerOracle, ProblemError, privateKeyToAccount, webln, x402 })
`

let folder: string
let service: Service
let browser: Browser
let script: string
let other: ReturnType<typeof createServer>
let otherUrl: string

before(async () => {
  if (skip !== false) return
  folder = mkdtempSync(join(tmpdir(), 'browser-'))
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' })
  const [packed] = JSON.parse(run('npm', 'pack', CLIENT, '--json')) as { filename: string }[]
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  run('npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', packed!.filename)
  writeFileSync(join(folder, 'entry.js'), ENTRY)
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['entry.js'],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome115', 'firefox115', 'safari16'],
    nodePaths: [join(CLIENT, 'node_modules')],
    write: false
  })
  script = outputFiles[0]!.text
  service = await startService()
  other = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>')).listen(
    0,
    '127.0.0.1'
  )
  await once(other, 'listening')
  otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
  browser = await chromium.launch({ executablePath: EXECUTABLE!, args: ['--no-sandbox'] })
})
after(async () => {
  if (skip !== false) return
  await browser?.close()
  await service?.stop()
  other?.close()
  other?.closeAllConnections()
  rmSync(folder, { recursive: true })
})

async function payInvoice(invoice: string): Promise<{ preimage: string }> {
  const response = await fetch(`${service.url}/dev/lightning/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ invoice })
  })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as { preimage: string }
}

/** A page of a site with the client in it, and a Lightning wallet. */
async function open(url: string): Promise<Page> {
  const page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  await page.exposeFunction('payInvoice', payInvoice)
  await page.goto(url)
  await page.evaluate(script)
  return page
}

/** Buys in the page. @param pay an expression, the wallets @returns the answer's session, and the headers it could read */
async function buy(page: Page, pay: string, values: object = {}) {
  const expression = `(async () => {
    const values = ${JSON.stringify(values)}
    const visible = new Set()
    const seen = async (...request) => {
      const response = await fetch(...request)
      for (const name of response.headers.keys()) visible.add(name)
      return response
    }
    const oracle = powerOracle({ baseUrl: ${JSON.stringify(service.url)}, maxPriceUsd: 0.25, pay: ${pay}, fetch: seen })
    const answer = await oracle.computePower(${JSON.stringify(workout())})
    return { session: answer.results.session, visible: [...visible] }
  })()`
  return (await page.evaluate(expression)) as { session: { total_work: { value: number } }; visible: string[] }
}

const SITES = [
  ["the service's own page", () => service.url, false],
  ['a page of another site', () => otherUrl, true]
] as const

for (const [where, url, isOther] of SITES)
  test(`${where}: sats through a function and through WebLN, dollars through a viem account`, { skip }, async () => {
    const page = await open(url())
    const { privateKey, assets } = await developmentPayer(service.url)
    const wallets = [
      'lightning(payInvoice)',
      'webln({ enable: async () => {}, sendPayment: payInvoice })',
      'x402(privateKeyToAccount(values.privateKey), { assets: values.assets })'
    ]
    for (const pay of wallets) {
      const { session, visible } = await buy(page, pay, { privateKey, assets })
      assert.ok(session.total_work.value > 0, pay)
      if (isOther) assert.ok(visible.includes('payment-required'), `${pay}: the terms can be read: ${visible}`)
      if (pay.startsWith('x402')) assert.ok(visible.includes('payment-response'), `the receipt can be read: ${visible}`)
    }
    const problem = await page.evaluate(`(async () => {
      const oracle = powerOracle({ baseUrl: ${JSON.stringify(service.url)}, maxPriceUsd: 0.25 })
      return oracle.validate({ splits: [] }).then(() => 'no problem', (error) => [error instanceof ProblemError, error.status])
    })()`)
    assert.deepEqual(problem, [true, 422])
    await page.close()
  })

test("a Nostr wallet, through Alby's package and a relay", { skip }, async (t) => {
  let refusal: Error | undefined
  const wallet = await startNostrWallet(async (invoice) => {
    if (refusal !== undefined) throw refusal
    return payInvoice(invoice)
  })
  t.after(() => wallet.close())
  const page = await open(otherUrl)
  const pay = 'nwc(new NWCClient({ nostrWalletConnectUrl: values.connection }))'
  const { session } = await buy(page, pay, { connection: wallet.connection })
  assert.ok(session.total_work.value > 0)
  assert.equal(wallet.payments(), 1)
  refusal = new Error('the budget is spent')
  await assert.rejects(buy(page, pay, { connection: wallet.connection }), /The wallet did not pay/)
  await page.close()
})
