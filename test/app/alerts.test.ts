/** What operators read is about figures that there are, and about alerts that there are. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { billingEvents, type ProofOutcome } from '../../lib/billing/billing-events.ts'
import { observeCall } from '../../lib/observe/calls.ts'
import { problemEvents } from '../../lib/problems/problem.ts'
import { queryOf } from '../../ops/images/dashboard/dashboard.ts'
import { ROOT } from '../runner/joined.ts'
import { DASHBOARD } from '../support/dashboard.ts'
import { unknownReferences } from '../support/metric-references.ts'
import { missing } from '../support/program.ts'
import { ask, challengeOf, PATH, pay, startApp, workout } from '../support/purchase.ts'
import { GAS_METRICS, Scrape, scrape } from '../support/scrape.ts'

const METRICS_ON = { METRICS: 'on', METRICS_PORT: '0' }
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const rules = read('ops/prometheus/rules.yml')
const runbook = read('docs/operations.md')
const alerts = [...rules.matchAll(/^ {6}- alert: (\w+)$/gm)].map(([, name]) => name!)

t.test('each alert has an entry in the runbook, a severity and a test of its own', async (t) => {
  t.ok(alerts.length > 20)
  t.equal(new Set(alerts).size, alerts.length)
  const tests = read('ops/prometheus/rules.test.yml')
  for (const rule of rules.split(/^ {6}- alert: /m).slice(1)) {
    const [name = ''] = /^\w+/.exec(rule) ?? []
    t.match(rule, /severity: (info|warning|critical) /, name)
    t.match(rule, `runbook: docs/operations.md#${name.toLowerCase()}\n`, name)
    t.match(runbook, `\n### ${name}\n`, name)
    t.match(tests, `  - name: ${name}\n`, name)
  }
})

t.test('the runbook has no entry for an alert that there is none of', async (t) => {
  const section = runbook.slice(runbook.indexOf('\n## Runbook'), runbook.indexOf('\n### What the log says'))
  t.strictSame([...section.matchAll(/^### (\w+)$/gm)].map(([, name]) => name).sort(), [...alerts].sort())
})

t.test('rules, documents and dashboard name metrics, labels and values that the service has', async (t) => {
  const scraped = await scrapeOfEverything(t)
  const queries = DASHBOARD.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  const texts = {
    rules,
    'rules.test.yml': read('ops/prometheus/rules.test.yml'),
    runbook,
    dashboard: queries.join('\n')
  }
  for (const [name, text] of Object.entries(texts)) t.strictSame(unknownReferences(name, text, scraped), [], name)

  const wrong = `power_oracle_offer_total, power_oracle_offers_total{payer="x"}, sum by (rail, payer)
    (power_oracle_offers_total), power_oracle_proofs_total{outcome=~"captured|sold"}`
  t.strictSame(unknownReferences('x', wrong, scraped), [
    'x: there is no power_oracle_offer_total',
    'x: power_oracle_offers_total has no label payer',
    'x: no payer of power_oracle_offers_total is x',
    'x: no outcome of power_oracle_proofs_total is sold',
    'x: power_oracle_offers_total has no label payer'
  ])
})

t.test('a quiet service fires no alert', { skip: missing('promtool') }, async (t) => {
  const fresh = await scrape(await startApp(t, METRICS_ON))
  // Old debts and failures, and nothing new.
  const old = await scrapeOfEverything(t)
  const times = ['1m', '5m', '20m', '70m']
  const expected = times.map((at) => `      - { expr: 'ALERTS{alertstate="firing"}', eval_time: ${at} }`).join('\n')
  const tests = [fresh, old].map(
    (scraped) => `  - interval: 15s\n    input_series:\n${seriesOf(scraped)}\n    promql_expr_test:\n${expected}\n`
  )
  const text = `rule_files: [rules.yml]\nevaluation_interval: 15s\ntests:\n${tests.join('')}`
  const folder = t.testdir({ 'rules.yml': rules, 'quiet.yml': text })
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', join(folder, 'quiet.yml')], {
    encoding: 'utf8'
  })
  t.equal(status, 0, `${stdout}${stderr}`)
})

t.test('the runbook explains every log line at warn and above, and no other', async (t) => {
  const table = runbook.slice(runbook.indexOf('### What the log says'), runbook.indexOf('### A component that returns'))
  const explained = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(([, line]) => line)
  )
  t.strictSame(explained.sort(), logLines().sort())
})

// Prometheus sees no increase in a series whose first value is one.
t.test('counters of alerts start at zero', async (t) => {
  const fresh = await scrape(await startApp(t, METRICS_ON))
  t.equal(fresh.sum('power_oracle_problems_total', { code: 'internal_error', status: '500' }), 0)
  for (const outcome of ['captured', 'settlement_pending'])
    t.equal(fresh.sum('power_oracle_proofs_total', { rail: 'l402', outcome }), 0, outcome)
  t.equal(fresh.sum('power_oracle_payments_owed', { rail: 'l402', reason: 'revision_lost_its_place' }), 0)
})

t.test('promtool takes the rules, and each fires when it should', { skip: missing('promtool') }, async (t) => {
  for (const args of [
    ['check', 'rules', 'ops/prometheus/rules.yml'],
    ['test', 'rules', 'ops/prometheus/rules.test.yml']
  ]) {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: ROOT, encoding: 'utf8' })
    t.equal(status, 0, `${stdout}${stderr}`)
  }
})

t.test('the panels of the dashboard lie side by side, each with a unit and a sentence', async (t) => {
  const ids = new Set(DASHBOARD.panels.map(({ id }) => id))
  t.equal(ids.size, DASHBOARD.panels.length)
  const taken = new Set<string>()
  const covering: string[] = []
  for (const { title, type, description, fieldConfig, gridPos, targets } of DASHBOARD.panels) {
    const { x, y, w, h } = gridPos
    t.ok(x + w <= 24, title)
    for (let column = x; column < x + w; column++)
      for (let line = y; line < y + h; line++) {
        if (taken.has(`${column} ${line}`)) covering.push(title)
        taken.add(`${column} ${line}`)
      }
    if (type === 'row') continue
    t.ok(fieldConfig?.defaults.unit, title)
    t.match(description, /^[A-Z0-9].*\.$/, title)
    t.ok(targets?.length, title)
  }
  t.strictSame(covering, [])
  for (const row of ['Sales', 'Rails', 'Invoice pool', 'Settlement and what is owed', 'Saturation'])
    t.ok(
      DASHBOARD.panels.some(({ type, title }) => type === 'row' && title === row),
      row
    )
})

t.test('Prometheus can read every query of the dashboard', { skip: missing('promtool') }, async (t) => {
  const queries = DASHBOARD.panels.flatMap(({ targets = [] }) => targets.map((target) => queryOf(target, 600, 60)))
  t.ok(queries.length > 30)
  const records = queries.map((query, index) => `  - record: panel:${index}\n    expr: ${JSON.stringify(query)}\n`)
  const folder = t.testdir({ 'queries.yml': `groups:\n- name: dashboard\n  rules:\n${records.join('')}` })
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', join(folder, 'queries.yml')], {
    encoding: 'utf8'
  })
  t.equal(status, 0, `${stdout}${stderr}`)
})

/** The messages of `log.warn`, `log.error` and `log.fatal` in the sources; each is one literal. */
function logLines(): string[] {
  const folders = ['lib', 'plugins', 'routes']
  const paths = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path))
  )
  return ['server.ts', ...paths.filter((path) => path.endsWith('.ts'))].flatMap((path) =>
    [...read(path).matchAll(/\.(?:warn|error|fatal)\(\s*(?:\{[^}]*\},\s*)?'([^']+)'/g)].map(([, line]) => line!)
  )
}

/** A scrape with every metric, as a service shows after sales, rejections and failures of each kind. */
async function scrapeOfEverything(t: Test): Promise<Scrape> {
  const app = await startApp(t, METRICS_ON)
  const { ledger } = app
  await app.listen({ host: '127.0.0.1', port: 0 })
  await fetch(`${app.publicUrl}/v1/health`)
  const body = workout()
  const { invoice, token } = challengeOf(await ask(app, body))
  await ask(app, body, `L402 ${token}:${await pay(app, invoice)}`)
  const claimed = async (proofKey: string) => {
    const outcome = await ledger.claim({
      proofKey,
      rail: 'l402',
      fingerprint: createHash('sha256').update(proofKey).digest('hex'),
      route: PATH,
      amountAtomic: 100_000n,
      asset: 'msat',
      answerKeptUntilMs: Date.now() + 60_000
    })
    if (outcome.kind !== 'claimed') throw new Error(outcome.kind)
    return outcome.claim
  }
  await ledger.keepAsOwed(await claimed('l402:aa'))
  const unknown = await claimed('l402:ab')
  await ledger.beginSettling(unknown, { status: 200, body: '{}' })
  await ledger.leaveUnknown(unknown)
  for (const outcome of ['refused', 'conflict', 'malformed'] as const satisfies readonly ProofOutcome[])
    billingEvents.publish({ kind: 'proof', rail: 'l402', outcome, reason: 'token_forged' })
  billingEvents.publish({ kind: 'not_offered', rail: 'l402', status: 503 })
  for (const [code, status] of [
    ['overloaded', 503],
    ['settlement_pending', 503],
    ['too_many_requests', 429]
  ] as const)
    problemEvents.publish({ code, status })
  const failures = [
    ['lnd', 'addInvoice'],
    ['facilitator', 'settle'],
    ['rpc', 'eth_call'],
    ['price', 'coinbase'],
    ['redis', 'incr']
  ] as const
  for (const [peer, call] of failures)
    await observeCall(peer, call, () => Promise.reject(Object.assign(new Error(), { code: 'timeout' }))).catch(() => {})
  const { text } = await scrape(app)
  // test/x402/scenarios/metrics.test.ts finds these at a service that pays gas.
  return new Scrape(
    `${text}\n${GAS_METRICS.map((name) => `${name} ${name.endsWith('balance_wei') ? 1e18 : 1e9}`).join('\n')}\n`
  )
}

/** Constant series for promtool, for a service that does nothing. */
function seriesOf({ samples }: Scrape): string {
  const up = { name: 'up', labels: {}, value: 1 }
  return [up, ...samples]
    .filter(({ name, value }) => Number.isFinite(value) && !name.includes('_pending_oldest_'))
    .map(({ name, labels, value }) => {
      const all = Object.entries({ ...labels, job: 'power-oracle', instance: 'api-1:9464' })
      const selector = `${name}{${all.map(([label, text]) => `${label}="${text}"`).join(', ')}}`
      return `      - { series: '${selector}', values: '${value}x300' }`
    })
    .join('\n')
}
