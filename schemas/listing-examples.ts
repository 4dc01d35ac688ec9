import { computePowerAnswerExample, computePowerExample } from './compute-power.ts'

/** One movement for a minute: every 402 carries this workout, so it is the smallest one. */
const { athlete_uuid, performed_date, user, splits } = computePowerExample
const workout = {
  athlete_uuid,
  duration_seconds: 60,
  user,
  splits: [{ duration_seconds: 60, work: { movements: splits[0]!.work.movements.slice(0, 1) } }]
}

/** A request for compute-power that stores nothing, as directories show it. */
export const hypotheticalExample = { ...workout, evaluation_context: 'hypothetical' } as const

/** A request for a revision, as directories show it. */
export const revisionExample = {
  ...workout,
  evaluation_context: 'completed',
  performed_date,
  supersedes_revision_id: computePowerAnswerExample.revision_id
} as const
