import { serviceUrl } from '../../service-url.ts'
import type { Problem } from './offer.ts'
import { problemIn } from './service.ts'

export interface Summary {
  readonly workout_id: string
  readonly revision_id: string
  readonly performed_date: string
  readonly duration_seconds: number
  readonly total_work: { readonly value: number; readonly unit: string }
  readonly average_power_elapsed: { readonly value: number; readonly unit: string }
  readonly movements: readonly string[]
}

export class RecordsError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** The newest workouts of an athlete. */
export async function listWorkouts(athleteUuid: string): Promise<readonly Summary[]> {
  const { workouts } = (await call('GET', `/v1/athletes/${athleteUuid}/workouts?limit=20`)) as { workouts: Summary[] }
  return workouts
}

/** Stops a workout from counting. */
export async function voidWorkout(athleteUuid: string, { workout_id, revision_id }: Summary): Promise<void> {
  await call('POST', `/v1/workouts/${workout_id}/void`, { athlete_uuid: athleteUuid, revision_id })
}

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(serviceUrl(path), {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  })
  const text = await response.text()
  if (!response.ok) throw new RecordsError(problemIn(text, response.status))
  return JSON.parse(text)
}
