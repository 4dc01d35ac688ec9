import { type Static, Type } from '@sinclair/typebox'

/** The development chain, and a funded account on it. */
export const DevelopmentChain = Type.Object(
  {
    rpc_url: Type.String(),
    network: Type.String({ description: 'CAIP-2.' }),
    asset: Type.String({ description: "The token's contract: 6 decimals." }),
    asset_name: Type.String({ description: 'EIP-712 name.' }),
    asset_version: Type.String({ description: 'EIP-712 version.' }),
    pay_to: Type.String(),
    payer: Type.Object({
      address: Type.String(),
      private_key: Type.String({
        description: 'Derived from the well-known development mnemonic; without value on any other chain.'
      })
    })
  },
  { $id: 'DevelopmentChain', title: 'DevelopmentChain' }
)
export type DevelopmentChain = Static<typeof DevelopmentChain>
