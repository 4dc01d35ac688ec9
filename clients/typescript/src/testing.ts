/** For the tests of programs that buy: play money of a development service, and a service that is made up. */
import type { ComputePowerAnswer, PaymentRequired } from './schemas.ts'
import type { Wallet } from './wallet.ts'
import { lightning } from './wallets/lightning.ts'
import type { Asset } from './wallets/x402.ts'

/** The Lightning wallet of a development service (`npm start`), which pays any invoice of its own. */
export function developmentWallet(baseUrl: string, fetch = globalThis.fetch): Wallet {
  return lightning(async (invoice) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${baseUrl}/dev/lightning/pay`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ invoice })
    })
    if (!response.ok) throw new Error(`not paid: ${response.status} ${await response.text()}`)
    return (await response.json()) as { preimage: string }
  })
}

/** The funded payer of a development service: a key for viem's `privateKeyToAccount`, and the token that it holds. */
export async function developmentPayer(
  baseUrl: string,
  fetch = globalThis.fetch
): Promise<{ readonly privateKey: `0x${string}`; readonly assets: readonly Asset[] }> {
  const response = await fetch(`${baseUrl}/dev/x402`)
  if (!response.ok) throw new Error(`no development chain: ${response.status} ${await response.text()}`)
  const chain = (await response.json()) as Asset & { payer: { private_key: `0x${string}` } }
  return { privateKey: chain.payer.private_key, assets: [{ network: chain.network, asset: chain.asset }] }
}

/** What a made-up service does. */
export interface FakeOptions {
  readonly answer: ComputePowerAnswer
  /** `0.10` unless given. */
  readonly priceUsd?: string
  /** How many paid requests lose their connection before one is answered. */
  readonly lost?: number
}

/** A service that is made up, with a wallet that pays it: no network, no money. */
export interface FakeService {
  readonly fetch: typeof globalThis.fetch
  readonly wallet: Wallet
  /** How often the wallet has paid. */
  readonly payments: () => number
}

export function fakeService({ answer, priceUsd = '0.10', lost = 0 }: FakeOptions): FakeService {
  let payments = 0
  let left = lost
  const wallet: Wallet = {
    async pay() {
      payments++
      return { headers: { authorization: `L402 fake:${payments}` } }
    }
  }
  const offer: PaymentRequired = {
    type: 'about:blank',
    title: 'Payment Required',
    status: 402,
    detail: 'Payment required',
    code: 'payment_required',
    retryable: true,
    price_usd: priceUsd
  }
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    if (!new Headers(init?.headers).has('authorization')) return Response.json(offer, { status: 402 })
    if (left-- > 0) throw new TypeError('the connection was lost')
    return Response.json(answer)
  }
  return { fetch, wallet, payments: () => payments }
}
