import type { ErrorObject } from 'ajv'
import type { ProblemItem } from '../../schemas/problem.ts'
import { schemaProblems } from './schema-problems.ts'

/** The parts of a request with a schema, and the prefix of pointers into each. */
const PLACES = { body: '', params: 'path:', querystring: 'query:', headers: 'header:' } as const

type Part = keyof typeof PLACES

interface CheckedRequest {
  readonly body: unknown
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  getValidationFunction(part: Part): Validate | undefined
}
interface Validate {
  (value: unknown): unknown
  errors?: unknown
}

/** The framework's error about the first invalid part. */
interface PartError {
  readonly validation?: readonly object[]
  readonly validationContext?: string
}

/**
 * The schema problems of all parts of a request, body first. The framework stops at the first invalid part; the others
 * are validated here.
 */
export function partProblems(request: CheckedRequest, { validation, validationContext }: PartError): ProblemItem[] {
  return (Object.keys(PLACES) as Part[]).flatMap((part) => {
    const found = part === validationContext ? validation : errorsIn(request, part)
    return found === undefined ? [] : schemaProblems(found as ErrorObject[], PLACES[part])
  })
}

function errorsIn(request: CheckedRequest, part: Part): readonly object[] | undefined {
  const validate = request.getValidationFunction(part)
  const value = part === 'querystring' ? request.query : request[part]
  return validate === undefined || validate(value) ? undefined : (validate.errors as object[])
}
