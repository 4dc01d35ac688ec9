import type { Range } from '../limits.ts'
import { factorToSi } from '../units.ts'
import type { Problems } from './problems.ts'

export type JsonObject = { readonly [key: string]: unknown }

/** Bounds are judged with this relative leeway: 230 cm is 2.3000000000000003 m. */
const ROUNDING = 1e-12
/** Of a bound in the unit that was sent. */
const SHOWN_DIGITS = 12

/*
 * Every reader returns the value, or undefined with the problem told. Where the schema already found fault with the
 * place, it returns undefined in silence. Pointers are built only then, to keep a valid request cheap.
 */

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function readObject(problems: Problems, holder: JsonObject, base: string, key: string): JsonObject | undefined {
  if (problems.hasFaults && problems.blocked(`${base}/${key}`)) return undefined
  const value = holder[key]
  if (isObject(value)) return value
  problems.add(`${base}/${key}`, codeFor(value, 'type_wrong'), `${key} must be an object.`, value)
  return undefined
}

export function readArray(
  problems: Problems,
  holder: JsonObject,
  base: string,
  key: string,
  size: Range
): readonly unknown[] | undefined {
  if (problems.hasFaults && problems.blocked(`${base}/${key}`)) return undefined
  const value = holder[key]
  if (Array.isArray(value) && value.length >= size.min && value.length <= size.max) return value
  const code = codeFor(value, Array.isArray(value) ? 'length_wrong' : 'type_wrong')
  problems.add(`${base}/${key}`, code, `${key} must be a list of ${size.min} to ${size.max}.`, value)
  return undefined
}

export function readNumber(
  problems: Problems,
  holder: JsonObject,
  base: string,
  key: string,
  range: Range
): number | undefined {
  if (problems.hasFaults && problems.touched(`${base}/${key}`)) return undefined
  const value = holder[key]
  if (typeof value === 'number' && value >= range.min && value <= range.max) return value
  const code = codeFor(value, typeof value === 'number' ? 'out_of_range' : 'type_wrong')
  problems.add(`${base}/${key}`, code, `${key} must be a number from ${range.min} to ${range.max}.`, value)
  return undefined
}

export function readInteger(
  problems: Problems,
  holder: JsonObject,
  base: string,
  key: string,
  range: Range
): number | undefined {
  const value = readNumber(problems, holder, base, key, range)
  if (value === undefined || Number.isInteger(value)) return value
  problems.add(`${base}/${key}`, 'type_wrong', `${key} must be a whole number.`, value)
  return undefined
}

/** A string of a bounded length, which is counted as JSON Schema does: in characters, not in UTF-16 halves. */
export function readString(
  problems: Problems,
  holder: JsonObject,
  base: string,
  key: string,
  length: Range
): string | undefined {
  if (problems.hasFaults && problems.touched(`${base}/${key}`)) return undefined
  const value = holder[key]
  if (typeof value === 'string' && value.length >= length.min) {
    if (value.length <= length.max || [...value].length <= length.max) return value
  }
  const detail = `${key} must be a string of ${length.min} to ${length.max} characters.`
  const code = codeFor(value, typeof value === 'string' ? 'length_wrong' : 'type_wrong')
  problems.add(`${base}/${key}`, code, detail, value)
  return undefined
}

export function readOneOf<T extends string>(
  problems: Problems,
  holder: JsonObject,
  base: string,
  key: string,
  allowed: readonly T[]
): T | undefined {
  if (problems.hasFaults && problems.touched(`${base}/${key}`)) return undefined
  const value = holder[key]
  const found = allowed.find((one) => one === value)
  if (found === undefined) {
    const detail = `${key} must be one of ${allowed.join(', ')}.`
    problems.add(`${base}/${key}`, codeFor(value, 'value_not_allowed'), detail, value, { allowed: [...allowed] })
  }
  return found
}

/** What a `{value, unit}` may be. Bounds are in the SI unit. */
export interface QuantityRule {
  readonly units: readonly string[]
  readonly siUnit: string
  readonly minSi: number
  readonly maxSi: number
  readonly aboveMin: boolean
}

/** A `{value, unit}` in SI. */
export function readQuantity(
  problems: Problems,
  holder: JsonObject,
  base: string,
  key: string,
  rule: QuantityRule
): number | undefined {
  const quantity = holder[key]
  const value = isObject(quantity) ? quantity.value : undefined
  const unit = isObject(quantity) ? quantity.unit : undefined
  const factor = typeof unit === 'string' && rule.units.includes(unit) ? factorToSi(unit) : undefined
  if (problems.hasFaults && problems.touched(`${base}/${key}`)) {
    problems.narrow(`${base}/${key}/unit`, rule.units)
    if (factor !== undefined) problems.narrow(`${base}/${key}/value`, boundsIn(rule, factor))
    return undefined
  }
  if (typeof value !== 'number' || !Number.isFinite(value) || typeof unit !== 'string') {
    const detail = `${key} must be {value, unit} with a number and a unit.`
    problems.add(`${base}/${key}`, codeFor(quantity, 'type_wrong'), detail, quantity, { allowed: [...rule.units] })
    return undefined
  }
  if (factor === undefined) {
    const detail = `${key} can not be given in ${unit.slice(0, 20)}; use ${rule.units.join(', ')}.`
    problems.add(`${base}/${key}/unit`, 'unit_not_allowed', detail, unit, { allowed: [...rule.units] })
    return undefined
  }
  const si = value * factor
  const highEnough = rule.aboveMin ? si > rule.minSi : si >= rule.minSi * (1 - ROUNDING)
  if (highEnough && si <= rule.maxSi * (1 + ROUNDING)) return si
  const from = rule.aboveMin ? `above ${rule.minSi}` : `at least ${rule.minSi}`
  const detail = `${key} must be ${from} and at most ${rule.maxSi} ${rule.siUnit}; ${value} ${unit} was sent.`
  problems.add(`${base}/${key}/value`, 'value_out_of_range', detail, value, { allowed: boundsIn(rule, factor) })
  return undefined
}

/** Both bounds in the unit that was sent. */
function boundsIn({ minSi, maxSi }: QuantityRule, factor: number): number[] {
  return [minSi, maxSi].map((bound) => Number((bound / factor).toPrecision(SHOWN_DIGITS)))
}

/** What the schema would say of the same value. */
function codeFor(value: unknown, code: string): string {
  return value === undefined ? 'field_required' : code
}
