import { type Static, Type } from '@sinclair/typebox'

/** An invoice for the development wallet to pay. */
export const DevelopmentPayment = Type.Object(
  { invoice: Type.String({ maxLength: 2048, description: 'A regtest BOLT11 invoice of this service.' }) },
  { $id: 'DevelopmentPayment', title: 'DevelopmentPayment', additionalProperties: false }
)
export type DevelopmentPayment = Static<typeof DevelopmentPayment>

/** The result of a payment. */
export const DevelopmentReceipt = Type.Object(
  {
    preimage: Type.String({ description: '64 hex digits: the proof of payment.' }),
    payment_hash: Type.String({ description: '64 hex digits.' }),
    amount_sats: Type.Integer()
  },
  { $id: 'DevelopmentReceipt', title: 'DevelopmentReceipt', additionalProperties: false }
)
export type DevelopmentReceipt = Static<typeof DevelopmentReceipt>
