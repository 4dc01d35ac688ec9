import { Type } from '@sinclair/typebox'

/** Headers that every paid route knows, beside the proofs of payment. */
export const PaidRequestHeaders = Type.Object({
  'x-poweroracle-agent': Type.Optional(Type.String({ maxLength: 200, description: 'Who asks, in free words.' })),
  'idempotency-key': Type.Optional(
    Type.String({
      maxLength: 255,
      description:
        "x402: the payer's own name for this purchase. A freshly signed payment under the same name gets the first answer, and is not taken."
    })
  )
})
