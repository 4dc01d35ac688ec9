import { type Static, Type } from '@sinclair/typebox'
import { IntegerLiteral } from './quantity.ts'
import { X402Resource, X402Terms } from './x402.ts'

const Link = Type.Object({ href: Type.String(), type: Type.Optional(Type.String()) }, { additionalProperties: false })

/** RFC 9727 API catalogue: an RFC 9264 link set. */
export const ApiCatalog = Type.Object(
  {
    linkset: Type.Array(
      Type.Object(
        {
          anchor: Type.String(),
          'service-desc': Type.Optional(Type.Array(Link)),
          'service-doc': Type.Optional(Type.Array(Link)),
          'service-meta': Type.Optional(Type.Array(Link)),
          status: Type.Optional(Type.Array(Link)),
          item: Type.Optional(Type.Array(Link))
        },
        { additionalProperties: false }
      )
    )
  },
  {
    opaque: true,
    description: 'An RFC 9264 link set.',
    additionalProperties: false
  }
)
export type ApiCatalog = Static<typeof ApiCatalog>

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
          example: Example
        },
        { additionalProperties: false }
      )
    )
  },
  { opaque: true, description: 'The L402 manifest, for directories.', additionalProperties: false }
)
export type L402Services = Static<typeof L402Services>
