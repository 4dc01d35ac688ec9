/** The mnemonic that every Ethereum development tool knows. Its keys guard nothing. */
export const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk'

/** Account 0 pays the gas and settles. */
export const SETTLER = {
  address: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
  key: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
} as const

/** Account 1 holds the tokens. */
export const PAYER = {
  address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  key: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
} as const

/** Account 2 is paid. */
export const PAY_TO = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc'

/** Where the first transaction of account 0 puts the token. */
export const TOKEN = '0x5fbdb2315678afecb367f032d93f642f64180aa3'
