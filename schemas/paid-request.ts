import { Type } from '@sinclair/typebox'

/** Headers of every paid route, apart from the proofs of payment. */
export const PaidRequestHeaders = Type.Object({
  'x-poweroracle-agent': Type.Optional(Type.String({ maxLength: 200, description: 'Name of the client, free text.' })),
  'idempotency-key': Type.Optional(
    Type.String({
      maxLength: 255,
      description:
        "x402: the payer's own identifier of this purchase. The same payment and body with the key return the stored answer, also where the purchase was made without one. A newly signed payment with the same key returns the first answer and is not charged."
    })
  )
})
