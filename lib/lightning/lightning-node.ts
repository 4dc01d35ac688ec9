export type LightningNetwork = 'bitcoin' | 'testnet' | 'signet' | 'regtest' | 'simnet'

export interface InvoiceRequest {
  readonly amountMsat: bigint
  readonly expirySeconds: number
  /** At most 639 bytes of UTF-8. */
  readonly description: string
}

/** An unpaid invoice. It never contains the preimage, which is the proof of payment. */
export interface Invoice {
  readonly bolt11: string
  /** 32 bytes. */
  readonly paymentHash: Buffer
  readonly amountMsat: bigint
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

/** A receiving node. Each method rejects only with `LightningError` and settles within its own time limit. */
export interface LightningNode {
  /** `undefined` until the node's first response. */
  readonly network: LightningNetwork | undefined
  createInvoice(request: InvoiceRequest): Promise<Invoice>
  /** Resolves once the node responds and can create invoices. */
  probe(): Promise<void>
  close(): Promise<void>
}
