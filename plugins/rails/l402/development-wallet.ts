import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { DevelopmentPayment, DevelopmentReceipt } from '../../../lib/l402/l402-schemas.ts'
import type { EmbeddedNode } from '../../../lib/lightning/embedded-node.ts'
import { PayError } from '../../../lib/lightning/embedded-wallet.ts'
import { ProblemError } from '../../../lib/problems/problem.ts'
import { bodyResponses, commonResponses, problemResponse } from '../../../schemas/responses.ts'

const REFUSALS: Readonly<Record<PayError['code'], [status: number, detail: string]>> = {
  unknown: [404, 'This wallet knows only invoices that this service created since its start.'],
  expired: [410, 'The invoice has expired. Request a new challenge.'],
  already_paid: [409, 'The invoice is already paid. Its preimage was returned with that payment.']
}

/** Pays an invoice of the embedded wallet; only in development, and only for this machine. */
const developmentWallet: FastifyPluginAsyncTypebox<{ wallet: EmbeddedNode }> = async (app, { wallet }) => {
  app.post(
    '/dev/lightning/pay',
    {
      config: { developmentPart: 'development wallet' },
      schema: {
        operationId: 'payWithDevelopmentWallet',
        summary: 'Pay an invoice of this service with play money',
        tags: ['develop'],
        body: DevelopmentPayment,
        response: {
          200: {
            description: 'The invoice is paid.',
            content: { 'application/json': { schema: DevelopmentReceipt } }
          },
          403: problemResponse(403, 'The development wallet is available only on this machine.'),
          404: problemResponse(404, 'The invoice is unknown.'),
          409: problemResponse(409, 'The invoice is already paid.'),
          410: problemResponse(410, 'The invoice has expired.'),
          ...bodyResponses,
          ...commonResponses
        }
      }
    },
    (request, reply) => {
      try {
        const { preimage, paymentHash, amountSats } = wallet.pay(request.body.invoice)
        reply.header('cache-control', 'no-store').send({ preimage, payment_hash: paymentHash, amount_sats: amountSats })
      } catch (error) {
        if (!(error instanceof PayError)) throw error
        throw new ProblemError(REFUSALS[error.code][0], `invoice_${error.code}`, REFUSALS[error.code][1])
      }
    }
  )
}
export default developmentWallet
