import { fetchPatiently } from '../../patient-fetch.ts'
import { serviceUrl } from '../../service-url.ts'
import type { StoredRequest } from '../model/stored-request.ts'
import { problemIn } from './service.ts'

export interface Summary {
  readonly workout_id: string
  readonly revision_id: string
  readonly performed_date: string
  readonly title?: string
  readonly duration_seconds: number
  readonly total_work: { readonly value: number; readonly unit: string }
  readonly average_power_elapsed: { readonly value: number; readonly unit: string }
  readonly movements: readonly string[]
}

/** One record, as much of it as this page reads. */
export interface Detail {
  readonly workout_id: string
  readonly revision_id: string
  readonly performed_date: string
  readonly request: StoredRequest
}

/** Is called before each wait for a busy service. */
type OnWait = (seconds: number) => void

/** Where the newest workouts of an athlete are. */
export function workoutsUrl(athleteUuid: string): string {
  return serviceUrl(`/v1/athletes/${athleteUuid}/workouts?limit=20`)
}

/** A stored workout as it was described. */
export async function readWorkout(
  athleteUuid: string,
  { workout_id }: Pick<Summary, 'workout_id'>,
  onWait: OnWait
): Promise<Detail> {
  return (await call(`/v1/athletes/${athleteUuid}/workouts/${workout_id}`, {}, onWait)) as Detail
}

/** Stops a workout from counting. */
export async function voidWorkout(
  athleteUuid: string,
  { workout_id, revision_id }: Summary,
  onWait: OnWait
): Promise<void> {
  const body = JSON.stringify({ athlete_uuid: athleteUuid, revision_id })
  const headers = { 'content-type': 'application/json' }
  await call(`/v1/workouts/${workout_id}/void`, { method: 'POST', headers, body }, onWait)
}

async function call(path: string, init: RequestInit, onWait: OnWait): Promise<unknown> {
  const { ok, status, text } = await fetchPatiently(serviceUrl(path), init, onWait)
  if (!ok) throw new Error(problemIn(text, status).detail)
  return JSON.parse(text)
}
