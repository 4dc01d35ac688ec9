import { type Static, Type } from '@sinclair/typebox'
import { JsonObject, named } from './naming.ts'
import { problemFields } from './problem.ts'
import { IntegerLiteral } from './quantity.ts'
import { X402Resource, X402Terms } from './x402.ts'

/** The body of a 402: a problem document that also carries every offer, for tools that read bodies. */
export const PaymentRequired = Type.Object(
  {
    ...problemFields,
    status: IntegerLiteral(402),
    detail: Type.String({ description: 'Always `Payment required`.' }),
    code: Type.String({ description: 'Always `payment_required`.' }),
    price_usd: Type.String({ description: 'Decimal US dollars.' }),
    reason: Type.Optional(
      Type.Object(
        { code: Type.String(), detail: Type.String() },
        { title: 'PaymentRefusal', description: 'Why the proof of payment was rejected.' }
      )
    ),
    unavailable: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Rails without an offer at present, each with the reason.'
      })
    ),
    offers: Type.Optional(
      named(JsonObject, 'Without a body: the terms by rail, as in GET /v1/payment-requirements. No invoice is made.')
    ),
    invoice: Type.Optional(Type.String({ description: 'BOLT11 invoice.' })),
    macaroon: Type.Optional(Type.String({ description: 'The token, standard base64.' })),
    priceSats: Type.Optional(Type.Integer()),
    invoice_expires_at: Type.Optional(Type.String({ format: 'date-time' })),
    invoice_reused: Type.Optional(
      Type.Boolean({
        description: 'Present and true if the same request came from this address before; the invoice is the same.'
      })
    ),
    invoice_reused_until: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Until then the same request returns this invoice, unless it is paid.'
      })
    ),
    x402Version: Type.Optional(
      Type.Integer({ description: 'This and the following members are those of PAYMENT-REQUIRED.' })
    ),
    error: Type.Optional(Type.String()),
    resource: Type.Optional(X402Resource),
    accepts: Type.Optional(Type.Array(X402Terms)),
    extensions: Type.Optional(JsonObject)
  },
  { title: 'PaymentRequired' }
)
export type PaymentRequired = Static<typeof PaymentRequired>
