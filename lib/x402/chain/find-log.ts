import type { AuthorisationRef, Hex } from '../settler.ts'
import { isHex, members, quantity, TOPICS, word } from './abi.ts'
import { NodeRefusal, type Rpc } from './json-rpc.ts'

const FIRST_SPAN_BLOCKS = 2_000n
const MAX_SPAN_BLOCKS = 10_000n
/** Over two days of Base, 13 of Ethereum. */
const MAX_DEPTH_BLOCKS = 100_000n
/** The span that the strictest public nodes allow. */
const MIN_SPAN_BLOCKS = 10n

/**
 * The transaction that used or cancelled an authorisation, searched backwards from a block. Spans grow while the node
 * allows them and shrink otherwise. Undefined if there is none within the depth.
 * @throws NodeUnreachable, NodeRefusal
 */
export async function findUse(
  rpc: Rpc,
  ref: AuthorisationRef,
  fromBlock: bigint,
  signal: AbortSignal
): Promise<Hex | undefined> {
  const topics = [
    [TOPICS['AuthorizationUsed(address,bytes32)'], TOPICS['AuthorizationCanceled(address,bytes32)']],
    word(ref.from),
    ref.nonce
  ]
  const lowest = fromBlock > MAX_DEPTH_BLOCKS ? fromBlock - MAX_DEPTH_BLOCKS : 0n
  let top = fromBlock
  let span = FIRST_SPAN_BLOCKS
  let mayGrow = true
  while (top >= lowest) {
    const bottom = top - span + 1n > lowest ? top - span + 1n : lowest
    const filter = { address: ref.asset, topics, fromBlock: quantity(bottom), toBlock: quantity(top) }
    try {
      const found = firstTransaction(await rpc.call('eth_getLogs', [filter], signal))
      if (found) return found
      top = bottom - 1n
      if (mayGrow && span < MAX_SPAN_BLOCKS) span = span * 2n < MAX_SPAN_BLOCKS ? span * 2n : MAX_SPAN_BLOCKS
    } catch (error) {
      if (!(error instanceof NodeRefusal) || span === MIN_SPAN_BLOCKS) throw error
      mayGrow = false
      span = span / 4n > MIN_SPAN_BLOCKS ? span / 4n : MIN_SPAN_BLOCKS
    }
  }
  return undefined
}

function firstTransaction(logs: unknown): Hex | undefined {
  const log = Array.isArray(logs) ? logs.find((entry) => members(entry).removed !== true) : undefined
  const { transactionHash } = members(log)
  return isHex(transactionHash) ? transactionHash : undefined
}
