import { PRICE_ATOMIC } from './simulated-chain.ts'

/** A payment as the database has it. */
export interface PaymentRow {
  readonly proof_key: string
  readonly purchase_key: string | null
  readonly fingerprint: string
  readonly state: string
  readonly amount_atomic: string
  readonly settlement: string | null
  readonly answer_body: string | null
  readonly pending_proof: string | null
}

/** An answer that left, and the payment that was told to have bought it. */
export interface Given {
  readonly body: string
  readonly key: string
  readonly isDelivered: boolean
}

/**
 * What chain and ledger disagree about, in plain words. Money that has moved belongs to a payment that is captured with
 * its answer, or pending with it; nothing else has moved; and each answer that left is the answer of one payment.
 * @param moved references of the money that moved, by proof
 */
export function disagreements(
  moved: ReadonlyMap<string, string>,
  rows: readonly PaymentRow[],
  given: readonly Given[]
): string[] {
  const found: string[] = []
  const rowOf = new Map(rows.map((row) => [row.proof_key, row]))
  for (const { proof_key: key, state, amount_atomic, settlement, answer_body, pending_proof } of rows) {
    if (state === 'captured' && moved.get(key) !== settlement) found.push(`${key} is captured as ${settlement}`)
    if (state === 'released' && moved.has(key)) found.push(`${key} is released, and its money has moved`)
    if (state !== 'released' && answer_body === null) found.push(`${key} is ${state} and has no answer`)
    if ((pending_proof !== null) !== (state === 'settling' || state === 'unknown'))
      found.push(`${key} is ${state} and holds ${pending_proof}`)
    if (amount_atomic !== PRICE_ATOMIC.toString()) found.push(`${key} is of ${amount_atomic}`)
  }
  for (const key of moved.keys()) if (!rowOf.has(key)) found.push(`money of ${key} has moved, and no row says so`)
  const answers = rows.flatMap(({ answer_body }) => (answer_body === null ? [] : [answer_body]))
  if (new Set(answers).size !== answers.length) found.push('one answer belongs to two payments')
  for (const { body, key } of given) {
    const row = rowOf.get(key)
    if (row?.state !== 'captured' || row.answer_body !== body)
      found.push(`${body} was given for ${key}, which is ${row?.state} with ${row?.answer_body}`)
  }
  return found
}
