import { hash } from 'node:crypto'
import type { PendingPayment } from '../../ledger/ledger.ts'
import type { AuthorisationRef, Payment, Terms } from '../settler.ts'

/** The ledger's unique key: an authorisation can be used once, and its nonce is per payer. */
export function proofKey({ terms, from, nonce }: Payment): string {
  return `x402:${terms.network}|${terms.asset}|${from}|${nonce}`
}

/** sha256 of the signed fields and the signature, because the key is public once the money has moved. */
export function proofDigest(payment: Payment): Buffer {
  const { terms, from, to, value, validAfter, validBefore, nonce, signature } = payment
  const signed = [terms.network, terms.asset, from, to, value, validAfter, validBefore, nonce, signature]
  return hash('sha256', signed.join('|'), 'buffer')
}

/** The chain query for a payment. */
export function referenceOf({ terms, from, nonce }: Payment): AuthorisationRef {
  const { network, asset, payTo, amountAtomic } = terms
  return { network, asset, from, nonce, payTo, amountAtomic }
}

const PROOF_KEY = /^x402:(eip155:\d+)\|(0x[0-9a-f]{40})\|(0x[0-9a-f]{40})\|(0x[0-9a-f]{64})$/

/** The chain query for a row of the ledger. */
export function referenceTo({
  proofKey: key,
  amountAtomic,
  payee: payTo
}: PendingPayment): AuthorisationRef | undefined {
  const [, network, asset, from, nonce] = PROOF_KEY.exec(key) ?? []
  if (nonce === undefined || payTo === undefined) return undefined
  return { network, asset, from, nonce, payTo, amountAtomic } as AuthorisationRef
}

/** A payment as stored in its row while pending. */
export function paymentToJson({ terms, value, validAfter, validBefore, ...rest }: Payment): string {
  return JSON.stringify({
    ...rest,
    value: `${value}`,
    validAfter: `${validAfter}`,
    validBefore: `${validBefore}`,
    terms: { ...terms, amountAtomic: `${terms.amountAtomic}` }
  })
}

/** @param json the output of `paymentToJson` */
export function paymentFromJson(json: string): Payment {
  const { terms, value, validAfter, validBefore, ...rest }: WrittenPayment = JSON.parse(json)
  return {
    ...rest,
    value: BigInt(value),
    validAfter: BigInt(validAfter),
    validBefore: BigInt(validBefore),
    terms: { ...terms, amountAtomic: BigInt(terms.amountAtomic) }
  }
}

/** JSON has no bigint. */
type Texts<T, Names extends keyof T> = Omit<T, Names> & Readonly<Record<Names, string>>
type WrittenPayment = Texts<Omit<Payment, 'terms'>, 'value' | 'validAfter' | 'validBefore'> & {
  readonly terms: Texts<Terms, 'amountAtomic'>
}
