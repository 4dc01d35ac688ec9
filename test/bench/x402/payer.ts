import { randomBytes } from 'node:crypto'
import type { PaymentPayload, PaymentRequired } from '@x402/core/types'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { x402Client } from '@x402/fetch'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { workoutRequest } from '../requests.ts'

/**
 * Pays one server as the reference client does, echoes of its 402 included. Only the first payment of a round is
 * really signed: the others differ in their nonce, and nobody looks at the signature.
 */
export class Payer {
  readonly #client = new x402Client().register(
    'eip155:*',
    new ExactEvmScheme(privateKeyToAccount(generatePrivateKey()))
  )
  readonly #required: PaymentRequired

  private constructor(required: PaymentRequired) {
    this.#required = required
    this.#client.setSpendControls(false)
  }

  /** @param unpaid a request that the server answers with 402 */
  static async for(port: number, body: string): Promise<Payer> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
    const { headers } = await fetch(`http://127.0.0.1:${port}/v1/compute-power`, init)
    return new Payer(JSON.parse(Buffer.from(headers.get('payment-required') ?? '', 'base64').toString()))
  }

  /** Each workout with a payment of its own. */
  async pay(bodies: readonly string[]): Promise<Buffer[]> {
    const signed = await this.#client.createPaymentPayload(this.#required)
    return bodies.map((body) => paidRequest(body, withFreshNonce(signed)))
  }
}

function withFreshNonce(signed: PaymentPayload): PaymentPayload {
  const authorization = { ...(signed.payload.authorization as object), nonce: `0x${randomBytes(32).toString('hex')}` }
  return { ...signed, payload: { ...signed.payload, authorization } }
}

function paidRequest(body: string, payment: PaymentPayload): Buffer {
  const header = Buffer.from(JSON.stringify(payment)).toString('base64')
  const unpaid = workoutRequest(body)
  const end = unpaid.indexOf('\r\n') + 2
  return Buffer.concat([unpaid.subarray(0, end), Buffer.from(`payment-signature: ${header}\r\n`), unpaid.subarray(end)])
}
