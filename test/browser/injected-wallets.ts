/**
 * Wallets as extensions put them into a page. What they decide happens here, in Node: WebLN pays with the development
 * wallet's route, EIP-1193 signs with viem and the funded key of the development chain.
 */
import type { Page } from 'playwright-core'
import { privateKeyToAccount } from 'viem/accounts'

/** What a wallet does with one call: its result, or what it throws. */
type Reply = { readonly result: unknown } | { readonly error: unknown }

/** A call that somebody may yet decide on, for a wallet that answers late or never. */
export class Held {
  readonly release: () => void
  readonly released: Promise<void>

  constructor() {
    let release = () => {}
    this.released = new Promise((resolve) => {
      release = resolve
    })
    this.release = release
  }
}

export interface WebLnBehaviour {
  enable: () => Promise<void>
  pay: (invoice: string) => Promise<unknown>
}

/** Puts `window.webln` into a page. */
export async function injectWebLn(page: Page, behaviour: WebLnBehaviour): Promise<void> {
  await page.exposeFunction('weblnEnable', () => reply(behaviour.enable()))
  await page.exposeFunction('weblnPay', (invoice: string) => reply(behaviour.pay(invoice)))
  await page.addInitScript(`{
    const settled = async (reply) => {
      const { result, error } = await reply
      if (error !== undefined) throw new Error(error.message)
      return result
    }
    window.webln = {
      enable: () => settled(weblnEnable()),
      sendPayment: (invoice) => settled(weblnPay(invoice))
    }
  }`)
}

/** Pays an invoice with the development wallet of the service. */
export async function developmentPay(url: string, invoice: string): Promise<{ preimage: string }> {
  const response = await fetch(`${url}/dev/lightning/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ invoice })
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as { preimage: string }
}

export interface EthereumBehaviour {
  /** The network that the wallet is on. */
  chainId: number
  /** Networks that it can switch to. */
  readonly known: Set<number>
  /** Is asked before each call; throws to refuse, waits to be late. */
  before: (method: string) => Promise<void> | void
  /** Every method that was called. */
  readonly calls: string[]
}

interface Announced {
  readonly name: string
  readonly behaviour: EthereumBehaviour
}

/** A wallet on the network of Ethereum, which knows the development chain. */
export function ethereumWallet(developmentChainId: number): EthereumBehaviour {
  return { chainId: 1, known: new Set([1, developmentChainId]), before: () => {}, calls: [] }
}

/** Puts EVM wallets into a page: announced by EIP-6963, or a single one at `window.ethereum`. */
export async function injectEthereum(
  page: Page,
  url: string,
  wallets: readonly Announced[] | Announced
): Promise<void> {
  const { payer } = (await (await fetch(`${url}/dev/x402`)).json()) as { payer: { private_key: `0x${string}` } }
  const account = privateKeyToAccount(payer.private_key)
  const list = [wallets].flat()
  await page.exposeFunction('ethereumCall', (index: number, call: { method: string; params: unknown[] }) =>
    reply(answer(list[index]!.behaviour, account, call))
  )
  await page.addInitScript(`{
    const provider = (index) => ({
      request: async (call) => {
        const { result, error } = await ethereumCall(index, call)
        if (error !== undefined) throw error
        return result
      }
    })
    const names = ${JSON.stringify(list.map(({ name }) => name))}
    ${
      Array.isArray(wallets)
        ? `const announce = () => names.forEach((name, index) => {
      const detail = Object.freeze({ info: { uuid: 'wallet-' + index, name, icon: '', rdns: 'example.wallet' + index }, provider: provider(index) })
      window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
    })
    window.addEventListener('eip6963:requestProvider', announce)
    announce()`
        : 'window.ethereum = provider(0)'
    }
  }`)
}

type Account = ReturnType<typeof privateKeyToAccount>

async function answer(
  behaviour: EthereumBehaviour,
  account: Account,
  { method, params }: { method: string; params: unknown[] }
): Promise<unknown> {
  behaviour.calls.push(method)
  await behaviour.before(method)
  switch (method) {
    case 'eth_requestAccounts':
      return [account.address]
    case 'eth_chainId':
      return `0x${behaviour.chainId.toString(16)}`
    case 'wallet_switchEthereumChain': {
      const [{ chainId }] = params as [{ chainId: string }]
      if (!behaviour.known.has(Number(chainId))) throw { code: 4902, message: 'Unrecognized chain ID.' }
      behaviour.chainId = Number(chainId)
      return null
    }
    case 'eth_signTypedData_v4': {
      const [from, text] = params as [string, string]
      const { types, domain, primaryType, message } = JSON.parse(text)
      if (from !== account.address) throw { code: 4100, message: 'Not this account.' }
      if (domain.chainId !== behaviour.chainId) throw { code: -32602, message: 'The wallet is on another chain.' }
      const { EIP712Domain: _, ...own } = types
      return account.signTypedData({ types: own, domain, primaryType, message })
    }
    default:
      throw { code: 4200, message: `${method} is not supported.` }
  }
}

/** Errors do not cross into a page: they travel as plain objects. */
async function reply(work: Promise<unknown>): Promise<Reply> {
  try {
    return { result: await work }
  } catch (error) {
    const { code, message } = error as { code?: number; message: string }
    return { error: { ...(code !== undefined && { code }), message } }
  }
}
