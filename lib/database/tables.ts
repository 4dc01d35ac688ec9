/** The tables, alike on both engines. */
export interface Tables {
  payments: PaymentsTable
  revisions: RevisionsTable
}

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
  /** Null where the answer is a revision, was dropped, or never was. */
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
  /** Null for a payment that was there before its answer. */
  settling_at_ms: number | null
  /** The workout's record while the payment is pending. */
  pending_record: string | null
  /** The workout that a pending revision changes: nobody else may. */
  reserves_workout_id: string | null
  /** Whom an answer is about that stands in this row, unless `pending_record` tells. */
  answer_athlete_key: Buffer | null
}

export interface RevisionsTable {
  /** Rises over all revisions, never given twice. */
  sequence: number
  revision_id: string
  workout_id: string
  athlete_key: Buffer
  state: 'canonical' | 'superseded' | 'voided'
  performed_date: string
  /** Of the workout's first revision: its place in lists, whatever is revised. */
  workout_sequence: number
  /** Athlete's version that ended it; 0 while canonical, so that a workout has one canonical revision at most. */
  ended_sequence: number
  created_at_ms: number
  ended_at_ms: number | null
  supersedes_revision_id: string | null
  /** The client's words, as a JSON string. */
  reason: string | null
  /** The client's words, as a JSON string. */
  void_reason: string | null
  /** Registry names, each once, each between spaces. */
  movements: string
  /** What else lists show, as JSON. */
  digest: string
  /** What the curve needs, as JSON. */
  figures: string
  request_json: string
  answer_json: string
}
