import type { FacilitatorEvmSigner } from '@x402/evm'
import { isHex, quantity } from '../chain/abi.ts'
import { NodeRefusal, NodeUnreachable, type Rpc } from '../chain/json-rpc.ts'
import { invalidReason } from '../facilitator/reasons.ts'
import type { Hex, Payment, Verdict } from '../settler.ts'
import { requirementsOf } from '../terms.ts'
import type { ContractCodes } from './contract-codes.ts'

/**
 * A payment in USDC takes about 90,000 units from a key's account; the rest is for the signature check of wallet
 * contracts. What needs more would let a payer burn our gas.
 */
export const MAX_GAS = 250_000n

/** The specification's word for a transfer that would fail, where the reason cannot be told. */
const WOULD_FAIL = 'invalid_transaction_state'

/** Takes 0.3 s the first time. */
export async function loadScheme() {
  const [scheme, codec] = await Promise.all([import('@x402/evm/exact/facilitator'), import('viem/utils')])
  return { ExactEvmScheme: scheme.ExactEvmScheme, codec }
}

/**
 * Asks `@x402/evm`'s exact scheme whether a payment would go through: signature (keys and deployed wallets), window,
 * amount, receiver, and the transfer simulated.
 * @throws NodeUnreachable, NodeRefusal when the node could not be asked: the scheme alone would call such a payment bad
 */
export async function verifyByScheme(
  rpc: Rpc,
  codes: ContractCodes,
  payment: Payment,
  signal: AbortSignal
): Promise<Verdict> {
  const { ExactEvmScheme, codec } = await loadScheme()
  let fault: unknown
  const asked = new Map<string, Promise<Hex>>()
  const ask = async (method: string, params: readonly unknown[]) => {
    try {
      const answer = await rpc.call(method, params, signal)
      // Upstream would take what is no hex for an empty answer, and an empty one for a call that goes through.
      if (!isHex(answer)) throw new NodeUnreachable(`${method}: the node returns malformed data`)
      return answer
    } catch (error) {
      if (!(error instanceof NodeRefusal && error.failedOnChain)) fault ??= error
      throw error
    }
  }
  const readCode = async (address: Hex) => {
    const code = await ask('eth_getCode', [address, 'latest'])
    codes.keep(address, code)
    return code
  }
  const reader: FacilitatorEvmSigner = {
    getAddresses: () => [],
    async readContract({ address, ...call }) {
      const data = codec.encodeFunctionData(call)
      const answer = await ask('eth_call', [{ to: address, data, gas: quantity(MAX_GAS) }, 'latest'])
      return codec.decodeFunctionResult({ ...call, data: answer })
    },
    getCode({ address }) {
      // Upstream leaves this unawaited where another check fails first; `fault` tells of it all the same.
      const code = codes.find(address)
      if (code !== undefined) return Promise.resolve(code)
      const known = asked.get(address) ?? readCode(address).catch((): Hex => '0x')
      asked.set(address, known)
      return known
    },
    verifyTypedData: refuse,
    writeContract: refuse,
    sendTransaction: refuse,
    waitForTransactionReceipt: refuse
  }
  const accepted = requirementsOf(payment.terms)
  const payload = { x402Version: 2, accepted, payload: payloadOf(payment) }
  // What it throws without the node's fault comes of what the client wrote.
  const unreadable = { isValid: false, invalidReason: 'invalid_payload' }
  const answer = await new ExactEvmScheme(reader).verify(payload, accepted).catch(() => unreadable)
  // Also where the scheme found it good: what it could not read, it took for absent.
  if (fault !== undefined) throw fault
  if (answer.isValid) return { kind: 'good' }
  return { kind: 'bad', reason: invalidReason(answer.invalidReason) ?? WOULD_FAIL }
}

function payloadOf({ from, to, value, validAfter, validBefore, nonce, signature }: Payment): Record<string, unknown> {
  const window = { validAfter: validAfter.toString(), validBefore: validBefore.toString() }
  return { signature, authorization: { from, to, value: value.toString(), ...window, nonce } }
}

/** Verifying reads; it never signs or sends. */
function refuse(): never {
  throw new Error('not a reader')
}
