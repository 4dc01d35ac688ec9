/**
 * Buys an answer in dollars (USDC on Base), as any program would that knows x402:
 *
 *   PAYER_KEY=0x… node --import tsx examples/x402-fetch.ts https://power.example
 *
 * Without a key it pays a development service (`npm start`) with that one's play money.
 */
import { readFileSync } from 'node:fs'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { decodePaymentResponseHeader, wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

const url = process.argv[2] ?? 'http://127.0.0.1:3000'
const { account, allowedAssets } = await wallet(process.env.PAYER_KEY)
const fetchWithPayment = wrapFetchWithPaymentFromConfig(fetch, {
  schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(account) }],
  // Clients pay in known dollar tokens; any other token must be named.
  spendControls: { maxAmountPerPayment: '$0.10', allowedAssets }
})

const response = await fetchWithPayment(`${url}/v1/compute-power`, {
  method: 'POST',
  // The key fetches the answer again after a lost connection, with this payment or one that was signed anew.
  headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
  body: readFileSync(new URL('workout.json', import.meta.url))
})
if (!response.ok) throw new Error(`not bought: ${response.status} ${await response.text()}`)
const { results } = (await response.json()) as { results: { session: { total_work: { value: number } } } }
const { transaction } = decodePaymentResponseHeader(response.headers.get('payment-response') ?? '')
console.log(`total work: ${results.session.total_work.value} J, paid by ${transaction}`)

async function wallet(key: string | undefined): Promise<{ account: PrivateKeyAccount; allowedAssets: Asset[] }> {
  if (key !== undefined) return { account: privateKeyToAccount(key as `0x${string}`), allowedAssets: [] }
  const development = await (await fetch(`${url}/dev/x402`)).json()
  const { payer, network, asset } = development as { payer: { private_key: `0x${string}` } } & Asset
  const allowedAssets = [{ network, asset, maxAmountPerPayment: '100000' }]
  return { account: privateKeyToAccount(payer.private_key), allowedAssets }
}
type Asset = { network: `${string}:${string}`; asset: string; maxAmountPerPayment: string }
