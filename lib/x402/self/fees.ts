import { isQuantity, members } from '../chain/abi.ts'
import { NodeUnreachable, type Rpc } from '../chain/json-rpc.ts'
import type { Fee } from './gas-key.ts'

const CALL_LIMIT_MS = 2_000
const FRESH_MS = 2_000
const GWEI = 1_000_000_000n

/** More would make a settlement cost more than it brings, at prices like ours. Wei of gas are worth unlike on each network. */
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

/** What gas costs on an EIP-1559 network, never over a cap. */
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

  /** True when the newest block asks for more than the cap. */
  get tooDear(): boolean {
    return this.#tooDear
  }

  get last(): Fee | undefined {
    return this.#last
  }

  /**
   * Good for the next blocks, at most 2 s old. Undefined when the network asks for more than the cap.
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
   * For another transaction of the same nonce: nodes want a tenth more of both, this gives a quarter or what the network
   * asks now. Undefined when the cap does not allow it.
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

  /** As much as the cap allows, to push an unknown transaction aside. */
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
    // Room for six full blocks in a row.
    const roomy = needed + BigInt(baseFeePerGas)
    this.#last = { maxFeePerGas: roomy < this.#capWei ? roomy : this.#capWei, maxPriorityFeePerGas }
    return this.#last
  }
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
