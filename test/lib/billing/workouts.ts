import type { WorkoutRecord } from '../../../lib/workouts/workout-record.ts'

/** The first revision of a workout of the one athlete there is. */
export function workout(workoutId: string, revision: string): WorkoutRecord {
  return {
    workoutId,
    revisionId: `${workoutId}/${revision}`,
    athleteKey: Buffer.alloc(32, 7),
    performedDate: '2026-01-15',
    requestJson: '{}',
    figures: {
      workoutId,
      performedDate: '2026-01-15',
      session: { durationSeconds: 60, workJ: 6000, sigmasJ: { row: 60 } },
      splits: [{ activeSeconds: 60, restAfterSeconds: 0, workJ: 6000, sigmasJ: { row: 60 }, modality: 'mixed' }]
    }
  }
}

/** One that takes the place of another. */
export function nextRevision(workoutId: string, previous: string, revision: string): WorkoutRecord {
  return { ...workout(workoutId, revision), supersedes: { revisionId: `${workoutId}/${previous}` } }
}
