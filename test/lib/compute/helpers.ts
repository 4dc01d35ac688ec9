import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject } from 'ajv'
import { evaluate } from '../../../lib/compute/evaluate.ts'
import type { Plan } from '../../../lib/compute/plan.ts'
import { precheck } from '../../../lib/compute/precheck.ts'
import { ComputePowerRequest, type Evaluation } from '../../../schemas/compute-power.ts'
import { NAMING_KEYWORDS } from '../../../schemas/naming.ts'
import type { ProblemItem } from '../../../schemas/problem.ts'

export const ajv = new Ajv({ allErrors: true, strict: true, keywords: NAMING_KEYWORDS })
// The shape only: whether the day exists is what the precheck is asked about here.
ajv.addFormat('date', /^\d{4}-\d{2}-\d{2}$/)
const validate = ajv.compile(ComputePowerRequest)

/** What the schema finds, with the pointer of a missing or unknown field being the field's own. */
export function schemaProblems(body: unknown): ProblemItem[] {
  return validate(body) ? [] : (validate.errors ?? []).map(problemOf)
}

function problemOf({ instancePath, keyword, params }: ErrorObject): ProblemItem {
  const field = params.missingProperty ?? params.additionalProperty
  const step = field === undefined ? '' : `/${String(field).replaceAll('~', '~0').replaceAll('/', '~1')}`
  return { pointer: instancePath + step, code: 'schema', detail: keyword }
}

export type Json = Record<string, unknown>
export type Line = Json & { movement: string }

/** The reference athlete of the vectors: 1.778 m and 81.65 kg. */
export const ATHLETE = { height: { value: 1.778, unit: 'm' }, body_mass: { value: 81.65, unit: 'kg' } }

export function split(seconds: number, movements: readonly Json[], more: Json = {}): Json {
  return { duration_seconds: seconds, work: { movements }, ...more }
}

/** A valid planned request around the given splits. */
export function request(splits: readonly Json[], more: Json = {}): Json {
  return {
    athlete_uuid: '11111111-1111-1111-1111-111111111111',
    evaluation_context: 'hypothetical',
    duration_seconds: splits.reduce((sum, one) => sum + Number(one.duration_seconds), 0),
    user: ATHLETE,
    splits,
    ...more
  }
}

export function planOf(body: unknown): Plan {
  const found = precheck(body, schemaProblems(body), Date.now())
  if (found.ok) return found.plan
  throw new Error(JSON.stringify(found.problems))
}

export function measured(body: unknown): Evaluation {
  return evaluate(planOf(body))
}

/** Problems of a body, schema ones included; none when it would compute. */
export function problemsOf(body: unknown): ProblemItem[] {
  const found = precheck(body, schemaProblems(body), Date.now())
  return found.ok ? [] : found.problems
}

export const load = (value: number, unit = 'lb') => ({ external_load: { value, unit } })

export function vectors(name: string) {
  return JSON.parse(readFileSync(new URL(`../../vectors/physics/${name}.json`, import.meta.url), 'utf8'))
}

/** Relative difference, with 0 against 0 being none. */
export function apart(found: number, wanted: number): number {
  return found === wanted ? 0 : Math.abs(found - wanted) / Math.abs(wanted)
}
