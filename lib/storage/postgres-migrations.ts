import type { Migration } from '../database/migration.ts'

/**
 * The schema on Postgres, with the same version numbers as on SQLite. Compared texts are collated by bytes, as in
 * SQLite.
 */
export const postgresMigrations: readonly Migration[] = [
  {
    version: 2,
    sql: `
      CREATE TABLE payments (
        proof_key TEXT COLLATE "C" PRIMARY KEY,
        rail TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('settling', 'captured', 'unknown', 'released')),
        fingerprint TEXT NOT NULL,
        route TEXT NOT NULL,
        amount_atomic TEXT NOT NULL,
        asset TEXT NOT NULL,
        claimed_at_ms BIGINT NOT NULL,
        captured_at_ms BIGINT,
        answer_status INTEGER,
        answer_body TEXT,
        answer_revision_id TEXT COLLATE "C",
        answer_kept_until_ms BIGINT NOT NULL,
        proof_digest BYTEA,
        purchase_key TEXT COLLATE "C",
        payer TEXT,
        payee TEXT,
        settle_before_s TEXT,
        settlement TEXT,
        delivered_at_ms BIGINT,
        settling_at_ms BIGINT,
        pending_record TEXT,
        reserves_workout_id TEXT COLLATE "C",
        answer_athlete_key BYTEA
      );
      CREATE INDEX payments_with_answer ON payments (answer_kept_until_ms) WHERE answer_body IS NOT NULL;
      CREATE UNIQUE INDEX one_payment_per_purchase ON payments (purchase_key)
        WHERE purchase_key IS NOT NULL AND state <> 'released';
      CREATE UNIQUE INDEX one_settling_payment_per_workout ON payments (reserves_workout_id)
        WHERE reserves_workout_id IS NOT NULL AND state IN ('settling', 'unknown');
      CREATE INDEX pending_payments ON payments (settling_at_ms) WHERE state IN ('settling', 'unknown');
    
      CREATE INDEX answers_of_athlete ON payments (answer_athlete_key) WHERE answer_athlete_key IS NOT NULL;
    
      CREATE SEQUENCE record_sequence;
    
      CREATE TABLE athletes (
        athlete_key BYTEA PRIMARY KEY,
        version BIGINT NOT NULL,
        since BIGINT NOT NULL
      );
    
      CREATE TABLE revisions (
        sequence BIGINT PRIMARY KEY,
        revision_id TEXT COLLATE "C" NOT NULL UNIQUE,
        workout_id TEXT COLLATE "C" NOT NULL,
        athlete_key BYTEA NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('canonical', 'superseded', 'voided')),
        performed_date TEXT COLLATE "C" NOT NULL,
        workout_sequence BIGINT NOT NULL,
        ended_sequence BIGINT NOT NULL DEFAULT 0 CHECK ((state = 'canonical') = (ended_sequence = 0)),
        created_at_ms BIGINT NOT NULL,
        ended_at_ms BIGINT,
        supersedes_revision_id TEXT COLLATE "C",
        reason TEXT,
        void_reason TEXT,
        movements TEXT NOT NULL,
        digest TEXT NOT NULL,
        figures TEXT NOT NULL,
        request_json TEXT NOT NULL,
        answer_json TEXT NOT NULL
      );
      CREATE UNIQUE INDEX one_canonical_revision ON revisions (workout_id, ended_sequence);
      CREATE INDEX canonical_workouts ON revisions (athlete_key, performed_date, workout_sequence, movements) INCLUDE (sequence)
        WHERE ended_sequence = 0;
      CREATE INDEX revisions_of_athlete ON revisions (athlete_key, sequence);
      CREATE INDEX ended_revisions_of_athlete ON revisions (athlete_key, ended_sequence) WHERE ended_sequence > 0;
    
      CREATE TABLE write_probe (id INTEGER PRIMARY KEY CHECK (id = 1), at_ms BIGINT NOT NULL);
    `
  },
  // Postgres began one version behind SQLite; from here on the versions are equal.
  { version: 3, sql: '' },
  {
    version: 4,
    sql: 'ALTER TABLE revisions RENAME COLUMN digest TO summary'
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
    sql: 'ALTER TABLE payments ADD COLUMN held_until_ms BIGINT'
  }
]
