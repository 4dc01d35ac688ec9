import type { FastifyReply } from 'fastify'
import { stillRunning } from '../../lib/billing/billing-problems.ts'
import type { Receipted } from '../../lib/billing/charge.ts'
import type { ChargeRequest, Headers, Rail } from '../../lib/billing/rail.ts'
import type { Ledger, StoredAnswer } from '../../lib/ledger/ledger.ts'
import { sendReady } from '../http/ready-answer.ts'

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8'
export const REPLAYED = 'idempotent-replayed'

/** Sends the stored answer of an earlier purchase, byte for byte, with its receipt. */
export async function sendStored(
  reply: FastifyReply,
  ledger: Ledger,
  rail: Rail,
  { answer, purchase }: { readonly answer: StoredAnswer; readonly purchase: Receipted },
  request: ChargeRequest
): Promise<void> {
  const headers = [REPLAYED, 'true']
  // Fastify writes the names of a first answer's headers in lower case.
  for (const [name, value] of await receiptFor(reply, ledger, rail, purchase, request))
    headers.push(name.toLowerCase(), value)
  sendReady(reply, answer.status, headers, answer.body, JSON_MEDIA_TYPE)
}

/**
 * Makes the rail's receipt, and records the delivery of an answer that is delivered once. The answer is paid by now: if
 * the receipt fails, the answer leaves without it.
 * @returns headers of the answer
 * @throws ProblemError 409 if another process may be delivering the answer
 */
export async function receiptFor(
  reply: FastifyReply,
  ledger: Ledger,
  rail: Rail,
  purchase: Receipted,
  request: ChargeRequest
): Promise<Headers> {
  // A prepaid rail gives its answers again, and has nothing to resolve.
  if (rail.resolve !== undefined) follow(reply, ledger, purchase.proofKey)
  if (rail.receipt === undefined) return []
  try {
    return await rail.receipt(purchase, request)
  } catch (error) {
    reply.log.error({ err: error, rail: rail.name }, 'an answer left without its receipt')
    return []
  }
}

/** Ends the hold on an answer with its response. */
function follow({ raw }: FastifyReply, ledger: Ledger, proofKey: string): void {
  const isLost = ledger.hasLostDelivery(proofKey)
  if (isLost || raw.destroyed) ledger.releaseDelivery(proofKey)
  if (isLost) throw stillRunning()
  if (raw.destroyed) return
  raw.once('finish', () => ledger.markDelivered(proofKey))
  raw.once('close', () => {
    if (!raw.writableFinished) ledger.releaseDelivery(proofKey)
  })
}
