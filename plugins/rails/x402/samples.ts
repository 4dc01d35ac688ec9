import type { Sample } from '../../../lib/docs/html/code.ts'
import type { SampleService } from '../../../lib/docs/rail-docs.ts'

/**
 * Buys an answer in dollars with the protocol's own client.
 * @param workout the body of the request, as JSON
 */
export function dollarSample({ publicUrl, hasDevelopmentWallet }: SampleService, workout: string): Sample {
  const wallet = hasDevelopmentWallet
    ? `const { payer, network, asset } = await (await fetch(\`\${url}/dev/x402\`)).json()
const account = privateKeyToAccount(payer.private_key)
const allowedAssets = [{ network, asset, maxAmountPerPayment: '100000' }]`
    : `const account = privateKeyToAccount(process.env.PAYER_KEY as \`0x\${string}\`)
const allowedAssets = [] // none besides those that the client knows, such as USDC on Base`
  return {
    language: 'TypeScript',
    code: `import { ExactEvmScheme } from '@x402/evm/exact/client'
import { wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import { privateKeyToAccount } from 'viem/accounts'

const url = '${publicUrl}'
const workout = ${workout}
${wallet}
const fetchWithPayment = wrapFetchWithPaymentFromConfig(fetch, {
  schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(account) }],
  spendControls: { maxAmountPerPayment: '$0.10', allowedAssets }
})

const response = await fetchWithPayment(\`\${url}/v1/compute-power\`, {
  method: 'POST',
  // The key lets a lost answer be fetched again.
  headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
  body: JSON.stringify(workout)
})
if (!response.ok) throw new Error(await response.text())
const { results } = await response.json()
console.log(results.session.total_work)
`
  }
}
