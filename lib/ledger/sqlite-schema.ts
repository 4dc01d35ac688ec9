/**
 * Forward-only migrations; the position in the list is the schema version (`PRAGMA user_version`).
 * A landed entry never changes.
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
  `
]
