/** A service that sells in dollars alone: its documents show no other purchase, and theirs is one. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { ROOT } from '../../runner/joined.ts'
import { NODE } from '../../support/program.ts'
import { ServiceProcess } from '../../support/service-process.ts'
import { until } from '../../support/until.ts'
import { noAnvil } from '../../support/x402/chain.ts'

const run = promisify(execFile)

t.test('the sample of /llms.txt buys an answer in dollars', { skip: noAnvil }, async (t) => {
  const folder = t.testdir()
  const service = new ServiceProcess({
    environment: { PORT: '0', LIGHTNING: 'off', X402: 'embedded', DATABASE_URL: `sqlite:${folder}/oracle.db` },
    logPath: join(folder, 'log')
  })
  t.teardown(() => service.stop())
  await service.start()
  const textAt = async (path: string) => (await fetch(service.url + path, { headers: { accept: 'text/html' } })).text()
  await until('its chain', async () => (await fetch(`${service.url}/dev/x402`)).ok)

  const text = await until('llms.txt', async () => {
    const answer = await textAt('/llms.txt')
    return answer.includes('# Power Oracle') ? answer : undefined
  })
  t.match(text, 'paid per request in dollars (x402).')
  t.notMatch(text, /L402|lightning/i)
  const sample = /```typescript\n([\s\S]*?)```/.exec(text)![1]!
  const file = join(folder, 'sample.mts')
  writeFileSync(file, sample)
  const { stdout } = await run(NODE[0], [...NODE.slice(1), '--import', 'tsx', file], { cwd: ROOT })
  t.match(stdout, /value: [\d.]+[\s\S]+unit: 'J'[\s\S]+uncertainty/, 'an answer came')
})
