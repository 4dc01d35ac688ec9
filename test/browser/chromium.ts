/** Debian's Chromium and a service with play money on both rails, for the tests of the pages. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
export const EXECUTABLE = PLACES.find((path) => path !== undefined && existsSync(path))

/** For tap's `skip`: the reason where the system has no Chromium. */
export const noChromium: string | false = EXECUTABLE === undefined && 'there is no chromium'

/** A control that does not come becomes a failure with a name. */
const PATIENCE_MS = 15_000

/** A name of this machine that browsers do not trust as they trust 127.0.0.1. */
const PLAIN_HOST = 'power.test'

export interface Look {
  readonly width: number
  readonly height: number
  readonly isDark?: boolean
  readonly hasScripts?: boolean
}

export const DESKTOP: Look = { width: 1280, height: 900 }
export const PHONE: Look = { width: 390, height: 844, isDark: true }

/** What happens to a page before it is loaded: a wallet that is put into it, a line that is cut. */
export type Prepare = (page: Page) => Promise<unknown>

export interface Site {
  readonly url: string
  /** The same service without TLS and under a name that is not the machine's own. */
  readonly plainUrl: string
  /** A page of a fresh profile. What it logs as an error, and what it asks of another host, is collected. */
  readonly open: (
    look: Look,
    path?: string,
    prepare?: Prepare
  ) => Promise<{ readonly page: Page; readonly wrong: string[] }>
  readonly close: () => Promise<void>
}

/** Ends a test file with the reason where there is no Chromium. */
export function leaveOutWithoutChromium(t: Pick<Test, 'plan'>): void {
  if (noChromium === false) return
  t.plan(0, noChromium)
  process.exit(0)
}

/** The site of a whole test file. */
export async function siteOf(t: Pick<Test, 'plan' | 'teardown'>): Promise<Site> {
  leaveOutWithoutChromium(t)
  const site = await startSite()
  t.teardown(() => site.close())
  return site
}

/**
 * Starts the service at a free port, in a process of its own, and the browser. Resolves once both rails sell.
 * @param publicUrl of a proxy in front of it, which pages are opened through
 */
export async function startSite({ publicUrl }: { readonly publicUrl?: string } = {}): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'power-oracle-browser-'))
  const service = new ServiceProcess({
    environment: {
      PORT: '0',
      ...(publicUrl !== undefined && { PUBLIC_URL: publicUrl }),
      DATABASE_URL: 'sqlite::memory:',
      LOG_LEVEL: 'info',
      RATE_LIMIT_PER_MINUTE: '100000',
      CHALLENGES_PER_MINUTE: '100000'
    },
    logPath: join(folder, 'service.log')
  })
  await service.start()
  await until('both rails sell', () => isSelling(service.url))
  const browser = await chromium.launch({
    executablePath: EXECUTABLE!,
    args: ['--no-sandbox', `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`]
  })
  return {
    url: service.url,
    plainUrl: service.url.replace('127.0.0.1', PLAIN_HOST),
    open: (look, path = '/', prepare = undefined) => open(browser, publicUrl ?? service.url, look, path, prepare),
    close: async () => {
      await browser.close()
      await service.processes.close()
      rmSync(folder, { recursive: true })
    }
  }
}

async function isSelling(url: string): Promise<boolean> {
  const health = await (await fetch(`${url}/v1/health`)).json()
  const { l402, x402 } = (health as { components: Record<string, string> }).components
  return l402 === 'ok' && x402 === 'ok'
}

async function open(
  browser: Browser,
  url: string,
  { width, height, isDark, hasScripts = true }: Look,
  path: string,
  prepare?: Prepare
) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: isDark ? 'dark' : 'light',
    javaScriptEnabled: hasScripts,
    permissions: ['clipboard-read', 'clipboard-write']
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const wrong: string[] = []
  page.on('console', (message) => {
    // A 402 or a 422 is an answer that the page expects, which Chromium logs all the same.
    if (message.type() === 'error' && !/status of (402|422|400|409)/.test(message.text())) wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) wrong.push(`asked ${request.url()}`)
  })
  await prepare?.(page)
  await page.goto(url + path)
  return { page, wrong }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on a page as it is now, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[]
  }
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`)
  )
}
