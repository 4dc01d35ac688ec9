import type { Hex } from '../settler.ts'

/** Gas fees in wei (EIP-1559). */
export interface Fee {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

export interface Call {
  readonly to: Hex
  readonly data: Hex
  /** Limit, in units of gas. */
  readonly gas: bigint
}

export interface Signed {
  readonly hash: Hex
  /** The transaction as it is broadcast. */
  readonly raw: Hex
}

/** The account that pays the gas. It signs; the key cannot be read back. */
export interface GasKey {
  readonly address: Hex
  sign(chainId: number, nonce: number, call: Call, fee: Fee): Promise<Signed>
}

/**
 * Also loads the signing code (viem, 0.1 s).
 * @param key 32 bytes
 * @throws Error whose message does not contain the key
 */
export async function readGasKey(key: Hex): Promise<GasKey> {
  const [{ privateKeyToAccount }, { keccak256 }] = await Promise.all([import('viem/accounts'), import('viem/utils')])
  const account = quietly(() => privateKeyToAccount(key))
  return {
    address: account.address.toLowerCase() as Hex,
    async sign(chainId, nonce, call, fee) {
      const raw = await account.signTransaction({ type: 'eip1559', chainId, nonce, ...call, ...fee })
      return { raw, hash: keccak256(raw) }
    }
  }
}

function quietly<T>(make: () => T): T {
  try {
    return make()
  } catch {
    throw new Error('X402_SIGNER_KEY: is not a private key')
  }
}
