import type { WorkoutRecord } from './ledger.ts'

/** A workout's record as text, for a row whose payment is not captured yet. */
export function recordToJson(record: WorkoutRecord): string {
  return JSON.stringify({ ...record, athleteKey: record.athleteKey.toString('hex') })
}

export function recordFromJson(text: string): WorkoutRecord {
  const { athleteKey, ...rest } = JSON.parse(text)
  return { ...rest, athleteKey: Buffer.from(athleteKey, 'hex') }
}
