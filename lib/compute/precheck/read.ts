import type { Range } from '../limits.ts'
import type { Problems } from './problems.ts'

export type JsonObject = { readonly [key: string]: unknown }

/*
 * Every reader returns the value, or undefined after reporting the problem, unless the schema already reported this
 * place. Pointers are built only on a problem, to keep a valid request cheap.
 */

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function readObject(problems: Problems, holder: JsonObject, base: string, key: string): JsonObject | undefined {
  const value = holder[key]
  if (isObject(value)) return value
  if (problems.faulty(base, key)) return undefined
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
  const value = holder[key]
  if (Array.isArray(value) && value.length >= size.min && value.length <= size.max) return value
  // The allowed number of items of a list that is too long is read nevertheless.
  if (problems.faulty(base, key))
    return Array.isArray(value) && value.length > size.max ? value.slice(0, size.max) : undefined
  const code = codeFor(value, Array.isArray(value) ? 'length_wrong' : 'type_wrong')
  problems.add(`${base}/${key}`, code, `${key} must be a list of ${size.min} to ${size.max} items.`, value)
  return undefined
}

export function readNumber(
  problems: Problems,
  holder: JsonObject,
  base: string,
  key: string,
  range: Range
): number | undefined {
  if (problems.faulty(base, key)) return undefined
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

/** A string of bounded length, counted as in JSON Schema: in characters, not UTF-16 code units. */
export function readString(
  problems: Problems,
  holder: JsonObject,
  base: string,
  key: string,
  length: Range
): string | undefined {
  if (problems.faulty(base, key)) return undefined
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
  if (problems.faulty(base, key)) return undefined
  const value = holder[key]
  const found = allowed.find((one) => one === value)
  if (found === undefined) {
    const detail = `${key} must be one of ${allowed.join(', ')}.`
    problems.add(`${base}/${key}`, codeFor(value, 'value_not_allowed'), detail, value, { allowed: [...allowed] })
  }
  return found
}

/** The same test as the schema's. */
export function codeFor(value: unknown, code: string): string {
  return value === undefined ? 'field_required' : code
}
