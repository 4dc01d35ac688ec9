import type { AuthorisationRef, Evidence, Finding, Hex } from '../settler.ts'
import { callData, isHex, isQuantity, members, quantity } from './abi.ts'
import { findUse } from './find-log.ts'
import type { Rpc } from './json-rpc.ts'
import { judge, type Receipt, readReceipt } from './receipt.ts'

const LIMIT_MS = 3_000
const UNKNOWN: Finding = { kind: 'unknown' }

/**
 * Chain evidence from one node. One confirmation is enough: a payment counts once it is in a block that is part of the
 * node's chain. More confirmations would take longer than a client waits for 0.10 USD, and chains such as Base do not
 * reorganise in normal operation.
 */
export class ChainEvidence implements Evidence {
  readonly #rpc: Rpc
  readonly #limitMs: number
  /** Chain id of the node, once known. */
  #network: string | undefined

  constructor(rpc: Rpc, limitMs = LIMIT_MS) {
    this.#rpc = rpc
    this.#limitMs = limitMs
  }

  /** @param hint a transaction reported to have used it; checked first, believed only with its receipt */
  async find(ref: AuthorisationRef, hint?: Hex): Promise<Finding> {
    try {
      return await this.#find(ref, hint, AbortSignal.timeout(this.#limitMs))
    } catch {
      return UNKNOWN
    }
  }

  async #find(ref: AuthorisationRef, hint: Hex | undefined, signal: AbortSignal): Promise<Finding> {
    this.#network ??= `eip155:${BigInt(String(await this.#rpc.call('eth_chainId', [], signal)))}`
    if (this.#network !== ref.network) return UNKNOWN
    if (hint) {
      const finding = await this.#look(ref, hint, signal)
      if (finding.kind !== 'unknown') return finding
    }
    // State and time come from the same block, so that a lagging node is at least consistent.
    const latest = readBlock(await this.#rpc.call('eth_getBlockByNumber', ['latest', false], signal))
    if (!latest) return UNKNOWN
    const data = callData('authorizationState(address,bytes32)', ref.from, ref.nonce)
    const state = await this.#rpc.call('eth_call', [{ to: ref.asset, data }, quantity(latest.number)], signal)
    if (!isQuantity(state) || state.length !== 66) return UNKNOWN
    if (BigInt(state) === 0n) return { kind: 'unused', chainTimeSeconds: latest.timestampSeconds }
    const transaction = await findUse(this.#rpc, ref, latest.number, signal)
    return transaction ? this.#look(ref, transaction, signal) : UNKNOWN
  }

  async #look(ref: AuthorisationRef, transaction: Hex, signal: AbortSignal): Promise<Finding> {
    const receipt = readReceipt(await this.#rpc.call('eth_getTransactionReceipt', [transaction], signal))
    if (!receipt || !(await this.#stillStands(receipt, signal))) return UNKNOWN
    const verdict = judge(receipt, ref)
    if (verdict === 'paid') return { kind: 'settled', transaction: receipt.transaction }
    return verdict === 'spent' ? { kind: 'cancelled' } : UNKNOWN
  }

  /** False for a receipt from a block that a reorganisation removed. */
  async #stillStands(receipt: Receipt, signal: AbortSignal): Promise<boolean> {
    const answer = await this.#rpc.call('eth_getBlockByNumber', [quantity(receipt.blockNumber), false], signal)
    return readBlock(answer)?.hash === receipt.blockHash
  }
}

function readBlock(answer: unknown): { number: bigint; timestampSeconds: bigint; hash: string } | undefined {
  const { number, timestamp, hash } = members(answer)
  if (!isQuantity(number) || !isQuantity(timestamp) || !isHex(hash)) return undefined
  return { number: BigInt(number), timestampSeconds: BigInt(timestamp), hash: hash.toLowerCase() }
}
