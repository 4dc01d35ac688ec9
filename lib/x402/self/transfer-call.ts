import { isQuantity, quantity } from '../chain/abi.ts'
import { NodeRefusal, NodeUnreachable, type Rpc } from '../chain/json-rpc.ts'
import type { Hex, Payment } from '../settler.ts'
import { MAX_GAS } from './scheme-verifier.ts'

/** A call of a contract. */
export interface Call {
  readonly to: Hex
  readonly data: Hex
}

/**
 * The token call that settles a payment. A key's signature is passed as v, r and s, which every EIP-3009 token accepts;
 * a wallet contract's as bytes, without the wrapper for undeployed wallets (ERC-6492).
 */
export async function transferCall(payment: Payment): Promise<Call> {
  const to = payment.terms.asset
  const { encodeFunctionData, parseAbi, parseErc6492Signature } = await import('viem/utils')
  const head = 'address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce'
  const { from, to: payee, value, validAfter, validBefore, nonce } = payment
  const args = [from, payee, value, validAfter, validBefore, nonce] as const
  const { signature } = parseErc6492Signature(payment.signature)
  if (signature.length !== 132) {
    const abi = parseAbi([`function transferWithAuthorization(${head}, bytes signature)`])
    return { to, data: encodeFunctionData({ abi, args: [...args, signature] }) }
  }
  const part = (start: number, end?: number): Hex => `0x${signature.slice(start, end)}`
  const parity = Number(part(130))
  const abi = parseAbi([`function transferWithAuthorization(${head}, uint8 v, bytes32 r, bytes32 s)`])
  const split = [parity < 27 ? 27 + parity : parity, part(2, 66), part(66, 130)] as const
  return { to, data: encodeFunctionData({ abi, args: [...args, ...split] }) }
}

/** The gas limit of a call that would succeed now; undefined if it would fail or use too much. */
export async function gasLimit(
  rpc: Rpc,
  call: Call & { readonly from: Hex | undefined },
  signal: AbortSignal
): Promise<bigint | undefined> {
  try {
    const estimate = await rpc.call('eth_estimateGas', [{ ...call, gas: quantity(MAX_GAS) }, 'latest'], signal)
    if (!isQuantity(estimate)) throw new NodeUnreachable('the node reports no gas estimate')
    const roomy = (BigInt(estimate) * 6n) / 5n
    return roomy < MAX_GAS ? roomy : MAX_GAS
  } catch (error) {
    if (error instanceof NodeRefusal && error.failedOnChain) return undefined
    throw error
  }
}
