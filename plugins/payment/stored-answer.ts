import type { FastifyReply } from 'fastify'
import type { Receipted } from '../../lib/billing/charge.ts'
import type { ChargeRequest, Rail } from '../../lib/billing/rail.ts'
import type { Ledger, StoredAnswer } from '../../lib/ledger/ledger.ts'

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8'
export const REPLAYED = 'idempotent-replayed'

/** Sends the stored answer of an earlier purchase, byte for byte, with its receipt. */
export async function sendStored(
  reply: FastifyReply,
  ledger: Ledger,
  rail: Rail,
  { answer, purchase }: { readonly answer: StoredAnswer; readonly purchase: Receipted },
  request: ChargeRequest
): Promise<FastifyReply> {
  reply.code(answer.status).header('content-type', JSON_MEDIA_TYPE).header('cache-control', 'no-store')
  reply.header(REPLAYED, 'true')
  await addReceipt(reply, ledger, rail, purchase, request)
  return reply.send(answer.body)
}

/**
 * Adds the rail's receipt, and records when an answer that is delivered once has left. The answer is paid by now: if
 * the receipt fails, the answer leaves without it.
 */
export async function addReceipt(
  reply: FastifyReply,
  ledger: Ledger,
  rail: Rail,
  purchase: Receipted,
  request: ChargeRequest
): Promise<void> {
  if (rail.receipt === undefined) return
  reply.raw.once('finish', () => ledger.markDelivered(purchase.proofKey))
  try {
    for (const [name, value] of await rail.receipt(purchase, request)) reply.header(name, value)
  } catch (error) {
    reply.log.error({ err: error, rail: rail.name }, 'an answer left without its receipt')
  }
}
