import { ProblemError } from '../problems/problem.ts'

const UNDECIDED_RETRY_SECONDS = 5

/** The revision to supersede is no longer the canonical one. */
export class RevisionConflict extends Error {
  /** The current canonical revision; undefined if the workout was voided. */
  readonly canonicalRevisionId: string | undefined
  /** True while another revision of the same workout is being paid for. */
  readonly undecided: boolean

  constructor(canonicalRevisionId: string | undefined, undecided = false) {
    super('the revision is no longer the canonical one')
    this.name = 'RevisionConflict'
    this.canonicalRevisionId = canonicalRevisionId
    this.undecided = undecided
  }
}

/** The client's problem for a revision conflict. */
export function revisionConflict({ canonicalRevisionId, undecided }: RevisionConflict): ProblemError {
  if (undecided)
    return new ProblemError(
      409,
      'revision_undecided',
      'Another revision of this workout is being paid for. Retry after the time in Retry-After.',
      {
        retryAfterSeconds: UNDECIDED_RETRY_SECONDS
      }
    )
  return canonicalRevisionId === undefined
    ? new ProblemError(409, 'workout_voided', 'The workout is voided and accepts no revisions.')
    : new ProblemError(
        409,
        'revision_superseded',
        `The revision to supersede is not the canonical one; the canonical revision is ${canonicalRevisionId}.`,
        { canonicalRevisionId }
      )
}

/** The same for another athlete's workout and for one that never existed. */
export function workoutNotFound(): ProblemError {
  return new ProblemError(404, 'workout_not_found', 'This athlete has no such workout.')
}
