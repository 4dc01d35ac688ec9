import type { Migration } from '../database/migration.ts'

/** The schema on SQLite, with the same version numbers as on Postgres. */
export const sqliteMigrations: readonly Migration[] = [
  {
    version: 3,
    sql: `
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
      answer_kept_until_ms INTEGER NOT NULL,
      proof_digest BLOB,
      purchase_key TEXT,
      payer TEXT,
      payee TEXT,
      settle_before_s TEXT,
      settlement TEXT,
      delivered_at_ms INTEGER,
      settling_at_ms INTEGER,
      pending_record TEXT,
      reserves_workout_id TEXT,
      answer_athlete_key BLOB
    ) STRICT;
    CREATE INDEX payments_with_answer ON payments (answer_kept_until_ms) WHERE answer_body IS NOT NULL;
    CREATE UNIQUE INDEX one_payment_per_purchase ON payments (purchase_key)
      WHERE purchase_key IS NOT NULL AND state <> 'released';
    CREATE UNIQUE INDEX one_settling_payment_per_workout ON payments (reserves_workout_id)
      WHERE reserves_workout_id IS NOT NULL AND state IN ('settling', 'unknown');
    CREATE INDEX pending_payments ON payments (settling_at_ms) WHERE state IN ('settling', 'unknown');
    CREATE INDEX answers_of_athlete ON payments (answer_athlete_key) WHERE answer_athlete_key IS NOT NULL;

    CREATE TABLE record_sequence (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL) STRICT;
    INSERT INTO record_sequence VALUES (1, 0);

    CREATE TABLE revisions (
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
    CREATE UNIQUE INDEX one_canonical_revision ON revisions (workout_id, ended_sequence);
    CREATE INDEX canonical_workouts ON revisions (athlete_key, performed_date, workout_sequence, movements)
      WHERE ended_sequence = 0;
    CREATE INDEX revisions_of_athlete ON revisions (athlete_key, sequence);
    CREATE INDEX ended_revisions_of_athlete ON revisions (athlete_key, ended_sequence) WHERE ended_sequence > 0;

    CREATE TABLE write_probe (id INTEGER PRIMARY KEY CHECK (id = 1), at_ms INTEGER NOT NULL) STRICT;
    `
  },
  {
    // SQLite changes a check by recreating the table. The two removed states were never written: claims are in memory.
    version: 4,
    sql: `
    CREATE TABLE payments_checked (
      proof_key TEXT PRIMARY KEY,
      rail TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('settling', 'captured', 'unknown', 'released')),
      fingerprint TEXT NOT NULL,
      route TEXT NOT NULL,
      amount_atomic TEXT NOT NULL,
      asset TEXT NOT NULL,
      claimed_at_ms INTEGER NOT NULL,
      captured_at_ms INTEGER,
      answer_status INTEGER,
      answer_body TEXT,
      answer_revision_id TEXT,
      answer_kept_until_ms INTEGER NOT NULL,
      proof_digest BLOB,
      purchase_key TEXT,
      payer TEXT,
      payee TEXT,
      settle_before_s TEXT,
      settlement TEXT,
      delivered_at_ms INTEGER,
      settling_at_ms INTEGER,
      pending_record TEXT,
      reserves_workout_id TEXT,
      answer_athlete_key BLOB
    ) STRICT;
    INSERT INTO payments_checked SELECT proof_key, rail, state, fingerprint, route, amount_atomic, asset,
      claimed_at_ms, captured_at_ms, answer_status, answer_body, answer_revision_id, answer_kept_until_ms, proof_digest,
      purchase_key, payer, payee, settle_before_s, settlement, delivered_at_ms, settling_at_ms, pending_record,
      reserves_workout_id, answer_athlete_key
      FROM payments;
    DROP TABLE payments;
    ALTER TABLE payments_checked RENAME TO payments;
    CREATE INDEX payments_with_answer ON payments (answer_kept_until_ms) WHERE answer_body IS NOT NULL;
    CREATE UNIQUE INDEX one_payment_per_purchase ON payments (purchase_key)
      WHERE purchase_key IS NOT NULL AND state <> 'released';
    CREATE UNIQUE INDEX one_settling_payment_per_workout ON payments (reserves_workout_id)
      WHERE reserves_workout_id IS NOT NULL AND state IN ('settling', 'unknown');
    CREATE INDEX pending_payments ON payments (settling_at_ms) WHERE state IN ('settling', 'unknown');
    CREATE INDEX answers_of_athlete ON payments (answer_athlete_key) WHERE answer_athlete_key IS NOT NULL;

    ALTER TABLE revisions RENAME COLUMN digest TO summary;
    `
  },
  {
    version: 5,
    sql: `
    ALTER TABLE payments ADD COLUMN pending_proof TEXT
      CHECK (pending_proof IS NULL OR state IN ('settling', 'unknown'))`
  },
  {
    // Every scrape of the metrics queries what is owed.
    version: 6,
    sql: `
    CREATE INDEX owed_payments ON payments (claimed_at_ms)
      WHERE state = 'released' AND (settling_at_ms IS NULL OR settlement IS NOT NULL)`
  },
  {
    // When the hold of one process on the delivery of an answer ends.
    version: 7,
    sql: 'ALTER TABLE payments ADD COLUMN held_until_ms INTEGER'
  }
]
