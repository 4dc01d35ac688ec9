import { decode } from 'light-bolt11-decoder'
import { LightningError } from './lightning-error.ts'
import type { Invoice, LightningNetwork } from './lightning-node.ts'

const NETWORKS: Readonly<Record<string, LightningNetwork>> = {
  bc: 'bitcoin',
  tb: 'testnet',
  tbs: 'signet',
  bcrt: 'regtest',
  sb: 'simnet'
}
const MAX_LENGTH = 4096
/** BOLT 11: without an `x` field an invoice lives for an hour. */
const DEFAULT_EXPIRY_SECONDS = 3600

export interface DecodedInvoice {
  readonly network: LightningNetwork
  /** Human-readable prefix of the network: `bc`, `tb`, `tbs`, `bcrt` or `sb`. */
  readonly prefix: string
  /** `undefined` for an invoice of any amount. */
  readonly amountMsat: bigint | undefined
  /** 32 bytes. */
  readonly paymentHash: Buffer
  readonly timestampSeconds: number
  readonly expirySeconds: number
  readonly description: string | undefined
  /** 64 hex digits. */
  readonly paymentSecret: string | undefined
}

/** Parses a BOLT 11 invoice without checking its signature. Throws `LightningError` `mismatch` for any other text. */
export function decodeInvoice(bolt11: string): DecodedInvoice {
  const sections = sectionsOf(bolt11)
  const values = (name: string) => sections.filter((section) => section.name === name).map((section) => section.value)
  const prefix = String(sections.find((section) => section.name === 'coin_network')?.letters)
  const network = NETWORKS[prefix]
  const [paymentHash, secondHash] = values('payment_hash')
  const [timestampSeconds] = values('timestamp')
  // Wallets differ on which of two hashes counts, so such an invoice is ambiguous.
  if (network === undefined || !isHash(paymentHash) || secondHash !== undefined) throw unreadable()
  if (!Number.isSafeInteger(timestampSeconds)) throw unreadable()
  const [amount] = values('amount')
  const [description] = values('description')
  const [paymentSecret] = values('payment_secret')
  return {
    network,
    prefix,
    amountMsat: typeof amount === 'string' ? BigInt(amount) : undefined,
    paymentHash: Buffer.from(paymentHash, 'hex'),
    timestampSeconds: Number(timestampSeconds),
    expirySeconds: Number(values('expiry')[0] ?? DEFAULT_EXPIRY_SECONDS),
    description: typeof description === 'string' ? description : undefined,
    paymentSecret: isHash(paymentSecret) ? paymentSecret : undefined
  }
}

/** The request to the node. Times are Unix times in ms. */
export interface AskedInvoice {
  readonly network: LightningNetwork
  readonly amountMsat: bigint
  readonly expirySeconds: number
  readonly nowMs: number
}

/**
 * Compares an invoice's text with the request and the node's response: payment hash, amount, network, expiry, and a
 * timestamp within a quarter of the expiry from now. Throws `LightningError` `mismatch`.
 */
export function assertInvoiceMatches(invoice: Invoice, asked: AskedInvoice): void {
  const decoded = decodeInvoice(invoice.bolt11)
  const createdAtMs = decoded.timestampSeconds * 1000
  const differences = {
    'payment hash': !decoded.paymentHash.equals(invoice.paymentHash),
    amount: decoded.amountMsat !== asked.amountMsat || invoice.amountMsat !== asked.amountMsat,
    network: decoded.network !== asked.network,
    expiry: decoded.expirySeconds !== asked.expirySeconds,
    times: invoice.createdAtMs !== createdAtMs || invoice.expiresAtMs !== createdAtMs + asked.expirySeconds * 1000,
    // With a wrong clock, wallets would treat the invoices as expired.
    clock: Math.abs(asked.nowMs - createdAtMs) > asked.expirySeconds * 250
  }
  const found = Object.entries(differences).flatMap(([name, differs]) => (differs ? [name] : []))
  if (found.length > 0) throw new LightningError('mismatch', `the invoice differs in ${found.join(', ')}`)
}

function sectionsOf(bolt11: string): Array<{ name: string; letters?: string; value?: unknown }> {
  try {
    if (bolt11.length <= MAX_LENGTH) return decode(bolt11).sections
  } catch {
    // The decoder's messages quote the invoice.
  }
  throw unreadable()
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function unreadable(): LightningError {
  return new LightningError('mismatch', 'not a readable BOLT 11 invoice')
}
