import type { ComputePowerAnswer } from '../../schemas/compute-power.ts'
import { figuresOf, type WorkoutFigures } from '../curve/figures.ts'
import type { RevisionRow } from './workout-database.ts'
import { revisionFrom } from './workout-queries.ts'
import { titleOf } from './workout-record.ts'
import { labelsOf } from './workout-summary.ts'

/** An exported revision: one line of JSON with the texts of request and answer, byte for byte. */
export interface RecordLine {
  readonly workout_id: string
  readonly revision_id: string
  readonly state: 'canonical' | 'superseded' | 'voided'
  readonly performed_date: string
  readonly supersedes_revision_id?: string | undefined
  readonly reason?: string | undefined
  readonly created_at_ms: number
  readonly ended_at_ms?: number | undefined
  readonly void_reason?: string | undefined
  readonly request: string
  readonly answer: string
}

export function lineOf(row: RevisionRow): RecordLine {
  const revision = revisionFrom(row)
  return {
    workout_id: row.workout_id,
    revision_id: revision.revisionId,
    state: revision.state,
    performed_date: revision.performedDate,
    supersedes_revision_id: revision.supersedesRevisionId,
    reason: revision.reason,
    created_at_ms: revision.createdAtMs,
    ended_at_ms: revision.endedAtMs,
    void_reason: revision.voidReason,
    request: revision.requestJson,
    answer: revision.answerJson
  }
}

/** The problem of an import file; nothing was imported. */
export class ImportRefused extends Error {
  /** From 1. */
  readonly line: number

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`)
    this.name = 'ImportRefused'
    this.line = line
  }
}

/** A parsed line with derived data. */
export interface ReadLine {
  readonly line: number
  readonly record: RecordLine
  readonly figures: WorkoutFigures
  readonly labels: readonly string[] | undefined
}

type Kind = 'id' | 'state' | 'date' | 'time' | 'words' | 'json'

const FIELDS: Readonly<Record<keyof RecordLine, Kind>> = {
  workout_id: 'id',
  revision_id: 'id',
  state: 'state',
  performed_date: 'date',
  supersedes_revision_id: 'id',
  reason: 'words',
  created_at_ms: 'time',
  ended_at_ms: 'time',
  void_reason: 'words',
  request: 'json',
  answer: 'json'
}
const OPTIONAL: ReadonlySet<string> = new Set(['supersedes_revision_id', 'reason', 'ended_at_ms', 'void_reason'])

const IS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  id: (value) => typeof value === 'string' && /^[\x21-\x7e]{1,100}$/.test(value),
  state: (value) => value === 'canonical' || value === 'superseded' || value === 'voided',
  date: (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value),
  time: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  words: (value) => typeof value === 'string',
  // A lone surrogate would not survive a database.
  json: (value) => typeof value === 'string' && Buffer.from(value).toString() === value && isObject(parsed(value))
}

/** @throws ImportRefused */
export function readLine(text: string, line: number): ReadLine {
  const value = parsed(text)
  if (!isObject(value)) throw new ImportRefused(line, 'the line is not a JSON object')
  for (const name of Object.keys(value))
    if (!Object.hasOwn(FIELDS, name))
      throw new ImportRefused(line, `the line has an unknown field: ${name.slice(0, 40)}`)
  for (const [name, kind] of Object.entries(FIELDS)) {
    const isAbsent = value[name] === undefined
    if (isAbsent ? !OPTIONAL.has(name) : !IS[kind](value[name]))
      throw new ImportRefused(line, isAbsent ? `${name} is missing` : `${name} is invalid`)
  }
  const record = value as unknown as RecordLine
  if ((record.state === 'canonical') !== (record.ended_at_ms === undefined))
    throw new ImportRefused(line, 'ended_at_ms is required exactly for a superseded or voided revision')
  return { line, record, ...derivedFrom(record, line) }
}

function derivedFrom(
  { workout_id, revision_id, performed_date, request, answer }: RecordLine,
  line: number
): Pick<ReadLine, 'figures' | 'labels'> {
  const given = JSON.parse(answer) as ComputePowerAnswer
  if (given.workout_id !== workout_id || given.revision_id !== revision_id)
    throw new ImportRefused(line, 'the answer belongs to another revision')
  try {
    return { figures: figuresOf(workout_id, performed_date, given, titleOf(request)), labels: labelsOf(given) }
  } catch {
    throw new ImportRefused(line, 'the answer has no results')
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
