import { withDeadline } from '../time/deadline.ts'
import { decodeInvoice } from './decode-invoice.ts'
import { LightningError, noAnswer } from './lightning-error.ts'
import type { Invoice, InvoiceRequest, LightningNetwork, LightningNode } from './lightning-node.ts'
import { LndClient } from './lnd-client.ts'
import type { LndCredentials } from './lnd-credentials.ts'

const LIMIT_MS = 2000
const MAX_IN_FLIGHT = 48
const MAX_QUEUED = 256

const NETWORKS: Readonly<Record<string, LightningNetwork>> = {
  mainnet: 'bitcoin',
  testnet: 'testnet',
  testnet4: 'testnet',
  signet: 'signet',
  regtest: 'regtest',
  simnet: 'simnet'
}

export interface LndNodeOptions extends LndCredentials {
  /** Adds route hints to invoices, for a node whose channels are not announced. */
  readonly privateHints: boolean
}

/**
 * Invoices from LND. The constructor makes no call; the network is known after the first response. Calls end within 2
 * s, including the queue. Call `probe` first: it loads the client, outside that limit. The macaroon needs `info:read
 * invoices:write`.
 */
export class LndNode implements LightningNode {
  readonly #client: LndClient
  readonly #limiter = new Limiter(MAX_IN_FLIGHT, MAX_QUEUED)
  readonly #privateHints: boolean
  readonly #now: () => number
  #network: LightningNetwork | undefined
  #probing: Promise<void> | undefined

  /** @param now unix milliseconds */
  constructor({ privateHints, ...credentials }: LndNodeOptions, now: () => number) {
    this.#now = now
    this.#privateHints = privateHints
    this.#client = new LndClient(credentials, now)
  }

  get network(): LightningNetwork | undefined {
    return this.#network
  }

  createInvoice(request: InvoiceRequest): Promise<Invoice> {
    const askedAtMs = this.#now()
    const made = this.#limiter.run(async () => {
      if (this.#network === undefined) await this.probe()
      const leftMs = askedAtMs + LIMIT_MS - this.#now()
      if (leftMs <= 0) throw new LightningError('timeout', 'no free call to the node within the time limit')
      return this.#addInvoice(request, leftMs)
    })
    return withDeadline(made, LIMIT_MS, noAnswer)
  }

  /** Calls at the same time share one request. */
  probe(): Promise<void> {
    this.#probing ??= this.#probe().finally(() => {
      this.#probing = undefined
    })
    return this.#probing
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  async #probe(): Promise<void> {
    const { chains } = await this.#client.call('getInfo', {}, LIMIT_MS)
    const name = Array.isArray(chains) ? String(chains[0]?.network) : ''
    const network = NETWORKS[name]
    if (network === undefined) throw new LightningError('mismatch', 'the node is on an unknown network')
    this.#network = network
  }

  async #addInvoice({ amountMsat, expirySeconds, description }: InvoiceRequest, limitMs: number): Promise<Invoice> {
    const fields = {
      value_msat: String(amountMsat),
      expiry: expirySeconds,
      memo: description,
      private: this.#privateHints
    }
    const { r_hash: paymentHash, payment_request: bolt11 } = await this.#client.call('addInvoice', fields, limitMs)
    if (!Buffer.isBuffer(paymentHash) || typeof bolt11 !== 'string') {
      throw new LightningError('mismatch', 'the node answered without an invoice')
    }
    const decoded = decodeInvoice(bolt11)
    const createdAtMs = decoded.timestampSeconds * 1000
    return {
      bolt11,
      paymentHash,
      amountMsat: decoded.amountMsat ?? 0n,
      createdAtMs,
      expiresAtMs: createdAtMs + decoded.expirySeconds * 1000
    }
  }
}

/** Runs at most `maxInFlight` tasks at once; at most `maxQueued` others wait in order. */
class Limiter {
  readonly #maxInFlight: number
  readonly #maxQueued: number
  readonly #queue: Array<() => void> = []
  #inFlight = 0

  constructor(maxInFlight: number, maxQueued: number) {
    this.#maxInFlight = maxInFlight
    this.#maxQueued = maxQueued
  }

  /** Returns the task's result. Rejects with `LightningError` `busy` if the queue is full. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#inFlight < this.#maxInFlight) this.#inFlight += 1
    else if (this.#queue.length >= this.#maxQueued) throw new LightningError('busy', 'too many calls wait for the node')
    else await new Promise<void>((resolve) => this.#queue.push(resolve))
    try {
      return await task()
    } finally {
      // A waiting task takes over the slot, so that the count stays correct in between.
      const next = this.#queue.shift()
      if (next) next()
      else this.#inFlight -= 1
    }
  }
}
