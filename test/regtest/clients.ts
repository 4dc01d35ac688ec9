/** Two L402 clients from npm, used as their manuals say; the wallet behind them is the payer's LND. */
import { createRequire } from 'node:module'
import type { Store, setupL402Interceptor, Wallet } from 'l402'
import { JSON_HEADERS } from './service.ts'

export interface Bought {
  readonly status: number
  readonly text: string
  /** What the client sent as `Authorization`. */
  readonly proof: string
}

type Pay = (invoice: string) => Promise<string>

// TypeScript does not find the types of @getalby/lightning-tools because of the order of its `exports`.
interface LightningTools {
  fetch402: FetchPaid
  fetchWithL402: FetchPaid
}
type FetchPaid = (url: string, init: RequestInit, options: ToolsOptions) => Promise<ToolsResponse>
interface ToolsOptions {
  wallet: { payInvoice(args: { invoice: string }): Promise<{ preimage: string }> }
}
type ToolsResponse = Response & { payment?: { paid: boolean; credentials: { value: string } } }

/** Buys with `fetch402` or `fetchWithL402` of @getalby/lightning-tools. */
export async function buyWithLightningTools(
  entry: keyof LightningTools,
  url: string,
  body: string,
  pay: Pay
): Promise<Bought> {
  const name: string = '@getalby/lightning-tools/402'
  const tools: LightningTools = await import(name)
  const wallet = { payInvoice: async ({ invoice }: { invoice: string }) => ({ preimage: await pay(invoice) }) }
  const response = await tools[entry](url, { method: 'POST', headers: JSON_HEADERS, body }, { wallet })
  return { status: response.status, text: await response.text(), proof: response.payment?.credentials.value ?? '' }
}

// The module format and the transport are the package's own: its axios, not one that happens to be there.
const require = createRequire(import.meta.url)
const { default: axios } = createRequire(require.resolve('l402'))('axios')
const l402: {
  MemoryTokenStore: new () => Store
  PaymentResult: new (preimage: string, success: boolean) => Awaited<ReturnType<Wallet['payInvoice']>>
  setupL402Interceptor: typeof setupL402Interceptor
} = require('l402')

/** Buys with the axios interceptor of npm `l402`. */
export async function buyWithL402(url: string, body: string, pay: Pay): Promise<Bought> {
  const instance = axios.create({ transformResponse: [(text: string) => text] })
  const store = new l402.MemoryTokenStore()
  const wallet: Wallet = { payInvoice: async (invoice) => new l402.PaymentResult(await pay(invoice), true) }
  l402.setupL402Interceptor(instance, wallet, store)
  const response = await instance.post(url, body, { headers: JSON_HEADERS })
  return { status: response.status, text: response.data, proof: store.get(url, 'POST') ?? '' }
}
