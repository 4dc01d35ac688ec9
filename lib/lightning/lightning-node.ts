export type LightningNetwork = 'bitcoin' | 'testnet' | 'signet' | 'regtest' | 'simnet'

export interface InvoiceRequest {
  readonly amountMsat: bigint
  readonly expirySeconds: number
  /** At most 639 bytes of UTF-8. */
  readonly description: string
}

/** An unpaid invoice. It never holds the preimage: who has that has proof of payment. */
export interface Invoice {
  readonly bolt11: string
  /** 32 bytes. */
  readonly paymentHash: Buffer
  readonly amountMsat: bigint
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

/** A node that receives. Each method rejects with `LightningError` alone, and settles within its own limit. */
export interface LightningNode {
  /** `undefined` until the node has answered once. */
  readonly network: LightningNetwork | undefined
  createInvoice(request: InvoiceRequest): Promise<Invoice>
  /** Resolves when the node answers and can make invoices. */
  probe(): Promise<void>
  close(): Promise<void>
}
