import { type Static, Type } from '@sinclair/typebox'
import { JsonObject, named } from './naming.ts'
import { problemFields } from './problem.ts'
import { IntegerLiteral } from './quantity.ts'

/**
 * The body of a 402: a problem document that also carries every offer, for tools that read bodies. Each rail adds the
 * members of its offer (`RailDescription.offerMembers`).
 */
export const PaymentRequired = Type.Object(
  {
    ...problemFields,
    status: IntegerLiteral(402),
    detail: Type.String({ description: 'Always `Payment required`.' }),
    code: Type.String({ description: 'Always `payment_required`.' }),
    price_usd: Type.String({ description: 'Decimal US dollars.' }),
    reason: Type.Optional(
      Type.Object(
        {
          code: Type.String({ description: 'Stable machine-readable code.' }),
          detail: Type.String({ description: 'What is wrong with the proof.' })
        },
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
    )
  },
  {
    title: 'PaymentRequired',
    description: 'The problem document of a 402, with every offer.'
  }
)
export type PaymentRequired = Static<typeof PaymentRequired>
