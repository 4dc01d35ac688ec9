import { type Static, type TObject, Type } from '@sinclair/typebox'
import { JsonObject } from '../../schemas/naming.ts'
import { IntegerLiteral } from '../../schemas/quantity.ts'

/** What a payment buys, as x402 version 2 describes it. */
export const X402Resource = Type.Object(
  { url: Type.String(), description: Type.String(), mimeType: Type.String() },
  // As `extra` below: a payment repeats it unchanged.
  {
    opaque: true,
    description: 'What the payment buys: `url`, `description` and `mimeType`; a payment repeats it unchanged.',
    additionalProperties: false
  }
)

/** The terms of one payment, as x402 version 2 lists them in `accepts`. */
export const X402Terms = Type.Object(
  {
    scheme: Type.String({ description: 'Always `exact`.' }),
    network: Type.String({ description: 'CAIP-2.' }),
    amount: Type.String({ description: "In the asset's smallest unit." }),
    asset: Type.String({ description: "The token's contract." }),
    payTo: Type.String({ description: 'The payee.' }),
    maxTimeoutSeconds: Type.Integer({ description: 'The longest that a payment may take.' }),
    // Schemes extend it: a generated type with two members would drop the others before a client signs.
    extra: Type.Object(
      { name: Type.String(), version: Type.String() },
      {
        opaque: true,
        description: "`name` and `version` of the token's EIP-712 domain; a payment repeats it unchanged."
      }
    )
  },
  { title: 'X402Terms', description: 'The terms of one payment in x402 version 2.', additionalProperties: false }
)

/** The headers of a request that is paid over this rail. */
export const X402_REQUEST_HEADERS = {
  'PAYMENT-SIGNATURE': Type.String({
    description: 'x402 version 2: base64 of a signed payment for one of the terms in `accepts` of a 402.'
  }),
  'Idempotency-Key': Type.String({
    maxLength: 255,
    description:
      "x402: the payer's own identifier of this purchase. The same payment and body with the key return the stored answer, even if the purchase was made without a key. A newly signed payment with the same key returns the first answer and is not charged."
  })
}

/** The members of a 402's body that are this rail's offer. */
export const X402_OFFER_MEMBERS = {
  x402Version: Type.Optional(
    Type.Integer({ description: 'This and the following members are those of PAYMENT-REQUIRED.' })
  ),
  error: Type.Optional(Type.String({ description: 'Why a payment is required, or why one was rejected.' })),
  resource: Type.Optional(X402Resource),
  accepts: Type.Optional(Type.Array(X402Terms, { description: 'Terms; a payment meets one of them.' })),
  extensions: Type.Optional(JsonObject)
}
export type X402Offer = Static<TObject<typeof X402_OFFER_MEMBERS>>

/** The development chain, and a funded account on it. */
export const DevelopmentChain = Type.Object(
  {
    rpc_url: Type.String({ description: 'JSON-RPC of the chain.' }),
    network: Type.String({ description: 'CAIP-2.' }),
    asset: Type.String({ description: "The token's contract: 6 decimals." }),
    asset_name: Type.String({ description: 'EIP-712 name.' }),
    asset_version: Type.String({ description: 'EIP-712 version.' }),
    pay_to: Type.String({ description: 'The payee of every answer.' }),
    payer: Type.Object(
      {
        address: Type.String({ description: 'A funded account.' }),
        private_key: Type.String({
          description: 'Derived from the well-known development mnemonic; without value on any other chain.'
        })
      },
      { title: 'DevelopmentPayer', description: 'An account for purchases with play money.' }
    )
  },
  { title: 'DevelopmentChain', description: 'The development chain and a funded account on it.' }
)
export type DevelopmentChain = Static<typeof DevelopmentChain>

const Schema = Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema.' })
const Example = Type.Record(Type.String(), Type.Unknown())

const X402Item = Type.Object(
  {
    resource: X402Resource,
    type: Type.String({ description: 'Always `http`.' }),
    accepts: Type.Array(X402Terms, { description: 'Current terms; the terms of a 402 are binding.' }),
    input: Type.Object(
      {
        method: Type.String(),
        routeTemplate: Type.String(),
        bodyType: Type.String({ description: 'Always `json`.' }),
        body: Schema,
        example: Example
      },
      { additionalProperties: false }
    ),
    output: Type.Object({ mimeType: Type.String(), schema: Schema, example: Example }, { additionalProperties: false })
  },
  { additionalProperties: false }
)

/**
 * The resources sold over x402. No specification defines this document: directories read `version` and `resources`
 * today; the rest follows the draft of `/.well-known/x402.json` (x402-foundation).
 */
export const WellKnownX402 = Type.Object(
  {
    version: IntegerLiteral(1),
    resources: Type.Array(Type.String(), { description: 'URLs that return a price without further parameters.' }),
    x402Version: IntegerLiteral(2),
    lastUpdated: Type.Integer({ description: 'Unix seconds.' }),
    items: Type.Array(X402Item),
    receipts: Type.Optional(
      Type.Object(
        {
          format: Type.String({ description: 'Always `jws`.' }),
          kid: Type.String({ description: 'DID URL of the key that signs receipts.' })
        },
        { additionalProperties: false }
      )
    )
  },
  { opaque: true, description: 'The resources sold over x402, for directories.', additionalProperties: false }
)
export type WellKnownX402 = Static<typeof WellKnownX402>
