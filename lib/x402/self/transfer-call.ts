import type { Hex, Payment } from '../settler.ts'

/**
 * The token's call that settles a payment. A key's signature goes as v, r and s, which every EIP-3009 token takes; a
 * wallet contract's as bytes, without the wrapping that is for wallets which are not deployed yet (ERC-6492).
 */
export async function encodeTransfer(payment: Payment): Promise<Hex> {
  const { encodeFunctionData, parseAbi, parseErc6492Signature } = await import('viem/utils')
  const head = 'address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce'
  const { from, to, value, validAfter, validBefore, nonce } = payment
  const args = [from, to, value, validAfter, validBefore, nonce] as const
  const { signature } = parseErc6492Signature(payment.signature)
  if (signature.length !== 132) {
    const abi = parseAbi([`function transferWithAuthorization(${head}, bytes signature)`])
    return encodeFunctionData({ abi, args: [...args, signature] })
  }
  const part = (start: number, end?: number): Hex => `0x${signature.slice(start, end)}`
  const parity = Number(part(130))
  const abi = parseAbi([`function transferWithAuthorization(${head}, uint8 v, bytes32 r, bytes32 s)`])
  return encodeFunctionData({ abi, args: [...args, parity < 27 ? 27 + parity : parity, part(2, 66), part(66, 130)] })
}
