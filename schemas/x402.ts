import { Type } from '@sinclair/typebox'

/** What a payment buys, as x402 version 2 describes it. */
export const X402Resource = Type.Object(
  { url: Type.String(), description: Type.String(), mimeType: Type.String() },
  { title: 'X402Resource', additionalProperties: false }
)

/** The terms of one payment, as x402 version 2 lists them in `accepts`. */
export const X402Terms = Type.Object(
  {
    scheme: Type.String(),
    network: Type.String({ description: 'CAIP-2.' }),
    amount: Type.String({ description: "In the asset's smallest unit." }),
    asset: Type.String(),
    payTo: Type.String(),
    maxTimeoutSeconds: Type.Integer(),
    extra: Type.Object(
      { name: Type.String(), version: Type.String() },
      { title: 'X402TokenDomain', description: "The token's EIP-712 domain." }
    )
  },
  { title: 'X402Terms', additionalProperties: false }
)
