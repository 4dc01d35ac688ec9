/** What operators read is about figures that there are, and about alerts that there are. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { queryOf } from '../../ops/images/dashboard/dashboard.ts'
import { ROOT } from '../runner/joined.ts'
import { DASHBOARD } from '../support/dashboard.ts'
import { missing } from '../support/program.ts'

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

t.test('rules, runbook and dashboard name figures that the program has', async (t) => {
  const known = figures()
  t.ok(known.size > 20)
  const dashboard = read('ops/grafana/power-oracle.json')
  for (const [path, text] of Object.entries({ rules, runbook, dashboard }))
    for (const [name] of text.matchAll(/\bpower_oracle_\w+/g))
      t.ok(known.has(name.replace(/_(bucket|count|sum)$/, '')), `${path}: ${name}`)
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

/** Every name under which the sources tell a figure. */
function figures(): ReadonlySet<string> {
  const names = new Set<string>()
  for (const folder of ['lib', 'plugins'])
    for (const path of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts')) continue
      const text = read(join(folder, path))
      if (!/[Mm]easure|PREFIX/.test(text)) continue
      for (const [, name] of text.matchAll(/name: (?:'|`\$\{PREFIX\})([a-z_]+)['`]/g)) names.add(`power_oracle_${name}`)
    }
  return names
}
