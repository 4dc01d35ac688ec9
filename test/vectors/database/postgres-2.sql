SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.athletes (
    athlete_key bytea NOT NULL,
    version bigint NOT NULL,
    since bigint NOT NULL
);
CREATE TABLE public.payments (
    proof_key text NOT NULL COLLATE pg_catalog."C",
    rail text NOT NULL,
    state text NOT NULL,
    fingerprint text NOT NULL,
    route text NOT NULL,
    amount_atomic text NOT NULL,
    asset text NOT NULL,
    claimed_at_ms bigint NOT NULL,
    captured_at_ms bigint,
    answer_status integer,
    answer_body text,
    answer_revision_id text COLLATE pg_catalog."C",
    answer_kept_until_ms bigint NOT NULL,
    proof_digest bytea,
    purchase_key text COLLATE pg_catalog."C",
    payer text,
    payee text,
    settle_before_s text,
    settlement text,
    delivered_at_ms bigint,
    settling_at_ms bigint,
    pending_record text,
    reserves_workout_id text COLLATE pg_catalog."C",
    answer_athlete_key bytea,
    CONSTRAINT payments_state_check CHECK ((state = ANY (ARRAY['settling'::text, 'captured'::text, 'unknown'::text, 'released'::text])))
);
CREATE SEQUENCE public.record_sequence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.revisions (
    sequence bigint NOT NULL,
    revision_id text NOT NULL COLLATE pg_catalog."C",
    workout_id text NOT NULL COLLATE pg_catalog."C",
    athlete_key bytea NOT NULL,
    state text NOT NULL,
    performed_date text NOT NULL COLLATE pg_catalog."C",
    workout_sequence bigint NOT NULL,
    ended_sequence bigint DEFAULT 0 NOT NULL,
    created_at_ms bigint NOT NULL,
    ended_at_ms bigint,
    supersedes_revision_id text COLLATE pg_catalog."C",
    reason text,
    void_reason text,
    movements text NOT NULL,
    digest text NOT NULL,
    figures text NOT NULL,
    request_json text NOT NULL,
    answer_json text NOT NULL,
    CONSTRAINT revisions_check CHECK (((state = 'canonical'::text) = (ended_sequence = 0))),
    CONSTRAINT revisions_state_check CHECK ((state = ANY (ARRAY['canonical'::text, 'superseded'::text, 'voided'::text])))
);
CREATE TABLE public.schema_version (
    version integer NOT NULL
);
CREATE TABLE public.write_probe (
    id integer NOT NULL,
    at_ms bigint NOT NULL,
    CONSTRAINT write_probe_id_check CHECK ((id = 1))
);
INSERT INTO public.athletes VALUES ('\x0707070707070707070707070707070707070707070707070707070707070707', 8, 1);
INSERT INTO public.payments VALUES ('l402:workout', 'l402', 'captured', 'abababababababababababababababababababababababababababababababab', '/v1/compute-power', '149000', 'msat', 1800000000000, 1800000000001, 200, NULL, 'revision-a', 1800000060000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.payments VALUES ('l402:revised', 'l402', 'captured', 'abababababababababababababababababababababababababababababababab', '/v1/compute-power', '149000', 'msat', 1800000000002, 1800000000003, 200, NULL, 'revision-b', 1800000060000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.payments VALUES ('l402:voided', 'l402', 'captured', 'abababababababababababababababababababababababababababababababab', '/v1/compute-power', '149000', 'msat', 1800000000004, 1800000000005, 200, NULL, 'revision-c', 1800000060000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.payments VALUES ('l402:plan', 'l402', 'captured', 'abababababababababababababababababababababababababababababababab', '/v1/compute-power', '149000', 'msat', 1800000000007, 1800000000008, 200, '{"results":"plan"}', NULL, 1800000060000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '\x0707070707070707070707070707070707070707070707070707070707070707');
INSERT INTO public.payments VALUES ('x402:settling', 'x402', 'settling', 'abababababababababababababababababababababababababababababababab', '/v1/compute-power', '100000', 'eip155:8453/0xusdc', 1800000000012, NULL, 200, '{"results":"e"}', NULL, 1800000060000, '\x7373737373737373737373737373737373737373737373737373737373737373', NULL, '0xpayer', NULL, '1606938044258990275541962092341162602522202993782792835301376', NULL, NULL, 1800000000013, '{"workoutId":"workout-a","revisionId":"revision-e","athleteKey":"0707070707070707070707070707070707070707070707070707070707070707","performedDate":"2026-01-15","requestJson":"{\"of\":\"e\"}","figures":{"workoutId":"workout-a","performedDate":"2026-01-15","session":{"durationSeconds":180,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5}},"splits":[{"activeSeconds":132,"restAfterSeconds":0,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5},"modality":"mixed"}]},"supersedes":{"revisionId":"revision-b","reason":"typing error"}}', 'workout-a', NULL);
INSERT INTO public.payments VALUES ('x402:unknown', 'x402', 'unknown', 'abababababababababababababababababababababababababababababababab', '/v1/compute-power', '100000', 'eip155:8453/0xusdc', 1800000000014, NULL, 200, '{"results":"f"}', NULL, 1800000060000, '\x7575757575757575757575757575757575757575757575757575757575757575', NULL, '0xpayer', NULL, '1606938044258990275541962092341162602522202993782792835301376', NULL, NULL, 1800000000015, '{"workoutId":"workout-f","revisionId":"revision-f","athleteKey":"0707070707070707070707070707070707070707070707070707070707070707","performedDate":"2026-01-15","requestJson":"{\"of\":\"f\"}","figures":{"workoutId":"workout-f","performedDate":"2026-01-15","session":{"durationSeconds":180,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5}},"splits":[{"activeSeconds":132,"restAfterSeconds":0,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5},"modality":"mixed"}]}}', NULL, NULL);
INSERT INTO public.payments VALUES ('x402:released', 'x402', 'released', 'abababababababababababababababababababababababababababababababab', '/v1/compute-power', '100000', 'eip155:8453/0xusdc', 1800000000016, NULL, NULL, NULL, NULL, 1800000060000, '\x7272727272727272727272727272727272727272727272727272727272727272', NULL, '0xpayer', NULL, '1606938044258990275541962092341162602522202993782792835301376', NULL, NULL, 1800000000017, NULL, NULL, NULL);
INSERT INTO public.payments VALUES ('l402:owed', 'l402', 'released', 'abababababababababababababababababababababababababababababababab', '/v1/compute-power', '149000', 'msat', 1800000000018, NULL, NULL, NULL, NULL, 1800000060000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.payments VALUES ('x402:delivered', 'x402', 'captured', 'abababababababababababababababababababababababababababababababab', '/v1/compute-power', '100000', 'eip155:8453/0xusdc', 1800000000009, 1800000000011, 200, NULL, 'revision-d', 1800000060002, '\x6464646464646464646464646464646464646464646464646464646464646464', 'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', '0xpayer', '0xpayee', '1606938044258990275541962092341162602522202993782792835301376', '0xtransaction', 1800000000020, 1800000000010, NULL, NULL, NULL);
INSERT INTO public.revisions VALUES (1, 'revision-a', 'workout-a', '\x0707070707070707070707070707070707070707070707070707070707070707', 'superseded', '2026-01-15', 1, 2, 1800000000001, 1800000000003, NULL, NULL, NULL, ' thruster pull_up ', '{"elapsedSeconds":180,"activeSeconds":132,"restSeconds":0,"workJ":48592,"workSigmaJ":2076.238989133958}', '{"workoutId":"workout-a","performedDate":"2026-01-15","session":{"durationSeconds":180,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5}},"splits":[{"activeSeconds":132,"restAfterSeconds":0,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5},"modality":"mixed"}]}', '{"of":"a"}', '{"results":"a"}');
INSERT INTO public.revisions VALUES (2, 'revision-b', 'workout-a', '\x0707070707070707070707070707070707070707070707070707070707070707', 'canonical', '2026-01-15', 1, 0, 1800000000003, NULL, 'revision-a', '"typing error"', NULL, ' thruster pull_up ', '{"elapsedSeconds":180,"activeSeconds":132,"restSeconds":0,"workJ":48592,"workSigmaJ":2076.238989133958}', '{"workoutId":"workout-a","performedDate":"2026-01-15","session":{"durationSeconds":180,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5}},"splits":[{"activeSeconds":132,"restAfterSeconds":0,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5},"modality":"mixed"}]}', '{"of":"b"}', '{"results":"b"}');
INSERT INTO public.revisions VALUES (4, 'revision-c', 'workout-c', '\x0707070707070707070707070707070707070707070707070707070707070707', 'voided', '2026-01-15', 4, 5, 1800000000005, 1800000000006, NULL, NULL, '"wrong day \u0000"', ' thruster pull_up ', '{"elapsedSeconds":180,"activeSeconds":132,"restSeconds":0,"workJ":48592,"workSigmaJ":2076.238989133958}', '{"workoutId":"workout-c","performedDate":"2026-01-15","session":{"durationSeconds":180,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5}},"splits":[{"activeSeconds":132,"restAfterSeconds":0,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5},"modality":"mixed"}]}', '{"of":"c"}', '{"results":"c"}');
INSERT INTO public.revisions VALUES (7, 'revision-d', 'workout-d', '\x0707070707070707070707070707070707070707070707070707070707070707', 'canonical', '2026-01-15', 7, 0, 1800000000011, NULL, NULL, NULL, NULL, ' thruster pull_up ', '{"elapsedSeconds":180,"activeSeconds":132,"restSeconds":0,"workJ":48592,"workSigmaJ":2076.238989133958}', '{"workoutId":"workout-d","performedDate":"2026-01-15","session":{"durationSeconds":180,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5}},"splits":[{"activeSeconds":132,"restAfterSeconds":0,"workJ":48592,"sigmasJ":{"thruster":1395.3,"pull_up":1537.5},"modality":"mixed"}]}', '{"of":"d"}', '{"results":"d"}');
INSERT INTO public.schema_version VALUES (2);
SELECT pg_catalog.setval('public.record_sequence', 8, true);
ALTER TABLE ONLY public.athletes
    ADD CONSTRAINT athletes_pkey PRIMARY KEY (athlete_key);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (proof_key);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT revisions_pkey PRIMARY KEY (sequence);
ALTER TABLE ONLY public.revisions
    ADD CONSTRAINT revisions_revision_id_key UNIQUE (revision_id);
ALTER TABLE ONLY public.write_probe
    ADD CONSTRAINT write_probe_pkey PRIMARY KEY (id);
CREATE INDEX answers_of_athlete ON public.payments USING btree (answer_athlete_key) WHERE (answer_athlete_key IS NOT NULL);
CREATE INDEX canonical_workouts ON public.revisions USING btree (athlete_key, performed_date, workout_sequence, movements) INCLUDE (sequence) WHERE (ended_sequence = 0);
CREATE INDEX ended_revisions_of_athlete ON public.revisions USING btree (athlete_key, ended_sequence) WHERE (ended_sequence > 0);
CREATE UNIQUE INDEX one_canonical_revision ON public.revisions USING btree (workout_id, ended_sequence);
CREATE UNIQUE INDEX one_payment_per_purchase ON public.payments USING btree (purchase_key) WHERE ((purchase_key IS NOT NULL) AND (state <> 'released'::text));
CREATE UNIQUE INDEX one_settling_payment_per_workout ON public.payments USING btree (reserves_workout_id) WHERE ((reserves_workout_id IS NOT NULL) AND (state = ANY (ARRAY['settling'::text, 'unknown'::text])));
CREATE INDEX payments_with_answer ON public.payments USING btree (answer_kept_until_ms) WHERE (answer_body IS NOT NULL);
CREATE INDEX pending_payments ON public.payments USING btree (settling_at_ms) WHERE (state = ANY (ARRAY['settling'::text, 'unknown'::text]));
CREATE INDEX revisions_of_athlete ON public.revisions USING btree (athlete_key, sequence);
