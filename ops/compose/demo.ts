import assert from 'node:assert/strict'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { decodePaymentResponseHeader, wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import { privateKeyToAccount } from 'viem/accounts'
import { answerTable } from '../../examples/answer-table.ts'
import { PAYER, TOKEN } from '../../lib/x402/embedded/embedded-chain.ts'
import { type ComputePowerAnswer, computePowerExample } from '../../schemas/compute-power.ts'
import type { PaymentRequirements } from '../../schemas/payment-requirements.ts'
import { openNode } from './lnd.ts'
import { payInvoice } from './pay.ts'
import { say } from './say.ts'
import { until } from './until.ts'

// TypeScript does not find its types because of the order of its `exports`.
const { fetchWithL402 } = await import('@getalby/lightning-tools/402' as string)

const NETWORK = 'eip155:31337'

/** One of its own for each client: they add their proof to the headers that they are given. */
const order = () => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(computePowerExample)
})

/** Buys one answer over each rail with clients that others wrote, and prints both. */
export async function demo(url = 'http://127.0.0.1:3000'): Promise<void> {
  const endpoint = `${url}/v1/compute-power`
  await until('both rails to sell', () => sells(url))
  say('\n1. Over Lightning: an LND node pays the invoice of another one')
  const payer = await openNode('lnd-payer')
  const wallet = {
    payInvoice: async ({ invoice }: { invoice: string }) => {
      const preimage = await payInvoice(payer, invoice)
      say(`   invoice  ${invoice.slice(0, 40)}…\n   paid`)
      return { preimage }
    }
  }
  say(answerTable(await answerOf(await fetchWithL402(endpoint, order(), { wallet }))))

  say('2. In dollars: a signed transfer, settled on the development chain')
  const pay = wrapFetchWithPaymentFromConfig(fetch, {
    schemes: [{ network: NETWORK, client: new ExactEvmScheme(privateKeyToAccount(PAYER.key)) }],
    // Clients spend unknown tokens only if configured.
    spendControls: { allowedAssets: [{ network: NETWORK, asset: TOKEN }] }
  })
  const paid = await pay(endpoint, order())
  const answer = await answerOf(paid)
  const { transaction } = decodePaymentResponseHeader(paid.headers.get('payment-response') ?? '')
  say(`   transaction ${transaction}`)
  say(answerTable(answer))
  say('One purchase over each rail.')
}

async function sells(url: string): Promise<boolean> {
  const response = await fetch(`${url}/v1/payment-requirements`)
  const { rails } = (await response.json()) as PaymentRequirements
  return Object.values(rails).every(({ status }) => status === 'ok')
}

async function answerOf(response: Response): Promise<ComputePowerAnswer> {
  const text = await response.text()
  assert.equal(response.status, 200, text)
  return JSON.parse(text) as ComputePowerAnswer
}
