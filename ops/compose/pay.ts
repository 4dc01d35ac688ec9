import { lns, type Node, openNode } from './lnd.ts'
import { say } from './say.ts'

const LIMIT_MS = 30_000

/** Pays an invoice with the payer's LND and prints the preimage. */
export async function pay(invoice?: string): Promise<void> {
  if (invoice === undefined) throw new Error('an invoice is required: lnbcrt…')
  say(await payInvoice(await openNode('lnd-payer'), invoice))
}

/** @returns the preimage, hex */
export async function payInvoice({ lnd }: Node, invoice: string): Promise<string> {
  return (await lns.pay({ lnd, request: invoice, pathfinding_timeout: LIMIT_MS })).secret
}
