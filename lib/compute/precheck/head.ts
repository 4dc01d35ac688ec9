import { LINE_PATTERN, PATTERN_WORDS } from '../../../schemas/patterns.ts'
import { AGE_YEARS, BODY_MASS_KG, HEIGHT_M, SCENARIO_LABEL_LENGTH, TITLE_LENGTH } from '../limits.ts'
import type { EvaluationContext, PlanNote, Sex } from '../plan.ts'
import { POWER_UNITS_PER_WATT, type PowerUnit, WORK_UNITS_PER_JOULE, type WorkUnit } from '../units.ts'
import { readDate } from './dates.ts'
import type { Problems } from './problems.ts'
import { readQuantity } from './quantity.ts'
import { type JsonObject, readInteger, readObject, readOneOf, readString } from './read.ts'

const CONTEXTS: readonly EvaluationContext[] = ['completed', 'planned', 'hypothetical']
const SEXES: readonly Sex[] = ['female', 'male']
const WORK_UNITS = Object.keys(WORK_UNITS_PER_JOULE) as WorkUnit[]
const POWER_UNITS = Object.keys(POWER_UNITS_PER_WATT) as PowerUnit[]
const LINE = new RegExp(LINE_PATTERN, 'u')
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const INCHES_PER_FOOT = 12
const UUID_LENGTH = { min: 36, max: 36 }

const HEIGHT_RULE = {
  units: ['m', 'cm', 'in', 'ft'],
  siUnit: 'm',
  minSi: HEIGHT_M.min,
  maxSi: HEIGHT_M.max,
  aboveMin: false,
  inFeet: true
}
const BODY_MASS_RULE = {
  units: ['kg', 'lb'],
  siUnit: 'kg',
  minSi: BODY_MASS_KG.min,
  maxSi: BODY_MASS_KG.max,
  aboveMin: false
}

/** The athlete's id in lower case; any 8-4-4-4-12 hex form is accepted. */
export function readAthlete(problems: Problems, body: JsonObject): string | undefined {
  const uuid = readString(problems, body, '', 'athlete_uuid', UUID_LENGTH)?.toLowerCase()
  if (uuid === undefined || UUID.test(uuid)) return uuid
  problems.add('/athlete_uuid', 'format_wrong', 'athlete_uuid must be a UUID (8-4-4-4-12 hex digits).', uuid)
  return undefined
}

/** The context of the request, with its date and label. */
export function readContext(problems: Problems, body: JsonObject, nowMs: number) {
  const context = readOneOf(problems, body, '', 'evaluation_context', CONTEXTS)
  const date = readDate(problems, body, context, nowMs)
  let scenarioLabel: string | undefined
  if (body.scenario_label !== undefined) {
    scenarioLabel = readString(problems, body, '', 'scenario_label', SCENARIO_LABEL_LENGTH)
    if (context === 'completed') {
      const detail = 'scenario_label belongs to a planned or hypothetical workout, not to a completed one.'
      problems.add('/scenario_label', 'forbidden_for_context', detail, body.scenario_label)
    }
  }
  return { context, date, scenarioLabel, title: readTitle(problems, body, context) }
}

/** The title of a completed workout; other workouts are not stored and have a scenario_label. */
function readTitle(problems: Problems, body: JsonObject, context: EvaluationContext | undefined): string | undefined {
  if (body.title === undefined) return undefined
  const title = readString(problems, body, '', 'title', TITLE_LENGTH)
  if (title !== undefined && !LINE.test(title))
    problems.add('/title', 'format_wrong', `title ${PATTERN_WORDS.get(LINE_PATTERN)}.`, title)
  if (context === 'planned' || context === 'hypothetical') {
    const detail = `title belongs to a completed workout; a ${context} one has a scenario_label.`
    problems.add('/title', 'forbidden_for_context', detail, body.title)
  }
  return title
}

/** The athlete's body in SI; age and sex are stored with the record and not used. */
export function readUser(problems: Problems, body: JsonObject) {
  const user = readObject(problems, body, '', 'user')
  if (user === undefined) return undefined
  const heightM = readQuantity(problems, user, '/user', 'height', HEIGHT_RULE)
  const bodyMassKg = readQuantity(problems, user, '/user', 'body_mass', BODY_MASS_RULE)
  const ageYears =
    user.age_years === undefined ? undefined : readInteger(problems, user, '/user', 'age_years', AGE_YEARS)
  const sex = user.sex === undefined ? undefined : readOneOf(problems, user, '/user', 'sex', SEXES)
  if (heightM === undefined || bodyMassKg === undefined) return undefined
  return { heightM, massKg: bodyMassKg, ageYears, sex, notes: notesOfHeight(user.height as JsonObject) }
}

/** 5.10 ft is 5 ft 1.2 in, and often meant for 5 ft 10 in. */
function notesOfHeight({ value, unit }: JsonObject): PlanNote[] {
  if (unit !== 'ft' || typeof value !== 'number' || Number.isInteger(value)) return []
  const inches = Number(((value % 1) * INCHES_PER_FOOT).toFixed(2))
  const message = `A height of ${value} ft is read as ${Math.floor(value)} ft ${inches} in. If feet and inches were meant, send {"feet": 5, "inches": 10}.`
  return [{ code: 'height_feet_decimal', message }]
}

/** The units of the answer; J and W by default. */
export function readResponseUnits(problems: Problems, body: JsonObject): { workUnit: WorkUnit; powerUnit: PowerUnit } {
  const units = body.response_units === undefined ? undefined : readObject(problems, body, '', 'response_units')
  const work = units?.work === undefined ? undefined : readOneOf(problems, units, '/response_units', 'work', WORK_UNITS)
  const power =
    units?.power === undefined ? undefined : readOneOf(problems, units, '/response_units', 'power', POWER_UNITS)
  return { workUnit: work ?? 'J', powerUnit: power ?? 'W' }
}
