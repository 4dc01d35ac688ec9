import { type Static, Type } from '@sinclair/typebox'

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
