import type { PostgresDatabase } from '../database/postgres/postgres-database.ts'
import { RENEW_OR_CREATE_ATHLETE } from '../workouts/athlete-versions.ts'
import type { WorkoutDatabase } from '../workouts/workout-database.ts'
import type { WorkoutRecord } from '../workouts/workout-record.ts'
import { movementsOf, summaryOf } from '../workouts/workout-summary.ts'
import { DatabaseLedger } from './database-ledger.ts'
import type { ClaimOutcome, ClaimRequest, StoredAnswer } from './ledger.ts'
import { asCaptured, type Captured, type Entry, elsewhere, INSERT_PAYMENT, paymentValues } from './payment-entries.ts'

// The process that inserts the payment stores the workout; the athlete is locked from the start, so that versions rise
// in visible order.
const CAPTURE_WORKOUT = `
  WITH athlete AS (${RENEW_OR_CREATE_ATHLETE}),
  payment AS (${INSERT_PAYMENT} RETURNING proof_key),
  revision AS (
    INSERT INTO revisions (sequence, workout_sequence, revision_id, workout_id, athlete_key, state, performed_date,
      created_at_ms, movements, summary, figures, request_json, answer_json)
    SELECT athlete.version, athlete.version, ?, ?, athlete.athlete_key, 'canonical', ?, ?::bigint, ?, ?, ?, ?, ?
    FROM athlete, payment)
  SELECT proof_key FROM payment`

/** The ledger on Postgres: the most frequent purchase takes one round trip. */
export class PostgresLedger extends DatabaseLedger {
  readonly #postgres: PostgresDatabase

  /** @param now unix milliseconds */
  constructor(database: PostgresDatabase & WorkoutDatabase, now: () => number) {
    super(database, now)
    this.#postgres = database
  }

  // Other instances sell too. Finding their row only at the capture would have recreated the athlete.
  override claim(request: ClaimRequest): ClaimOutcome | Promise<ClaimOutcome> {
    return super.claim(request.isFirstUse ? { ...request, isFirstUse: false } : request)
  }

  protected override async captureFresh(
    entry: Entry,
    answer: StoredAnswer,
    record: WorkoutRecord | undefined,
    settlement: string | undefined
  ): Promise<Captured> {
    if (record?.supersedes !== undefined) return super.captureFresh(entry, answer, record, settlement)
    const payment = paymentValues(entry, 'captured', asCaptured(answer, record, settlement))
    const written =
      record === undefined
        ? await this.#postgres.execute(INSERT_PAYMENT, payment)
        : await this.#postgres.execute(CAPTURE_WORKOUT, workoutValues(payment, record, answer, entry.nowMs))
    if (written > 0) return { kind: 'fresh' }
    return this.#postgres.read(() => elsewhere(entry.request.proofKey))
  }
}

function workoutValues(
  payment: readonly unknown[],
  record: WorkoutRecord,
  { body }: StoredAnswer,
  nowMs: number
): readonly unknown[] {
  const { athleteKey, revisionId, workoutId, performedDate, requestJson, figures } = record
  const names = [revisionId, workoutId, performedDate, nowMs, movementsOf(figures)]
  return [
    athleteKey,
    ...payment,
    ...names,
    JSON.stringify(summaryOf(figures, record.labels)),
    JSON.stringify(figures),
    requestJson,
    body
  ]
}
