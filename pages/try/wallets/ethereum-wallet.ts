import type { Offer } from '../purchase/offer.ts'
import type { Pay } from '../purchase/purchase.ts'
import { chainIdOf, dollarProof, termsOf } from './transfer.ts'

/** A wallet in the page (EIP-1193). */
export interface Ethereum {
  readonly request: (call: { readonly method: string; readonly params?: readonly unknown[] }) => Promise<unknown>
}

/** EIP-1193 and EIP-3326. */
const DECLINED = 4001
const UNKNOWN_CHAIN = 4902

const DOMAIN_FIELDS = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' }
]

/**
 * Pays in dollars with an EVM wallet in this browser: it signs, and pays no gas. Nothing is paid before the signature is
 * sent, so whatever comes after an aborted wait is dropped.
 */
export function payWithEthereum(wallet: Ethereum): Pay {
  return async (offer, signal) => {
    const ask: Ask = async (method, ...params) => {
      const answer = await wallet.request({ method, params }).catch((error: unknown) => {
        throw codeOf(error) === DECLINED ? new Error('it was declined in the wallet.') : error
      })
      signal.throwIfAborted()
      return answer
    }
    const accounts = await ask('eth_requestAccounts')
    const from: unknown = Array.isArray(accounts) ? accounts[0] : undefined
    if (typeof from !== 'string') throw new Error('it shows no account.')
    await switchNetwork(ask, offer)
    return dollarProof(offer, from, async ({ domain, types, primaryType, message }) => {
      const all = { EIP712Domain: DOMAIN_FIELDS, ...types }
      const typed = JSON.stringify({ domain, types: all, primaryType, message })
      const signature = await ask('eth_signTypedData_v4', from, typed)
      if (typeof signature !== 'string' || !/^0x[0-9a-f]+$/i.test(signature)) throw new Error('it gave no signature.')
      return signature
    })
  }
}

type Ask = (method: string, ...params: readonly unknown[]) => Promise<unknown>

/** Wallets sign for the network that they are on alone. */
async function switchNetwork(ask: Ask, offer: Offer): Promise<void> {
  const terms = termsOf(offer)
  const wanted = chainIdOf(terms)
  if (Number(await ask('eth_chainId')) === wanted) return
  try {
    await ask('wallet_switchEthereumChain', { chainId: `0x${wanted.toString(16)}` })
  } catch (error) {
    if (codeOf(error) !== UNKNOWN_CHAIN) throw error
    throw new Error(`it does not know the network ${terms.network}. Add the network there, and pay again.`)
  }
  if (Number(await ask('eth_chainId')) !== wanted)
    throw new Error(`it is not on the network ${terms.network}. Switch it there, and pay again.`)
}

/** Wallets throw what they like; some put the code that counts into a cause. */
function codeOf(error: unknown): unknown {
  const { code, data } = (error ?? {}) as { code?: unknown; data?: { originalError?: { code?: unknown } } }
  return data?.originalError?.code ?? code
}
