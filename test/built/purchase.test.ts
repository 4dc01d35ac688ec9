import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import t from 'tap'
import { privateKeyToAccount } from 'viem/accounts'
import type { DevelopmentChain } from '../../lib/x402/x402-schemas.ts'
import { computePowerExample } from '../../schemas/compute-power.ts'
import { noAnvil } from '../support/x402/chain.ts'

const BUNDLE = join(import.meta.dirname, '../../dist/bundle/server.mjs')

t.test('what npm run build makes sells both ways, and keeps records', { skip: noAnvil }, async (t) => {
  const env = { PATH: process.env.PATH, PORT: '0', DATABASE_URL: `sqlite:${t.testdir()}/oracle.db` }
  const child = spawn(process.execPath, [BUNDLE], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  let url = ''
  for await (const chunk of child.stdout) {
    url = /listens on (http:\S+),/.exec(String(chunk))?.[1] ?? ''
    if (url !== '') break
  }
  const get = (path: string) => fetch(url + path)
  const body = JSON.stringify(computePowerExample)
  const post = (path: string, text: string, headers = {}) =>
    fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text })

  const offer = (await (await post('/v1/compute-power', body)).json()) as { invoice: string; macaroon: string }
  const paid = await post('/dev/lightning/pay', JSON.stringify({ invoice: offer.invoice }))
  const { preimage } = (await paid.json()) as { preimage: string }
  const sold = await post('/v1/compute-power', body, { authorization: `L402 ${offer.macaroon}:${preimage}` })
  t.equal(sold.status, 200, 'over Lightning')

  while ((await get('/dev/x402')).status === 503) await sleep(100)
  const chain = (await (await get('/dev/x402')).json()) as DevelopmentChain
  const network = chain.network as `eip155:${number}`
  const account = privateKeyToAccount(chain.payer.private_key as `0x${string}`)
  const pay = wrapFetchWithPaymentFromConfig(fetch, {
    schemes: [{ network, client: new ExactEvmScheme(account) }],
    spendControls: { allowedAssets: [{ network, asset: chain.asset }] }
  })
  const headers = { 'content-type': 'application/json' }
  t.equal((await pay(`${url}/v1/compute-power`, { method: 'POST', headers, body })).status, 200, 'in dollars')

  const list = await get(`/v1/athletes/${computePowerExample.athlete_uuid}/workouts`)
  t.equal(((await list.json()) as { workouts: unknown[] }).workouts.length, 2)
  for (const path of ['/openapi.json', '/docs', '/llms.txt', '/.well-known/x402', '/v1/movements'])
    t.equal((await get(path)).status, 200, path)

  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  t.equal(code, 0, 'it stops when told')
})
