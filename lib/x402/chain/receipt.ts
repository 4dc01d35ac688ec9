import type { AuthorisationRef, Hex } from '../settler.ts'
import { isHex, isQuantity, members, TOPICS, word } from './abi.ts'

export interface Log {
  readonly address: string
  readonly topics: readonly string[]
  readonly data: string
}

/** A mined transaction's receipt. */
export interface Receipt {
  readonly succeeded: boolean
  readonly transaction: Hex
  readonly blockHash: string
  readonly blockNumber: bigint
  readonly logs: readonly Log[]
}

/** Undefined if the node has no such receipt, or a malformed one. */
export function readReceipt(answer: unknown): Receipt | undefined {
  const { status, transactionHash, blockHash, blockNumber, logs } = members(answer)
  if (!isHex(transactionHash) || !isHex(blockHash) || !isQuantity(blockNumber) || !Array.isArray(logs)) return undefined
  if (status !== '0x1' && status !== '0x0') return undefined
  if (!logs.every(isLog)) return undefined
  return {
    succeeded: status === '0x1',
    transaction: transactionHash.toLowerCase() as Hex,
    blockHash: blockHash.toLowerCase(),
    blockNumber: BigInt(blockNumber),
    logs
  }
}

/**
 * The verdict of a receipt on an authorisation: `paid` if it used the authorisation and moved exactly the amount to the
 * payee, `spent` if it used or cancelled it otherwise (the payer signed one nonce twice), `unrelated` if neither.
 *
 * One transaction may use several authorisations; each has the logs from its `AuthorizationUsed` up to the next one, as
 * EIP-3009's reference and USDC emit them, so that no transfer counts twice.
 */
export function judge(receipt: Receipt, ref: AuthorisationRef): 'paid' | 'spent' | 'unrelated' {
  if (!receipt.succeeded) return 'unrelated'
  const logs = receipt.logs.filter((log) => log.address.toLowerCase() === ref.asset)
  if (logs.some((log) => names(log, 'AuthorizationCanceled(address,bytes32)', ref))) return 'spent'
  const start = logs.findIndex((log) => names(log, 'AuthorizationUsed(address,bytes32)', ref))
  if (start === -1) return 'unrelated'
  const isUse = (log: Log) => log.topics[0] === TOPICS['AuthorizationUsed(address,bytes32)']
  const length = logs.slice(start + 1).findIndex(isUse)
  // A transaction with a single authorisation is unambiguous, whatever the order of the token's logs.
  const only = logs.filter(isUse).length === 1
  const own = only ? logs : logs.slice(start, length === -1 ? undefined : start + 1 + length)
  return own.some((log) => isOurTransfer(log, ref)) ? 'paid' : 'spent'
}

function names(log: Log, event: keyof typeof TOPICS, ref: AuthorisationRef): boolean {
  const [topic, authorizer, nonce] = log.topics
  return topic === TOPICS[event] && authorizer === word(ref.from) && nonce === ref.nonce
}

function isOurTransfer(log: Log, ref: AuthorisationRef): boolean {
  const [topic, from, to] = log.topics
  return (
    topic === TOPICS['Transfer(address,address,uint256)'] &&
    from === word(ref.from) &&
    to === word(ref.payTo) &&
    log.data === word(ref.amountAtomic)
  )
}

function isLog(value: unknown): value is Log {
  const { address, topics, data } = members(value)
  return isHex(address) && Array.isArray(topics) && topics.every(isHex) && isHex(data)
}
