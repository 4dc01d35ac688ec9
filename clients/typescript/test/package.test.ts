import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startService } from './service.ts'

const CLIENT = join(import.meta.dirname, '..')
const PAY = `async (invoice: string) => {
  const body = JSON.stringify({ invoice })
  const headers = { 'content-type': 'application/json' }
  return (await fetch(BASE_URL + '/dev/lightning/pay', { method: 'POST', headers, body })).json()
}`

test('the packed client installs in a fresh project, and the lines of the README buy an answer', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fresh-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const [packed] = JSON.parse(run('npm', 'pack', CLIENT, '--json')) as { filename: string; files: { path: string }[] }[]
  assert.ok(packed?.files.every(({ path }) => path.startsWith('dist/') || ['package.json', 'README.md'].includes(path)))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  run('npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', packed!.filename)
  const listed = JSON.parse(run('npm', 'ls', '--all', '--json')) as { dependencies: Record<string, object> }
  assert.deepEqual(Object.keys(listed.dependencies), ['power-oracle-client'], 'no dependency')

  const service = await startService()
  t.after(() => service.stop())
  const [, sample = ''] =
    /```ts\n(import \{ lightning[^`]*)```/.exec(readFileSync(join(CLIENT, 'README.md'), 'utf8')) ?? []
  assert.ok(sample.split('\n').length <= 14, 'ten lines, the import and the braces')
  const program = sample
    .replace("'https://power.example'", 'BASE_URL')
    .replace(
      "power-oracle-client'\n",
      `power-oracle-client'\nconst BASE_URL = '${service.url}'\nconst payInvoice = ${PAY}\n`
    )
  writeFileSync(join(folder, 'buy.ts'), program)
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['buy.ts'] }))
  run('node', join(CLIENT, 'node_modules', 'typescript', 'bin', 'tsc'))
  const printed = run('node', 'buy.js')
  assert.match(printed, /value: \d+.*unit: 'W'/s)
  t.diagnostic(`a fresh project printed ${printed.trim()}`)
})
