import { type Static, type TObject, Type } from '@sinclair/typebox'

/** The members of a 402's body that are this rail's offer. */
export const L402_OFFER_MEMBERS = {
  invoice: Type.Optional(Type.String({ description: 'BOLT11 invoice.' })),
  macaroon: Type.Optional(Type.String({ description: 'The token, standard base64.' })),
  priceSats: Type.Optional(Type.Integer({ description: 'Amount of the invoice.' })),
  invoice_expires_at: Type.Optional(
    Type.String({ format: 'date-time', description: 'Until then the invoice can be paid.' })
  ),
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
  )
}
export type L402Offer = Static<TObject<typeof L402_OFFER_MEMBERS>>

/** An invoice for the development wallet to pay. */
export const DevelopmentPayment = Type.Object(
  { invoice: Type.String({ maxLength: 2048, description: 'A regtest BOLT11 invoice of this service.' }) },
  { title: 'DevelopmentPayment', description: 'An invoice to pay with play money.', additionalProperties: false }
)
export type DevelopmentPayment = Static<typeof DevelopmentPayment>

/** The result of a payment. */
export const DevelopmentReceipt = Type.Object(
  {
    preimage: Type.String({ description: '64 hex digits: the proof of payment.' }),
    payment_hash: Type.String({ description: '64 hex digits.' }),
    amount_sats: Type.Integer({ description: 'Amount of the invoice.' })
  },
  { title: 'DevelopmentReceipt', description: 'A payment of the development wallet.', additionalProperties: false }
)
export type DevelopmentReceipt = Static<typeof DevelopmentReceipt>

/** The resources sold over L402. No specification defines this document; its members are those that crawlers read today. */
export const WellKnownL402 = Type.Object(
  {
    version: Type.String({ description: 'Version of this document.' }),
    protocol: Type.String({ description: 'Always `L402`.' }),
    name: Type.String(),
    description: Type.String(),
    url: Type.String(),
    openapi: Type.String(),
    authentication: Type.Object(
      {
        challenge_header: Type.String(),
        challenge_format: Type.String(),
        authorization_header: Type.String(),
        authorization_format: Type.String()
      },
      { additionalProperties: false }
    ),
    payment: Type.Object(
      { network: Type.String(), currency: Type.String(), invoice_format: Type.String() },
      { additionalProperties: false }
    ),
    endpoints: Type.Array(
      Type.Object(
        {
          path: Type.String(),
          url: Type.String(),
          method: Type.String(),
          price_usd: Type.String({ description: 'Decimal US dollars.' }),
          price_sats: Type.Optional(Type.Integer({ description: 'Current price; absent while the rail is off.' }))
        },
        { additionalProperties: false }
      )
    )
  },
  { opaque: true, description: 'The resources sold over L402, for directories.', additionalProperties: false }
)
export type WellKnownL402 = Static<typeof WellKnownL402>

/** The L402 manifest that proxies publish and directories read. No specification defines this document either. */
export const L402Services = Type.Object(
  {
    version: Type.String({ description: 'Version of the form.' }),
    service: Type.Object(
      { name: Type.String(), description: Type.String(), url: Type.String(), openapi: Type.String() },
      { additionalProperties: false }
    ),
    payment_methods: Type.Array(Type.Object({ type: Type.String() }, { additionalProperties: false })),
    routes: Type.Array(
      Type.Object(
        {
          path: Type.String(),
          method: Type.String(),
          price: Type.Optional(
            Type.Object(
              { type: Type.String({ description: 'Always `dynamic`.' }), amount_msat: Type.Integer() },
              { additionalProperties: false, description: 'Current price; absent while the rail is off.' }
            )
          ),
          caveats_required: Type.Array(Type.String()),
          example: Type.Record(Type.String(), Type.Unknown())
        },
        { additionalProperties: false }
      )
    )
  },
  { opaque: true, description: 'The L402 manifest, for directories.', additionalProperties: false }
)
export type L402Services = Static<typeof L402Services>
