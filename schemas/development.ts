import { type Static, Type } from '@sinclair/typebox'

/** An invoice for the development wallet to pay. */
export const DevelopmentPayment = Type.Object(
  { invoice: Type.String({ maxLength: 2048, description: 'A regtest BOLT11 invoice of this service.' }) },
  { title: 'DevelopmentPayment', additionalProperties: false }
)
export type DevelopmentPayment = Static<typeof DevelopmentPayment>

/** The result of a payment. */
export const DevelopmentReceipt = Type.Object(
  {
    preimage: Type.String({ description: '64 hex digits: the proof of payment.' }),
    payment_hash: Type.String({ description: '64 hex digits.' }),
    amount_sats: Type.Integer()
  },
  { title: 'DevelopmentReceipt', additionalProperties: false }
)
export type DevelopmentReceipt = Static<typeof DevelopmentReceipt>

/** The development chain, and a funded account on it. */
export const DevelopmentChain = Type.Object(
  {
    rpc_url: Type.String(),
    network: Type.String({ description: 'CAIP-2.' }),
    asset: Type.String({ description: "The token's contract: 6 decimals." }),
    asset_name: Type.String({ description: 'EIP-712 name.' }),
    asset_version: Type.String({ description: 'EIP-712 version.' }),
    pay_to: Type.String(),
    payer: Type.Object(
      {
        address: Type.String(),
        private_key: Type.String({
          description: 'Derived from the well-known development mnemonic; without value on any other chain.'
        })
      },
      { title: 'DevelopmentPayer' }
    )
  },
  { title: 'DevelopmentChain' }
)
export type DevelopmentChain = Static<typeof DevelopmentChain>
