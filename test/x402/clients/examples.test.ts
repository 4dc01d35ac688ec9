/** The examples, run as a stranger would against a development service. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { callData } from '../../../lib/x402/chain/abi.ts'
import type { DevelopmentChain } from '../../../lib/x402/x402-schemas.ts'
import { computePowerExample } from '../../../schemas/compute-power.ts'
import { missing } from '../../support/program.ts'
import { startApp } from '../../support/purchase.ts'
import { until } from '../../support/until.ts'
import { noAnvil } from '../../support/x402/chain.ts'
import { noPython, python, run } from './python.ts'

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'examples')
const TYPESCRIPT = [process.execPath, '--import', import.meta.resolve('tsx')]

const EXAMPLES: [file: string, command: readonly string[], rail: 'x402' | 'l402', skip: string | false][] = [
  ['x402-fetch.ts', TYPESCRIPT, 'x402', noAnvil],
  ['x402_python.py', [python], 'x402', noAnvil || noPython],
  ['l402-lightning-tools.ts', TYPESCRIPT, 'l402', false],
  ['curl.sh', ['sh'], 'l402', missing('curl')]
]

t.test('each example buys one answer', async (t) => {
  const database = `${t.testdir()}/oracle.db`
  const app = await startApp(t, { DATABASE_URL: `sqlite:${database}`, ...(!noAnvil && { X402: 'embedded' }) })
  await app.listen({ host: '127.0.0.1', port: 0 })
  for (const [file, [command = '', ...args], rail, skip] of EXAMPLES)
    await t.test(file, { skip }, async (t) => {
      const chain = rail === 'x402' ? await developmentChain(app) : undefined
      const before = { sold: sold(database), paid: await paid(chain) }
      const said = await run(command, [...args, join(FOLDER, file), app.publicUrl])
      t.match(said, /total.work/, said)
      t.strictSame(minus(sold(database), before.sold), { x402: 0, l402: 0, [rail]: 1 }, 'one payment in the books')
      if (chain) t.equal((await paid(chain)) - before.paid, 100_000n, 'exactly the price')
    })
  const workout = JSON.parse(readFileSync(join(FOLDER, 'workout.json'), 'utf8'))
  t.strictSame(workout, computePowerExample, 'what they ask is the published example')
})

t.test('the demo sells over each rail', { skip: noAnvil }, async (t) => {
  const said = await run(process.execPath, [...TYPESCRIPT.slice(1), join(FOLDER, 'demo.ts')])
  for (const line of [/paid \d+ sats/, /paid 0\.10 of the development dollar/, /Every step was as it should be/])
    t.match(said, line)
  t.notMatch(said, /left out/)
})

/** The chain needs a moment to start. */
async function developmentChain(app: FastifyInstance): Promise<DevelopmentChain> {
  const get = () => app.inject('/dev/x402')
  await until('the development chain runs', async () => (await get()).statusCode === 200)
  return (await get()).json()
}

async function paid(chain: DevelopmentChain | undefined): Promise<bigint> {
  if (chain === undefined) return 0n
  const call = { to: chain.asset, data: callData('balanceOf(address)', chain.pay_to as `0x${string}`) }
  const answer = await fetch(chain.rpc_url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_call', params: [call, 'latest'] })
  })
  return BigInt(((await answer.json()) as { result: string }).result)
}

interface Sold {
  readonly x402: number
  readonly l402: number
}

function sold(path: string): Sold {
  const database = new DatabaseSync(path, { readOnly: true })
  const count = (rail: string) =>
    Number(database.prepare("SELECT count(*) AS n FROM payments WHERE rail = ? AND state = 'captured'").get(rail)?.n)
  const counts = { x402: count('x402'), l402: count('l402') }
  database.close()
  return counts
}

function minus(left: Sold, right: Sold): Sold {
  return { x402: left.x402 - right.x402, l402: left.l402 - right.l402 }
}
