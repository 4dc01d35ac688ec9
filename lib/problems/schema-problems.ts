import type { ErrorObject } from 'ajv'
import { PATTERN_WORDS } from '../../schemas/patterns.ts'
import { PROBLEMS_TRUNCATED, type ProblemItem } from '../../schemas/problem.ts'
import { nearestWords } from '../vocabulary/nearest-words.ts'

const MAX_GIVEN_LENGTH = 100
const QUERY = 'query:'

/** The keyword of the error that represents unreported ones. */
export const PROBLEMS_OMITTED = 'problems-omitted'

/**
 * Describes Ajv's errors, one item each.
 * @param errors from Ajv with `verbose`, so that each has the given value
 * @param root prefix of every pointer: empty for a body, otherwise such as `query:` or `header:`
 */
export function schemaProblems(errors: readonly ErrorObject[], root = ''): ProblemItem[] {
  return withoutOtherForms(errors).map((error) => {
    const { code, pointer, detail, allowed, nearest } = describe(error, root)
    const given = shortValue(error.data)
    return {
      // A header or a parameter is identified by its name, not by a place in a document.
      pointer: root + (root === '' ? pointer : pointer.slice(1)),
      code,
      detail,
      ...(given !== undefined && code !== 'field_required' && code !== 'field_unknown' && { given }),
      ...(allowed && { allowed }),
      ...(nearest && { nearest })
    }
  })
}

/** For a value with several alternatives, keeps only the errors of the alternative with which it shares most fields. */
function withoutOtherForms(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf')
  if (choices.length === 0) return errors
  return errors.filter((error) => {
    if (error.keyword === 'anyOf') return false
    const choice = choices.find(({ schemaPath }) => error.schemaPath.startsWith(`${schemaPath}/`))
    return choice === undefined || error.schemaPath.startsWith(`${choice.schemaPath}/${formOf(choice)}/`)
  })
}

/** The intended alternative of an `anyOf`; the first if no field decides. */
function formOf({ schema, data }: ErrorObject): number {
  const given = typeof data === 'object' && data !== null ? Object.keys(data) : []
  const counts = (schema as { properties?: object }[]).map(
    ({ properties = {} }) => given.filter((key) => Object.hasOwn(properties, key)).length
  )
  return counts.indexOf(Math.max(...counts))
}

interface Description {
  readonly code: string
  readonly pointer: string
  readonly detail: string
  readonly allowed?: (string | number)[]
  readonly nearest?: string[]
}

function describe(error: ErrorObject, root: string): Description {
  const { keyword, params } = error
  const pointer = shortPointer(error.instancePath)
  const name = pointer === '' ? 'The body' : `\`${lastName(pointer)}\``
  switch (keyword) {
    case 'required':
      return {
        code: 'field_required',
        pointer: `${pointer}/${escapePointer(params.missingProperty)}`,
        detail: `\`${params.missingProperty}\` is required.`
      }
    case 'additionalProperties': {
      const { additionalProperty: unknown } = params
      const allowed = Object.keys(error.parentSchema?.properties ?? {})
      const isParameter = root === QUERY
      return {
        code: 'field_unknown',
        pointer: `${pointer}/${escapePointer(unknown)}`,
        detail: `\`${shorten(unknown)}\` is not ${isParameter ? 'a parameter of the query' : `a field of ${pointer === '' ? 'the body' : name}`}.`,
        allowed,
        ...nearestOf(unknown, allowed)
      }
    }
    case 'type':
      return {
        code: 'type_wrong',
        pointer,
        detail: `${name} must be ${TYPES[params.type] ?? `of type ${params.type}`}.`
      }
    case 'enum':
      return {
        code: 'value_not_allowed',
        pointer,
        detail: `${name} must be one of the allowed values.`,
        allowed: params.allowedValues,
        ...nearestOf(error.data, params.allowedValues)
      }
    case 'const':
      return {
        code: 'value_not_allowed',
        pointer,
        detail: `${name} must be ${params.allowedValue}.`,
        allowed: [params.allowedValue]
      }
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return {
        code: 'out_of_range',
        pointer,
        detail: `${name} must be ${BOUNDS[keyword]} ${params.limit}.`,
        ...allowedFrom(error, ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'])
      }
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties': {
      const what = keyword.slice(3) as keyof typeof COUNTED
      return {
        code: 'length_wrong',
        pointer,
        detail: `${name} must have ${keyword.startsWith('min') ? 'at least' : 'at most'} ${params.limit} ${COUNTED[what]}${params.limit === 1 ? '' : 's'}.`,
        ...allowedFrom(error, [`min${what}`, `max${what}`])
      }
    }
    case PROBLEMS_OMITTED:
      return { code: PROBLEMS_TRUNCATED, pointer, detail: 'There may be more problems than are listed.' }
    default:
      return {
        code: 'format_wrong',
        pointer,
        detail: `${name} ${PATTERN_WORDS.get(params.pattern) ?? error.message}.`
      }
  }
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a string'
}
/** The unit of a length bound. */
const COUNTED = { Length: 'character', Items: 'item', Properties: 'member' } as const
const BOUNDS = {
  minimum: 'at least',
  maximum: 'at most',
  exclusiveMinimum: 'above',
  exclusiveMaximum: 'below'
} as const

/** Both bounds, if the schema has both. @param bounds keywords, lower ones first */
function allowedFrom({ parentSchema = {} }: ErrorObject, bounds: readonly string[]): { allowed?: number[] } {
  const allowed = bounds.flatMap((keyword) => parentSchema[keyword] ?? [])
  return allowed.length === 2 ? { allowed } : {}
}

/** The last part of a pointer; for an item of a list, the list's name and the index. */
function lastName(pointer: string): string {
  const [, list, index] = /([^/]+)\/(\d+)$/.exec(pointer) ?? []
  return index === undefined ? pointer.slice(pointer.lastIndexOf('/') + 1) : `${list}[${index}]`
}

/** Similar words of a closed vocabulary, if any. */
function nearestOf(given: unknown, vocabulary: readonly unknown[]): { nearest?: string[] } {
  if (typeof given !== 'string') return {}
  const words = vocabulary.filter((word) => typeof word === 'string')
  const nearest = nearestWords(given, words)
  return nearest.length > 0 ? { nearest } : {}
}

function escapePointer(name: string): string {
  return shorten(name).replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Clients choose the keys of a body: without a limit each error could repeat a key as long as the body. */
function shortPointer(pointer: string): string {
  if (pointer.length <= MAX_GIVEN_LENGTH) return pointer
  // An escape sequence stays whole.
  const short = (key: string) => (key.length > MAX_GIVEN_LENGTH ? shorten(key).replace(/~…$/, '…') : key)
  return pointer.split('/').map(short).join('/')
}

function shorten(text: string): string {
  return text.length > MAX_GIVEN_LENGTH ? `${text.slice(0, MAX_GIVEN_LENGTH)}…` : text
}

/** The given value, if it is short enough to repeat. */
function shortValue(value: unknown): unknown {
  if (typeof value === 'string') return shorten(value)
  // JSON cannot represent Infinity.
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return typeof value === 'boolean' || value === null ? value : undefined
}
