import { isQuantity, members } from '../chain/abi.ts'
import { NodeUnreachable, type Rpc } from '../chain/json-rpc.ts'
import type { Fee } from './gas-key.ts'

const CALL_LIMIT_MS = 2_000
const FRESH_MS = 2_000
const GWEI = 1_000_000_000n

/** Above this a settlement costs more than it earns, at usual prices. The value of a wei differs between networks. */
const CAPS_WEI: ReadonlyMap<number, bigint> = new Map([
  [137, 1_000n * GWEI],
  [80002, 1_000n * GWEI],
  [43114, 100n * GWEI],
  [43113, 100n * GWEI]
])
const USUAL_CAP_WEI = 5n * GWEI

export function feeCapWei(chainId: number): bigint {
  return CAPS_WEI.get(chainId) ?? USUAL_CAP_WEI
}

/** Gas fees on an EIP-1559 network, up to a cap. */
export class Fees {
  readonly #rpc: Rpc
  readonly #capWei: bigint
  readonly #now: () => number
  #asked: Promise<Fee | undefined> | undefined
  #askedAtMs = 0
  #last: Fee | undefined
  #tooDear = false

  constructor(rpc: Rpc, capWei: bigint, now: () => number) {
    this.#rpc = rpc
    this.#capWei = capWei
    this.#now = now
  }

  /** True if the newest block requires more than the cap. */
  get tooDear(): boolean {
    return this.#tooDear
  }

  get last(): Fee | undefined {
    return this.#last
  }

  /**
   * Sufficient for the next blocks, at most 2 s old. Undefined if the network requires more than the cap.
   * @throws NodeUnreachable, NodeRefusal
   */
  current(): Promise<Fee | undefined> {
    if (this.#asked === undefined || this.#now() - this.#askedAtMs > FRESH_MS) {
      const asked = this.#ask()
      this.#asked = asked
      this.#askedAtMs = this.#now()
      asked.catch(() => {
        if (this.#asked === asked) this.#asked = undefined
      })
    }
    return this.#asked
  }

  /**
   * For a replacement with the same nonce: nodes require a tenth more of both fees; this adds a quarter, or uses the
   * network's current fees. Undefined if the cap does not allow it.
   */
  async bumped(previous: Fee): Promise<Fee | undefined> {
    const now = (await this.current()) ?? previous
    const more = (wei: bigint) => (wei * 5n) / 4n + 1n
    const maxPriorityFeePerGas = larger(more(previous.maxPriorityFeePerGas), now.maxPriorityFeePerGas)
    const wanted = larger(larger(more(previous.maxFeePerGas), now.maxFeePerGas), maxPriorityFeePerGas)
    const maxFeePerGas = wanted < this.#capWei ? wanted : this.#capWei
    if (maxFeePerGas * 8n < previous.maxFeePerGas * 9n || maxPriorityFeePerGas > maxFeePerGas) return undefined
    return { maxFeePerGas, maxPriorityFeePerGas }
  }

  /** The highest fees within the cap, to replace an unknown transaction. */
  async highest(): Promise<Fee> {
    const tip = ((await this.current())?.maxPriorityFeePerGas ?? 0n) * 3n
    return { maxFeePerGas: this.#capWei, maxPriorityFeePerGas: tip < this.#capWei ? tip : this.#capWei }
  }

  async #ask(): Promise<Fee | undefined> {
    const signal = AbortSignal.timeout(CALL_LIMIT_MS)
    const [block, tip] = await Promise.all([
      this.#rpc.call('eth_getBlockByNumber', ['latest', false], signal),
      this.#rpc.call('eth_maxPriorityFeePerGas', [], signal)
    ])
    const { baseFeePerGas } = members(block)
    if (!isQuantity(baseFeePerGas) || !isQuantity(tip)) throw new NodeUnreachable('the node reports no gas price')
    const maxPriorityFeePerGas = BigInt(tip)
    const needed = BigInt(baseFeePerGas) + maxPriorityFeePerGas
    this.#tooDear = needed > this.#capWei
    if (this.#tooDear) return undefined
    // Headroom for six consecutive full blocks.
    const roomy = needed + BigInt(baseFeePerGas)
    this.#last = { maxFeePerGas: roomy < this.#capWei ? roomy : this.#capWei, maxPriorityFeePerGas }
    return this.#last
  }
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
