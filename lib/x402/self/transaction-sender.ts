import { isHex, isQuantity } from '../chain/abi.ts'
import { NodeRefusal, NodeUnreachable, type Rpc } from '../chain/json-rpc.ts'
import { type Receipt, readReceipt } from '../chain/receipt.ts'
import type { Fees } from './fees.ts'
import type { Call, Fee, GasKey, Signed } from './gas-key.ts'

const CALL_LIMIT_MS = 2_000
const LAUNCH_ATTEMPTS = 3
const MIN_LOOK_MS = 20
const MAX_LOOK_MS = 1_000
/** Some nodes behind one address lag; a lower transaction count for this many `stuckAfterMs` is a chain that went back. */
const WENT_BACK_AFTER = 3
const TRANSFER_GAS = 21_000n
/** In one round; the rest follows in the next. */
const MAX_PUSHED = 64

export type Sending =
  | { readonly kind: 'mined'; readonly receipt: Receipt }
  /** Another transaction used its nonce: this one can never be mined. */
  | { readonly kind: 'displaced' }
  /** The node rejected it. */
  | { readonly kind: 'not_sent' }
  /** No longer followed. */
  | { readonly kind: 'lost' }

/** A pending transaction; replacements share its nonce, so that at most one of them is mined. */
interface Flight {
  readonly nonce: number
  readonly call: Call
  readonly sent: Signed[]
  readonly launchedAtMs: number
  readonly land: (outcome: Sending) => void
  fee: Fee
  /** False until a node has confirmed receipt. */
  acknowledged: boolean
  /** Since when it is first in line. */
  firstSinceMs: number | undefined
  nonceGoneSinceMs: number | undefined
}

export interface SenderParts {
  readonly rpc: Rpc
  readonly key: GasKey
  readonly chainId: number
  readonly fees: Fees
  /** Time after which the first in line is replaced at a higher fee, and a missing receipt will not come. */
  readonly stuckAfterMs: number
  /** Unix milliseconds. */
  readonly now: () => number
  /** Called for each replacement. */
  readonly onReplaced: (nonce: number) => void
}

/**
 * Sends the transactions of one account, one nonce each, and follows each to its end: a stuck one is replaced by the
 * same call at a higher fee, up to the cap. They are broadcast sequentially, so that a rejection leaves no gap.
 */
export class TransactionSender {
  readonly #parts: SenderParts
  readonly #flights = new Map<number, Flight>()
  /** The next nonce, if known. */
  #next: number | undefined
  /** The first nonce of this process: lower ones may belong to a previous process. */
  #ownFrom: Promise<number> | undefined
  #mined = 0
  /** Since when the node reports fewer mined transactions than `#mined`. */
  #fewerSinceMs: number | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #stranger: { readonly nonce: number; readonly sinceMs: number } | undefined
  #closed = false

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  /** How long the first in line has waited, in ms; 0 if none waits. */
  get waitingMs(): number {
    const first = this.#first()
    return first ? this.#parts.now() - first.launchedAtMs : 0
  }

  /**
   * True once no transaction of a previous process can still be mined.
   * @throws NodeUnreachable, NodeRefusal
   */
  async isAlone(): Promise<boolean> {
    const ownFrom = await this.#prepare()
    if (this.#mined < ownFrom) await this.#readMined()
    return this.#mined >= ownFrom
  }

  /** Resolves when the call has been mined or can no longer be, however long that takes. Never throws. */
  async send(call: Call, giveUp: AbortSignal): Promise<Sending> {
    const launched = this.#turn.then(() => this.#launch(call, giveUp)).catch(() => undefined)
    this.#turn = launched
    return (await launched)?.landed ?? { kind: 'not_sent' }
  }

  /** Stops following. Sent transactions may still be mined. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const flight of this.#flights.values()) flight.land({ kind: 'lost' })
    this.#flights.clear()
  }

  /** Reads the account's nonces, once. */
  #prepare(): Promise<number> {
    if (this.#ownFrom === undefined) {
      this.#ownFrom = this.#readAccount()
      this.#ownFrom.catch(() => {
        this.#ownFrom = undefined
      })
    }
    return this.#ownFrom
  }

  async #readAccount(): Promise<number> {
    const [mined, pending] = await Promise.all([this.#count('latest'), this.#count('pending')])
    this.#mined = mined
    this.#next = Math.max(mined, pending)
    return this.#next
  }

  async #launch(call: Call, giveUp: AbortSignal): Promise<{ landed: Promise<Sending> } | undefined> {
    await this.#prepare()
    for (let attempt = 0; attempt < LAUNCH_ATTEMPTS && !giveUp.aborted && !this.#closed; attempt += 1) {
      const fee = await this.#parts.fees.current()
      if (fee === undefined) return undefined
      this.#next ??= Math.max(await this.#count('pending'), this.#mined, ...this.#nonces().map((nonce) => nonce + 1))
      const signed = await this.#parts.key.sign(this.#parts.chainId, this.#next, call, fee)
      const answer = await this.#broadcast(signed)
      if (answer === 'refused') return undefined
      if (answer !== 'taken') {
        this.#next += 1
        return { landed: this.#follow(this.#next - 1, call, fee, signed, answer === 'held') }
      }
      this.#next = undefined
    }
    return undefined
  }

  #follow(nonce: number, call: Call, fee: Fee, signed: Signed, acknowledged: boolean): Promise<Sending> {
    // Closed during the broadcast: nobody would follow it.
    if (this.#closed) return Promise.resolve({ kind: 'lost' })
    const launchedAtMs = this.#parts.now()
    return new Promise((land) => {
      const since = { firstSinceMs: undefined, nonceGoneSinceMs: undefined }
      this.#flights.set(nonce, { nonce, call, fee, sent: [signed], acknowledged, launchedAtMs, land, ...since })
      if (this.#timer === undefined) this.#lookLater()
    })
  }

  /** Soon after a broadcast, then at growing intervals: proportional to the wait of the first one. */
  #lookLater(): void {
    if (this.#flights.size === 0 || this.#closed) {
      this.#timer = undefined
      return
    }
    const delayMs = Math.min(MAX_LOOK_MS, Math.max(MIN_LOOK_MS, this.waitingMs / 4))
    this.#timer = setTimeout(() => {
      this.#look()
        .catch(() => {})
        .finally(() => this.#lookLater())
    }, delayMs).unref()
  }

  async #look(): Promise<void> {
    await this.#readMined()
    const flights = [...this.#flights.values()]
    await Promise.all(
      flights.map((flight) => {
        if (flight.nonce < this.#mined) return this.#collect(flight)
        return flight.acknowledged ? undefined : this.#rebroadcast(flight)
      })
    )
    const first = this.#first()
    if (first === undefined || first.nonce < this.#mined) return
    if (first.nonce === this.#mined) await this.#hasten(first)
    else await this.#pushStrangersAside(this.#mined, first)
  }

  /** Its nonce is used, by one of its own transactions or another. */
  async #collect(flight: Flight): Promise<void> {
    for (const { hash } of flight.sent.toReversed()) {
      const receipt = readReceipt(await this.#call('eth_getTransactionReceipt', [hash]))
      if (receipt) return this.#land(flight, { kind: 'mined', receipt })
    }
    flight.nonceGoneSinceMs ??= this.#parts.now()
    // Nodes behind one address do not learn of a block at the same moment.
    if (this.#parts.now() - flight.nonceGoneSinceMs < this.#parts.stuckAfterMs) return
    this.#land(flight, { kind: 'displaced' })
  }

  #land(flight: Flight, outcome: Sending): void {
    this.#flights.delete(flight.nonce)
    flight.land(outcome)
  }

  async #rebroadcast(flight: Flight): Promise<void> {
    const answer = await this.#broadcast(flight.sent.at(-1)!)
    flight.acknowledged = answer === 'held'
  }

  async #hasten(flight: Flight): Promise<void> {
    const nowMs = this.#parts.now()
    flight.firstSinceMs ??= nowMs
    if (nowMs - flight.firstSinceMs < this.#parts.stuckAfterMs) return
    flight.firstSinceMs = nowMs
    // A node that dropped it, as at a restart, has dropped those behind it too.
    for (const other of this.#flights.values()) other.acknowledged = false
    const fee = await this.#parts.fees.bumped(flight.fee)
    // At the cap the same transaction is broadcast again.
    if (fee === undefined) return
    const signed = await this.#parts.key.sign(this.#parts.chainId, flight.nonce, flight.call, fee)
    // Recorded before the broadcast: with a lost response it may still be mined.
    flight.sent.push(signed)
    flight.fee = fee
    this.#parts.onReplaced(flight.nonce)
    await this.#broadcast(signed)
  }

  /**
   * Nonces before this process's first block it: a previous process's transactions, or a gap after a chain that went
   * back. Replaces them with zero-value self-transfers.
   */
  async #pushStrangersAside(from: number, first: Flight): Promise<void> {
    const { key, chainId, fees, now, stuckAfterMs, onReplaced } = this.#parts
    if (this.#stranger?.nonce !== from) this.#stranger = { nonce: from, sinceMs: now() }
    if (now() - this.#stranger.sinceMs < 2 * stuckAfterMs) return
    this.#stranger = undefined
    const call: Call = { to: key.address, data: '0x', gas: TRANSFER_GAS }
    const fee = await fees.highest()
    for (let nonce = from; nonce < Math.min(first.nonce, from + MAX_PUSHED); nonce += 1) {
      onReplaced(nonce)
      await this.#broadcast(await key.sign(chainId, nonce, call, fee))
    }
  }

  async #broadcast({ raw, hash }: Signed): Promise<'held' | 'unheard' | 'taken' | 'refused'> {
    try {
      // A node returns the hash; any other response may not come from a node.
      return isHex(await this.#call('eth_sendRawTransaction', [raw])) ? 'held' : 'unheard'
    } catch (error) {
      if (error instanceof NodeUnreachable) return 'unheard'
      if (!(error instanceof NodeRefusal)) throw error
      if (error.says(/already (known|imported|exists)|known transaction|already_exists/i)) return 'held'
      if (!error.says(/nonce|replacement/i)) return 'refused'
      // This very transaction may have used the nonce, if it was sent twice over a bad connection.
      return (await this.#call('eth_getTransactionByHash', [hash]).catch(() => null)) ? 'held' : 'taken'
    }
  }

  #first(): Flight | undefined {
    return this.#flights.get(Math.min(...this.#nonces()))
  }

  #nonces(): number[] {
    return [...this.#flights.keys()]
  }

  async #readMined(): Promise<void> {
    const count = await this.#count('latest')
    const nowMs = this.#parts.now()
    if (count < this.#mined) {
      this.#fewerSinceMs ??= nowMs
      if (nowMs - this.#fewerSinceMs < WENT_BACK_AFTER * this.#parts.stuckAfterMs) return
    }
    this.#mined = count
    this.#fewerSinceMs = undefined
  }

  async #count(block: 'latest' | 'pending'): Promise<number> {
    const count = await this.#call('eth_getTransactionCount', [this.#parts.key.address, block])
    if (!isQuantity(count)) throw new NodeUnreachable('the node reports no transaction count')
    return Number(count)
  }

  #call(method: string, params: readonly unknown[]): Promise<unknown> {
    return this.#parts.rpc.call(method, params, AbortSignal.timeout(CALL_LIMIT_MS))
  }
}
