import { isCalendarDate } from '../../calendar/day.ts'
import { AGE_YEARS, BODY_MASS_KG, HEIGHT_M, SCENARIO_LABEL_LENGTH } from '../limits.ts'
import type { EvaluationContext, Sex } from '../plan.ts'
import { POWER_UNITS_PER_WATT, type PowerUnit, WORK_UNITS_PER_JOULE, type WorkUnit } from '../units.ts'
import type { Problems } from './problems.ts'
import { type JsonObject, readInteger, readObject, readOneOf, readQuantity, readString } from './read.ts'

const CONTEXTS: readonly EvaluationContext[] = ['completed', 'planned', 'hypothetical']
const SEXES: readonly Sex[] = ['female', 'male']
const WORK_UNITS = Object.keys(WORK_UNITS_PER_JOULE) as WorkUnit[]
const POWER_UNITS = Object.keys(POWER_UNITS_PER_WATT) as PowerUnit[]
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const UUID_LENGTH = { min: 36, max: 36 }
const DATE_LENGTH = { min: 10, max: 10 }

const HEIGHT_RULE = {
  units: ['m', 'cm', 'in', 'ft'],
  siUnit: 'm',
  minSi: HEIGHT_M.min,
  maxSi: HEIGHT_M.max,
  aboveMin: false
}
const BODY_MASS_RULE = {
  units: ['kg', 'lb'],
  siUnit: 'kg',
  minSi: BODY_MASS_KG.min,
  maxSi: BODY_MASS_KG.max,
  aboveMin: false
}

/** The athlete's id in lower case; any 8-4-4-4-12 hex form is one. */
export function readAthlete(problems: Problems, body: JsonObject): string | undefined {
  const uuid = readString(problems, body, '', 'athlete_uuid', UUID_LENGTH)?.toLowerCase()
  if (uuid === undefined || UUID.test(uuid)) return uuid
  problems.add('/athlete_uuid', 'format_wrong', 'athlete_uuid must be a UUID (8-4-4-4-12 hex digits).', uuid)
  return undefined
}

/** Which context the request is in, and the date and label that go with it. */
export function readContext(problems: Problems, body: JsonObject) {
  const context = readOneOf(problems, body, '', 'evaluation_context', CONTEXTS)
  const performed = readContextDate(problems, body, 'performed_date', context, 'completed')
  const planned = readContextDate(problems, body, 'planned_for_date', context, 'planned')
  let scenarioLabel: string | undefined
  if (body.scenario_label !== undefined) {
    scenarioLabel = readString(problems, body, '', 'scenario_label', SCENARIO_LABEL_LENGTH)
    if (context === 'completed') {
      const detail = 'scenario_label belongs to a planned or hypothetical workout, not to a completed one.'
      problems.add('/scenario_label', 'forbidden_for_context', detail, body.scenario_label)
    }
  }
  return { context, date: performed ?? planned, scenarioLabel }
}

function readContextDate(
  problems: Problems,
  body: JsonObject,
  key: string,
  context: EvaluationContext | undefined,
  wantedBy: EvaluationContext
): string | undefined {
  const given = body[key]
  if (given === undefined) {
    if (context !== wantedBy || problems.touched(`/${key}`)) return undefined
    problems.add(`/${key}`, 'required_for_context', `${key} is required when evaluation_context is ${context}.`, given)
    return undefined
  }
  if (context !== undefined && context !== wantedBy) {
    const detail = `${key} is only for ${wantedBy} workouts; evaluation_context is ${context}.`
    problems.add(`/${key}`, 'forbidden_for_context', detail, given)
  }
  const date = readString(problems, body, '', key, DATE_LENGTH)
  if (date === undefined || isCalendarDate(date)) return date
  problems.add(`/${key}`, 'date_invalid', `${key} must be a day of the calendar, as 2026-02-28.`, date)
  return undefined
}

/** The athlete's body in SI; age and sex are kept with the record and change nothing. */
export function readUser(problems: Problems, body: JsonObject) {
  const user = readObject(problems, body, '', 'user')
  if (user === undefined) return undefined
  const heightM = readQuantity(problems, user, '/user', 'height', HEIGHT_RULE)
  const bodyMassKg = readQuantity(problems, user, '/user', 'body_mass', BODY_MASS_RULE)
  const ageYears =
    user.age_years === undefined ? undefined : readInteger(problems, user, '/user', 'age_years', AGE_YEARS)
  const sex = user.sex === undefined ? undefined : readOneOf(problems, user, '/user', 'sex', SEXES)
  if (heightM === undefined || bodyMassKg === undefined) return undefined
  return { heightM, massKg: bodyMassKg, ageYears, sex }
}

/** The units that the answer is wanted in; J and W unless stated. */
export function readResponseUnits(problems: Problems, body: JsonObject): { workUnit: WorkUnit; powerUnit: PowerUnit } {
  const units = body.response_units === undefined ? undefined : readObject(problems, body, '', 'response_units')
  const work = units?.work === undefined ? undefined : readOneOf(problems, units, '/response_units', 'work', WORK_UNITS)
  const power =
    units?.power === undefined ? undefined : readOneOf(problems, units, '/response_units', 'power', POWER_UNITS)
  return { workUnit: work ?? 'J', powerUnit: power ?? 'W' }
}
