import type { Test } from 'tap'
import type { Place } from '../../support/engines.ts'

/** What is true of all revisions and payments together, asked beside the program. */
export async function holdInvariants(t: Test, place: Place): Promise<void> {
  const none = async (what: string, sql: string) => t.same((await place.rows(sql)).slice(0, 5), [], what)
  await none(
    'every workout has one revision that is not superseded',
    `SELECT workout_id, count(*) AS n FROM revisions GROUP BY workout_id
      HAVING sum(CASE WHEN state = 'superseded' THEN 0 ELSE 1 END) <> 1`
  )
  await none(
    'every superseded revision has the one that took its place',
    `SELECT r.revision_id FROM revisions r WHERE r.state = 'superseded' AND NOT EXISTS (
      SELECT 1 FROM revisions n WHERE n.supersedes_revision_id = r.revision_id AND n.sequence = r.ended_sequence)`
  )
  await none(
    'no revision took the place of one that is not superseded',
    `SELECT n.revision_id FROM revisions n JOIN revisions r ON r.revision_id = n.supersedes_revision_id
      WHERE r.state <> 'superseded'`
  )
  await none(
    'every revision was paid for, once',
    `SELECT r.revision_id FROM revisions r LEFT JOIN payments p ON p.answer_revision_id = r.revision_id
      GROUP BY r.revision_id HAVING sum(CASE WHEN p.state = 'captured' THEN 1 ELSE 0 END) <> 1`
  )
  await none(
    'only pending payments keep a record',
    `SELECT proof_key FROM payments WHERE state IN ('captured', 'released')
      AND (pending_record IS NOT NULL OR reserves_workout_id IS NOT NULL)`
  )
  await none(
    'released payments keep no answer',
    "SELECT proof_key FROM payments WHERE state = 'released' AND answer_body IS NOT NULL"
  )
}
