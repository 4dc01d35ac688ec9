import type { Queries } from '../database/database.ts'
import { rowOf, type Script } from '../database/script.ts'
import type { ClaimRequest, PendingPayment, Purchase, StoredAnswer } from './ledger.ts'

/** The table of payments, the same on both engines. */
export interface PaymentsTable {
  /** `<rail>:<reference>` */
  proof_key: string
  rail: string
  state: 'settling' | 'captured' | 'unknown' | 'released'
  fingerprint: string
  route: string
  /** Decimal, in the asset's smallest unit. */
  amount_atomic: string
  asset: string
  claimed_at_ms: number
  captured_at_ms: number | null
  answer_status: number | null
  /** Null if the answer is a revision, was dropped, or never existed. */
  answer_body: string | null
  answer_revision_id: string | null
  answer_kept_until_ms: number
  proof_digest: Buffer | null
  purchase_key: string | null
  payer: string | null
  payee: string | null
  /** Decimal unix seconds. */
  settle_before_s: string | null
  settlement: string | null
  delivered_at_ms: number | null
  /** When the hold on the answer's delivery ends; meaningless once it is delivered. */
  held_until_ms: number | null
  /** Null for a prepaid payment. */
  settling_at_ms: number | null
  /** The workout's record while the payment is pending. */
  pending_record: string | null
  /** What settles a pending payment without its client, in its rail's form; null once it is resolved. */
  pending_proof: string | null
  /** The workout that a pending revision reserves. */
  reserves_workout_id: string | null
  /** The athlete of an answer in this row, unless `pending_record` names it. */
  answer_athlete_key: Buffer | null
}

/** A payment row as read, with its answer. */
export type PaymentRow = Pick<
  PaymentsTable,
  | 'proof_key'
  | 'rail'
  | 'state'
  | 'fingerprint'
  | 'amount_atomic'
  | 'asset'
  | 'proof_digest'
  | 'purchase_key'
  | 'payer'
  | 'payee'
  | 'settle_before_s'
  | 'settlement'
  | 'delivered_at_ms'
  | 'held_until_ms'
  | 'settling_at_ms'
  | 'pending_proof'
  | 'answer_status'
  | 'answer_body'
>

/** The query builder over the tables that this folder reads. */
export type PaymentQueries = Queries<{ payments: PaymentsTable }>

// A completed workout's answer is stored in its revision only.
const SELECT_PAYMENT = `
  SELECT p.proof_key, p.rail, p.state, p.fingerprint, p.amount_atomic, p.asset, p.proof_digest, p.purchase_key,
    p.payer, p.payee, p.settle_before_s, p.settlement, p.delivered_at_ms, p.held_until_ms, p.settling_at_ms,
    p.pending_proof, p.answer_status, coalesce(p.answer_body, r.answer_json) AS answer_body
  FROM payments p LEFT JOIN revisions r ON r.revision_id = p.answer_revision_id`

export const SELECT_BY_PROOF = `${SELECT_PAYMENT} WHERE p.proof_key = ?`
const SELECT_BY_PURCHASE = `${SELECT_PAYMENT} WHERE p.purchase_key = ? AND p.state <> 'released'`
const SELECT_KNOWN = 'SELECT 1 FROM payments WHERE proof_key = ?'
export const SELECT_PENDING = `${SELECT_PAYMENT}
  WHERE p.state IN ('settling', 'unknown') AND p.settling_at_ms <= ? ORDER BY p.settling_at_ms LIMIT ?`

/** The row of a proof or of its named purchase; a released one counts as none. */
export function* findPayment({ proofKey, purchaseKey }: ClaimRequest): Script<PaymentRow | undefined> {
  const own = yield* rowOf<PaymentRow>(SELECT_BY_PROOF, proofKey)
  if (own !== undefined && own.state !== 'released') return own
  return purchaseKey === undefined ? undefined : yield* rowOf<PaymentRow>(SELECT_BY_PURCHASE, purchaseKey)
}

export function* isKnown(proofKey: string): Script<boolean> {
  return (yield* rowOf(SELECT_KNOWN, proofKey)) !== undefined
}

export function storedAnswer({ answer_status: status, answer_body: body }: PaymentRow): StoredAnswer | undefined {
  return status === null || body === null ? undefined : { status, body }
}

/**
 * @param isDelivered true if the delivery is not recorded in the row yet
 * @param isHeldElsewhere true if another process may be delivering the answer
 */
export function purchaseOf(row: PaymentRow, isDelivered: boolean, isHeldElsewhere: boolean): Purchase {
  return {
    proofKey: row.proof_key,
    fingerprint: row.fingerprint,
    proofDigest: row.proof_digest === null ? undefined : Buffer.from(row.proof_digest),
    answer: storedAnswer(row),
    settlement: row.settlement ?? undefined,
    delivered: isDelivered || row.delivered_at_ms !== null,
    isHeldElsewhere,
    payer: row.payer ?? undefined,
    purchaseKey: row.purchase_key ?? undefined
  }
}

export function isPending({ state }: PaymentRow): boolean {
  return state === 'settling' || state === 'unknown'
}

/** @param row of a payment that is pending */
export function pendingPaymentOf(row: PaymentRow): PendingPayment {
  return {
    proofKey: row.proof_key,
    rail: row.rail,
    state: row.state === 'unknown' ? 'unknown' : 'settling',
    amountAtomic: BigInt(row.amount_atomic),
    asset: row.asset,
    payer: row.payer ?? undefined,
    payee: row.payee ?? undefined,
    settleBeforeSeconds: row.settle_before_s === null ? undefined : BigInt(row.settle_before_s),
    settlingSinceMs: row.settling_at_ms ?? 0,
    proof: row.pending_proof ?? undefined
  }
}
