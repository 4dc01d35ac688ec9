import type { FacilitatorEvmSigner } from '@x402/evm'
import { isHex, quantity } from '../chain/abi.ts'
import { NodeRefusal, NodeUnreachable, type Rpc } from '../chain/json-rpc.ts'
import { invalidReason } from '../facilitator/reasons.ts'
import type { Hex, Payment, Verdict } from '../settler.ts'
import { requirementsOf } from '../terms.ts'
import type { ContractCodes } from './contract-codes.ts'

/**
 * A USDC payment from a key's account takes about 90,000 units; the rest is for the signature check of wallet
 * contracts. A higher limit would let a payer waste this service's gas.
 */
export const MAX_GAS = 250_000n

/** The specification's code for a transfer that would fail for an unknown reason. */
export const WOULD_FAIL = 'invalid_transaction_state'

/** Takes 0.3 s the first time. */
export async function loadScheme() {
  const [scheme, codec] = await Promise.all([import('@x402/evm/exact/facilitator'), import('viem/utils')])
  return { ExactEvmScheme: scheme.ExactEvmScheme, codec }
}

/**
 * Verifies a payment with `@x402/evm`'s exact scheme: signature (keys and deployed wallets), window, amount, receiver,
 * and the transfer simulated.
 * @throws NodeUnreachable, NodeRefusal if the node fails: the scheme alone would report the payment as invalid
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
      // Upstream treats non-hex data as an empty response, and an empty response as a successful call.
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
      // Upstream does not await this if another check fails first; `fault` records it anyway.
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
  // An error without a fault of the node is caused by the client's input.
  const unreadable = { isValid: false, invalidReason: 'invalid_payload' }
  const answer = await new ExactEvmScheme(reader).verify(payload, accepted).catch(() => unreadable)
  // Also if the scheme reports success: it treats unreadable data as absent.
  if (fault !== undefined) throw fault
  if (answer.isValid) return { kind: 'good' }
  return { kind: 'bad', reason: invalidReason(answer.invalidReason) ?? WOULD_FAIL }
}

function payloadOf({ from, to, value, validAfter, validBefore, nonce, signature }: Payment): Record<string, unknown> {
  const window = { validAfter: validAfter.toString(), validBefore: validBefore.toString() }
  return { signature, authorization: { from, to, value: value.toString(), ...window, nonce } }
}

/** Verification only reads; it never signs or sends. */
function refuse(): never {
  throw new Error('not a reader')
}
