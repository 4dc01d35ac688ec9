import { isQuantity } from '../chain/abi.ts'
import type { Rpc } from '../chain/json-rpc.ts'
import type { Hex } from '../settler.ts'

const CALL_LIMIT_MS = 2_000
const FRESH_MS = 30_000
/** Retry interval for a node that did not respond, and failures after which it counts as silent. */
const RETRY_MS = 3_000
const SILENT_AFTER = 2
/** Gas of one settlement, for the forecast. */
const TYPICAL_GAS = 100_000n
/** A balance for fewer settlements causes a warning. */
const LOW_SETTLEMENTS = 100n

/** The balance of the gas account. Refreshed in the background when the level is read from an old value. */
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

  /** Last reading; undefined before the first response. */
  get balanceWei(): bigint | undefined {
    return this.#balanceWei
  }

  /** True while the node does not respond: without purchases only these readings reveal it. */
  get isSilent(): boolean {
    return this.#unanswered >= SILENT_AFTER
  }

  /** @param maxFeePerGas current fee limit, wei */
  level(maxFeePerGas: bigint | undefined): 'unknown' | 'empty' | 'low' | 'full' {
    if (this.#now() - this.#readAtMs > (this.#unanswered > 0 ? RETRY_MS : FRESH_MS)) void this.read()
    if (this.#balanceWei === undefined || maxFeePerGas === undefined) return 'unknown'
    const settlements = this.#balanceWei / (TYPICAL_GAS * maxFeePerGas)
    if (settlements === 0n) return 'empty'
    return settlements < LOW_SETTLEMENTS ? 'low' : 'full'
  }

  /** Resolves once there is a reading, or the read has failed. */
  async known(): Promise<void> {
    if (this.#balanceWei === undefined) await (this.#reading ?? this.read())
  }

  /** Never throws; without a response the old reading stays. */
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
