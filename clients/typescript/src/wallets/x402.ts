import { PaymentImpossible } from '../errors.ts'
import type { PaymentOffer, Wallet } from '../wallet.ts'

type Hex = `0x${string}`
type Terms = NonNullable<PaymentOffer['accepts']>[number]

/** The part of a viem account that signs; `privateKeyToAccount(key)` makes one, and so does a browser's wallet. */
export interface X402Account {
  readonly address: Hex
  // biome-ignore lint/suspicious/noExplicitAny: viem types each message by its own types, which are fixed here
  readonly signTypedData: (parameters: any) => Promise<Hex>
}

/** A dollar token that may be spent. */
export interface Asset {
  /** CAIP-2, such as `eip155:8453`. */
  readonly network: string
  readonly asset: string
  /** 6 unless given. */
  readonly decimals?: number
}

export interface X402Options {
  /** Tokens that may be spent beside USDC on Base. */
  readonly assets?: readonly Asset[]
}

/** USDC, as Circle publishes it. */
const USDC: readonly Asset[] = [
  { network: 'eip155:8453', asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' },
  { network: 'eip155:84532', asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e' }
]
const USDC_DECIMALS = 6
const MICRO_USD_DECIMALS = 6

/** EIP-3009. */
const TYPES = {
  TransferWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' }
  ]
} as const

/** x402 version 2, scheme `exact`: any viem account. A transfer is signed, and taken once the answer is there. */
export function x402(account: X402Account, { assets = [] }: X402Options = {}): Wallet {
  const known = [...USDC, ...assets]
  return {
    async pay(offer, { priceMicroUsd }) {
      for (const terms of offer.accepts ?? []) {
        const asset = known.find((one) => isOf(one, terms))
        if (asset === undefined || terms.scheme !== 'exact') continue
        const unit = 10n ** BigInt(asset.decimals ?? USDC_DECIMALS)
        if (BigInt(terms.amount) * 10n ** BigInt(MICRO_USD_DECIMALS) > priceMicroUsd * unit)
          throw new PaymentImpossible(offer, 'The transfer is for more than the price that the offer names.')
        return { headers: { 'payment-signature': await signed(account, offer, terms) } }
      }
      return undefined
    }
  }
}

function isOf({ network, asset }: Asset, terms: Terms): boolean {
  return network === terms.network && asset.toLowerCase() === terms.asset.toLowerCase()
}

async function signed(
  { address: from, signTypedData }: X402Account,
  offer: PaymentOffer,
  terms: Terms
): Promise<string> {
  const { network, asset, amount, payTo: to, maxTimeoutSeconds, extra } = terms
  const validBefore = Math.floor(Date.now() / 1000) + maxTimeoutSeconds
  const nonce = hex(crypto.getRandomValues(new Uint8Array(32)))
  const signature = await signTypedData({
    domain: { ...extra, chainId: Number(network.split(':')[1]), verifyingContract: asset },
    types: TYPES,
    primaryType: 'TransferWithAuthorization',
    message: { from, to, value: BigInt(amount), validAfter: 0n, validBefore: BigInt(validBefore), nonce }
  })
  const authorization = { from, to, value: amount, validAfter: '0', validBefore: String(validBefore), nonce }
  const { resource, extensions } = offer
  return base64({ x402Version: 2, resource, accepted: terms, payload: { signature, authorization }, extensions })
}

function hex(bytes: Uint8Array): Hex {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

function base64(value: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
