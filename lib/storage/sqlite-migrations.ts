/**
 * Forward-only migrations; the position in the list is the schema version (`PRAGMA user_version`).
 * A landed entry never changes. Entries may use the SQL functions `figures_of`, `digest_of` and `movements_of`.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE payments (
    proof_key TEXT PRIMARY KEY,
    rail TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('claimed', 'computed', 'settling', 'captured', 'unknown', 'released')),
    fingerprint TEXT NOT NULL,
    route TEXT NOT NULL,
    amount_atomic TEXT NOT NULL,
    asset TEXT NOT NULL,
    claimed_at_ms INTEGER NOT NULL,
    captured_at_ms INTEGER,
    answer_status INTEGER,
    answer_body TEXT,
    answer_revision_id TEXT,
    answer_kept_until_ms INTEGER NOT NULL
  ) STRICT;

  CREATE INDEX payments_with_answer ON payments (answer_kept_until_ms) WHERE answer_body IS NOT NULL;

  CREATE TABLE revisions (
    revision_id TEXT PRIMARY KEY,
    workout_id TEXT NOT NULL,
    athlete_key BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('canonical', 'superseded', 'voided')),
    performed_date TEXT NOT NULL,
    request_json TEXT NOT NULL,
    answer_json TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE write_probe (id INTEGER PRIMARY KEY CHECK (id = 1), at_ms INTEGER NOT NULL) STRICT;

  CREATE INDEX revisions_of_athlete ON revisions (athlete_key);
  CREATE UNIQUE INDEX one_canonical_revision ON revisions (workout_id) WHERE state = 'canonical';
  `,
  `
  ALTER TABLE payments ADD COLUMN proof_digest BLOB;
  ALTER TABLE payments ADD COLUMN purchase_key TEXT;
  ALTER TABLE payments ADD COLUMN payer TEXT;
  ALTER TABLE payments ADD COLUMN payee TEXT;
  ALTER TABLE payments ADD COLUMN settle_before_s TEXT;
  ALTER TABLE payments ADD COLUMN settlement TEXT;
  ALTER TABLE payments ADD COLUMN delivered_at_ms INTEGER;
  ALTER TABLE payments ADD COLUMN settling_at_ms INTEGER;
  ALTER TABLE payments ADD COLUMN pending_record TEXT;
  ALTER TABLE payments ADD COLUMN reserves_workout_id TEXT;

  CREATE UNIQUE INDEX one_payment_per_purchase ON payments (purchase_key)
    WHERE purchase_key IS NOT NULL AND state <> 'released';
  CREATE UNIQUE INDEX one_settling_payment_per_workout ON payments (reserves_workout_id)
    WHERE reserves_workout_id IS NOT NULL AND state IN ('settling', 'unknown');
  CREATE INDEX pending_payments ON payments (settling_at_ms) WHERE state IN ('settling', 'unknown');

  CREATE TABLE record_sequence (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL) STRICT;
  INSERT INTO record_sequence SELECT 1, coalesce(max(rowid), 0) FROM revisions;

  CREATE TABLE revisions_with_history (
    sequence INTEGER PRIMARY KEY,
    revision_id TEXT NOT NULL UNIQUE,
    workout_id TEXT NOT NULL,
    athlete_key BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('canonical', 'superseded', 'voided')),
    performed_date TEXT NOT NULL,
    workout_sequence INTEGER NOT NULL,
    ended_sequence INTEGER NOT NULL DEFAULT 0 CHECK ((state = 'canonical') = (ended_sequence = 0)),
    created_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    supersedes_revision_id TEXT,
    reason TEXT,
    void_reason TEXT,
    movements TEXT NOT NULL,
    digest TEXT NOT NULL,
    figures TEXT NOT NULL,
    request_json TEXT NOT NULL,
    answer_json TEXT NOT NULL
  ) STRICT;
  INSERT INTO revisions_with_history (sequence, revision_id, workout_id, athlete_key, state, performed_date,
    workout_sequence, created_at_ms, movements, digest, figures, request_json, answer_json)
    SELECT rowid, revision_id, workout_id, athlete_key, state, performed_date, rowid, created_at_ms,
      movements_of(workout_id, performed_date, answer_json), digest_of(workout_id, performed_date, answer_json),
      figures_of(workout_id, performed_date, answer_json), request_json, answer_json FROM revisions;
  DROP TABLE revisions;
  ALTER TABLE revisions_with_history RENAME TO revisions;

  CREATE UNIQUE INDEX one_canonical_revision ON revisions (workout_id, ended_sequence);
  CREATE INDEX canonical_workouts ON revisions (athlete_key, performed_date, workout_sequence, movements)
    WHERE ended_sequence = 0;
  CREATE INDEX revisions_of_athlete ON revisions (athlete_key, sequence);
  CREATE INDEX ended_revisions_of_athlete ON revisions (athlete_key, ended_sequence) WHERE ended_sequence > 0;
  `,
  `
  ALTER TABLE payments ADD COLUMN answer_athlete_key BLOB;
  CREATE INDEX answers_of_athlete ON payments (answer_athlete_key) WHERE answer_athlete_key IS NOT NULL;
  `
]
