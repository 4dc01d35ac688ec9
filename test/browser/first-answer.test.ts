/** As a new user: the lines of the README in a fresh clone, and a paid answer in the browser. It prints how long it took. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import t from 'tap'
import { ROOT } from '../runner/joined.ts'
import { Processes, tail } from '../support/processes.ts'
import { until } from '../support/until.ts'
import { EXECUTABLE, noChromium } from './chromium.ts'
import { buyWithSats } from './try-page.ts'

const LIMIT_MS = 300_000

const reason = noChromium || (!existsSync(join(ROOT, '.git')) && 'this tree is no clone of a repository')
if (reason !== false) {
  t.plan(0, reason)
  process.exit(0)
}
t.setTimeout(LIMIT_MS)

t.test('from the README to a paid answer', async (t) => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const [before = '', how = ''] = readme.split('## Try it in a browser\n')
  t.match(before, /^npm ci\b[\s\S]*^npm start$/m, 'what the README says first')
  t.match(how, /^\nOpen <http:\S+> after `npm start`/, 'and then')

  const folder = join(t.testdir(), 'clone')
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${ROOT}`, folder])
  const startedMs = Date.now()
  const seconds = () => Math.round((Date.now() - startedMs) / 1000)
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' })
  t.comment(`npm ci: after ${seconds()} s`)

  const processes = new Processes()
  t.teardown(() => processes.close())
  const log = join(folder, 'service.log')
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0' }
  const service = await processes.start('npm start', ['npm', 'start', '--prefix', folder], log, environment)
  const url = await until('the start says where the page is', () => {
    const [, found] = /Open (http:\S+) in a browser/.exec(existsSync(log) ? readFileSync(log, 'utf8') : '') ?? []
    if (found === undefined && !service.isRunning()) throw new Error(tail(log))
    return found
  })
  t.comment(`npm start: after ${seconds()} s`)

  const browser = await chromium.launch({ executablePath: EXECUTABLE!, args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(url)
  await buyWithSats(page)
  t.match(await page.locator('.figures').innerText(), /Work\s+[\d.]+ ± [\d.]+ kJ/)
  t.comment(`a paid answer: after ${seconds()} s`)
})
