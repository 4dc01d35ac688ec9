/** The network that everything is sold on here: Base, as our defaults have it. */
export const NETWORK = 'eip155:8453'
export const PAY_TO = '0x209693bc6afc0c5328ba36faf03c514ef312287c'

/** What a facilitator answers that finds everything well. No payer is named, so that one answer fits every payment. */
export const SUPPORTED = {
  kinds: [{ x402Version: 2, scheme: 'exact', network: NETWORK }],
  extensions: [],
  signers: {}
} as const
export const VALID = { isValid: true } as const
export const SETTLED = { success: true, transaction: `0x${'ab'.repeat(32)}`, network: NETWORK } as const
