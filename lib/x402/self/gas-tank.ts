import { isQuantity } from '../chain/abi.ts'
import type { Rpc } from '../chain/json-rpc.ts'
import type { Hex } from '../settler.ts'

const CALL_LIMIT_MS = 2_000
const FRESH_MS = 30_000
/** A node that did not answer is asked again so soon, and is taken for silent once it has not answered so often. */
const RETRY_MS = 3_000
const SILENT_AFTER = 2
/** Of one settlement, for the forecast. */
const TYPICAL_GAS = 100_000n
/** Fewer settlements than this are worth a warning. */
const LOW_SETTLEMENTS = 100n

/** How much gas money is left. Read again in the background whenever somebody asks for the level of an old reading. */
export class GasTank {
  readonly #rpc: Rpc
  readonly #address: () => Hex | undefined
  readonly #now: () => number
  #balanceWei: bigint | undefined
  #readAtMs = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | undefined
  #unanswered = 0

  constructor(rpc: Rpc, address: () => Hex | undefined, now: () => number) {
    this.#rpc = rpc
    this.#address = address
    this.#now = now
  }

  /** As last read; undefined before the first answer. */
  get balanceWei(): bigint | undefined {
    return this.#balanceWei
  }

  /** True while the node does not answer: while nobody buys, these readings alone would tell. */
  get isSilent(): boolean {
    return this.#unanswered >= SILENT_AFTER
  }

  /** @param maxFeePerGas in wei, what gas may cost now */
  level(maxFeePerGas: bigint | undefined): 'unknown' | 'empty' | 'low' | 'full' {
    if (this.#now() - this.#readAtMs > (this.#unanswered > 0 ? RETRY_MS : FRESH_MS)) void this.read()
    if (this.#balanceWei === undefined || maxFeePerGas === undefined) return 'unknown'
    const settlements = this.#balanceWei / (TYPICAL_GAS * maxFeePerGas)
    if (settlements === 0n) return 'empty'
    return settlements < LOW_SETTLEMENTS ? 'low' : 'full'
  }

  /** Resolves once there is a reading, or there can be none now. */
  async known(): Promise<void> {
    if (this.#balanceWei === undefined) await (this.#reading ?? this.read())
  }

  /** Never throws; without an answer the old reading stays. */
  read(): Promise<void> {
    this.#readAtMs = this.#now()
    this.#reading = this.#ask().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #ask(): Promise<void> {
    const address = this.#address()
    if (address === undefined) return
    const params = [address, 'latest']
    const answer = await this.#rpc.call('eth_getBalance', params, AbortSignal.timeout(CALL_LIMIT_MS)).catch(() => {})
    const isAnswer = isQuantity(answer)
    this.#unanswered = isAnswer ? 0 : this.#unanswered + 1
    if (isAnswer) this.#balanceWei = BigInt(answer)
  }
}
