import { hash } from 'node:crypto'
import type { PendingPayment } from '../../ledger/ledger.ts'
import type { AuthorisationRef, Payment } from '../settler.ts'

/** The ledger's unique key: an authorisation can be used once, and its nonce is the payer's own. */
export function proofKey({ terms, from, nonce }: Payment): string {
  return `x402:${terms.network}|${terms.asset}|${from}|${nonce}`
}

/** sha256 over everything that was signed, and the signature: the key alone is public once the money has moved. */
export function proofDigest(payment: Payment): Buffer {
  const { terms, from, to, value, validAfter, validBefore, nonce, signature } = payment
  const signed = [terms.network, terms.asset, from, to, value, validAfter, validBefore, nonce, signature]
  return hash('sha256', signed.join('|'), 'buffer')
}

/** What the chain is asked about a payment. */
export function referenceOf({ terms, from, nonce }: Payment): AuthorisationRef {
  const { network, asset, payTo, amountAtomic } = terms
  return { network, asset, from, nonce, payTo, amountAtomic }
}

const PROOF_KEY = /^x402:(eip155:\d+)\|(0x[0-9a-f]{40})\|(0x[0-9a-f]{40})\|(0x[0-9a-f]{64})$/

/** What the chain is asked about a row of the ledger. */
export function referenceTo({
  proofKey: key,
  amountAtomic,
  payee: payTo
}: PendingPayment): AuthorisationRef | undefined {
  const [, network, asset, from, nonce] = PROOF_KEY.exec(key) ?? []
  if (nonce === undefined || payTo === undefined) return undefined
  return { network, asset, from, nonce, payTo, amountAtomic } as AuthorisationRef
}
