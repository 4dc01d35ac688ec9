import { isHex, members, word } from '../chain/abi.ts'
import { JsonRpc } from '../chain/json-rpc.ts'
import type { Hex } from '../settler.ts'
import { NoAnvil, startAnvil } from './anvil.ts'
import token from './contracts/DevelopmentDollar.json' with { type: 'json' }
import multicall from './contracts/TryAggregate.json' with { type: 'json' }

/** Account 0 pays the gas and settles. */
export const SETTLER = {
  address: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
  key: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
} as const

/** Account 1 holds the tokens. */
export const PAYER = {
  address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  key: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
} as const

/** Account 2 is paid. */
export const PAY_TO = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc'

/** Address of the token: that of account 0's first deployment. */
export const TOKEN = '0x5fbdb2315678afecb367f032d93f642f64180aa3'

/** Address of Multicall3 on every public chain. */
const MULTICALL3 = '0xca11bde05977b3631167028862be2a173976ca11'
/** 1,000 tokens of 6 decimals. */
const PAYER_FUNDS_ATOMIC = 1_000_000_000n
const CALL_LIMIT_MS = 10_000

/** A chain for development, with a USDC-like token and a funded payer. */
export interface EmbeddedChain {
  readonly rpcUrl: string
  readonly network: 'eip155:31337'
  /** The token: 6 decimals, EIP-712 domain `USD Coin`, `2`. */
  readonly asset: Hex
  readonly payTo: Hex
  readonly payerAddress: Hex
  readonly payerKey: Hex
  readonly settlerKey: Hex
  /** Settles when the chain has ended, for any reason. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/**
 * Starts anvil, deploys the token and funds the payer; 0.1 s. The chain lives in memory and ends with this process.
 * @throws NoAnvil with the reason if it cannot run
 */
export async function startEmbeddedChain(): Promise<EmbeddedChain> {
  const { rpcUrl, ended, stop } = await startAnvil()
  const rpc = new JsonRpc(rpcUrl)
  try {
    const call = (method: string, ...params: unknown[]) => rpc.call(method, params, AbortSignal.timeout(CALL_LIMIT_MS))
    await call('anvil_setLoggingEnabled', false)
    const asset = await prepareChain(call)
    const { address: payerAddress, key: payerKey } = PAYER
    const settlerKey = SETTLER.key
    return { rpcUrl, network: 'eip155:31337', asset, payTo: PAY_TO, payerAddress, payerKey, settlerKey, ended, stop }
  } catch (error) {
    await stop()
    throw new NoAnvil('anvil gives an unexpected response', { cause: error })
  } finally {
    await rpc.close()
  }
}

type Call = (method: string, ...params: unknown[]) => Promise<unknown>

/**
 * Deploys Multicall3 and the development token on an anvil chain, unless it has them.
 * @returns the token's address
 */
export async function prepareChain(call: Call): Promise<Hex> {
  if (await hasCode(call, TOKEN)) return TOKEN
  await call('anvil_setCode', MULTICALL3, multicall.deployedBytecode)
  return deployToken(call)
}

async function hasCode(call: Call, address: Hex): Promise<boolean> {
  return (await call('eth_getCode', address, 'latest')) !== '0x'
}

/** Deployed by anvil's unlocked account 0 as its first transaction, so that the address is always the same. */
async function deployToken(call: Call): Promise<Hex> {
  const args = [PAYER.address, PAYER_FUNDS_ATOMIC].map((value) => word(value).slice(2))
  const transaction = { from: SETTLER.address, data: token.bytecode + args.join('') }
  const hash = await call('eth_sendTransaction', transaction)
  // Instant mining is not synchronous: this block follows the transaction.
  await call('evm_mine')
  const receipt = await call('eth_getTransactionReceipt', hash)
  const { contractAddress } = members(receipt)
  if (!isHex(contractAddress)) throw new Error('the development token could not be deployed')
  return contractAddress
}
