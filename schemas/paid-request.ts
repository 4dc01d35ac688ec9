import { Type } from '@sinclair/typebox'

/** Headers of every paid route. The proof in `Authorization` is a security scheme. */
export const PaidRequestHeaders = Type.Object({
  'payment-signature': Type.Optional(
    Type.String({
      description: 'x402 version 2: base64 of a signed payment for one of the terms in `accepts` of a 402.'
    })
  ),
  'x-poweroracle-agent': Type.Optional(Type.String({ maxLength: 200, description: 'Name of the client; free text.' })),
  'idempotency-key': Type.Optional(
    Type.String({
      maxLength: 255,
      description:
        "x402: the payer's own identifier of this purchase. The same payment and body with the key return the stored answer, even if the purchase was made without a key. A newly signed payment with the same key returns the first answer and is not charged."
    })
  )
})
