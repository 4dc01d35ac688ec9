import { callData } from '../../lib/x402/chain/abi.ts'
import { JsonRpc } from '../../lib/x402/chain/json-rpc.ts'
import { prepareChain, TOKEN } from '../../lib/x402/embedded/embedded-chain.ts'
import type { Hex } from '../../lib/x402/settler.ts'

const RPC_URL = 'http://evm:8545'
const LIMIT_MS = 10_000

export interface EvmChain {
  /** Deploys the token where it is missing. @returns its address */
  prepare(): Promise<Hex>
  /** In atomic units of the token. */
  balanceOf(address: Hex): Promise<bigint>
  close(): Promise<void>
}

/** The development chain of docker-compose.yml. */
export function openChain(): EvmChain {
  const rpc = new JsonRpc(RPC_URL)
  const call = (method: string, ...params: unknown[]) => rpc.call(method, params, AbortSignal.timeout(LIMIT_MS))
  return {
    prepare: () => prepareChain(call),
    balanceOf: async (address) =>
      BigInt(String(await call('eth_call', { to: TOKEN, data: callData('balanceOf(address)', address) }, 'latest'))),
    close: () => rpc.close()
  }
}
