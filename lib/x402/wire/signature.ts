import type { Payment } from '../settler.ts'
import { TRANSFER_TYPES } from './transfer-types.ts'

const ECDSA_HEX_LENGTH = 2 + 2 * 65

/**
 * Checks whether the payer's own key signed. `needs_chain` if that is undecidable offline: a contract wallet signs by
 * its own rules (ERC-1271), with 65 bytes or more. About 3 ms of CPU; viem loads with the first call.
 */
export async function checkSignature(payment: Payment): Promise<'good' | 'needs_chain'> {
  const { terms, from, to, value, validAfter, validBefore, nonce, signature } = payment
  if (signature.length !== ECDSA_HEX_LENGTH) return 'needs_chain'
  const { recoverTypedDataAddress } = await import('viem/utils')
  try {
    const signer = await recoverTypedDataAddress({
      domain: {
        ...terms.domain,
        chainId: Number(terms.network.slice('eip155:'.length)),
        verifyingContract: terms.asset
      },
      types: TRANSFER_TYPES,
      primaryType: 'TransferWithAuthorization',
      message: { from, to, value, validAfter, validBefore, nonce },
      signature
    })
    return signer.toLowerCase() === from ? 'good' : 'needs_chain'
  } catch {
    return 'needs_chain'
  }
}
