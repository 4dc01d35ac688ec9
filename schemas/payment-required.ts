import { type Static, Type } from '@sinclair/typebox'

/** The body of a 402: a problem document that also carries every offer, for tools that read bodies. */
export const PaymentRequired = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Literal(402),
    detail: Type.Literal('Payment required'),
    code: Type.Literal('payment_required'),
    retryable: Type.Boolean(),
    price_usd: Type.String({ description: 'Decimal US dollars.' }),
    reason: Type.Optional(
      Type.Object(
        { code: Type.String(), detail: Type.String() },
        { description: 'Why the proof of payment was rejected.' }
      )
    ),
    unavailable: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Rails that make no offer at present, each with the reason.'
      })
    ),
    invoice: Type.Optional(Type.String({ description: 'BOLT11 invoice.' })),
    macaroon: Type.Optional(Type.String({ description: 'The token, standard base64.' })),
    priceSats: Type.Optional(Type.Integer()),
    invoice_expires_at: Type.Optional(Type.String({ format: 'date-time' })),
    x402Version: Type.Optional(
      Type.Integer({ description: 'This and the following members are those of PAYMENT-REQUIRED.' })
    ),
    error: Type.Optional(Type.String()),
    resource: Type.Optional(Type.Object({ url: Type.String(), description: Type.String(), mimeType: Type.String() })),
    accepts: Type.Optional(
      Type.Array(
        Type.Object({
          scheme: Type.String(),
          network: Type.String({ description: 'CAIP-2.' }),
          amount: Type.String({ description: "In the asset's smallest unit." }),
          asset: Type.String(),
          payTo: Type.String(),
          maxTimeoutSeconds: Type.Integer(),
          extra: Type.Object({ name: Type.String(), version: Type.String() }, { description: 'EIP-712 domain.' })
        })
      )
    ),
    extensions: Type.Optional(Type.Record(Type.String(), Type.Unknown()))
  },
  { $id: 'PaymentRequired', title: 'PaymentRequired' }
)
export type PaymentRequired = Static<typeof PaymentRequired>
