import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import fp from 'fastify-plugin'
import { PROBLEMS_OMITTED } from '../../lib/problems/schema-problems.ts'

/** Above these sizes only the first problem is reported, with a note that there may be more. */
const MAX_VALUES_EXPLAINED = 20_000
const MAX_NAMES_EXPLAINED = 4_000_000
/** A response lists far fewer, and describing an error costs more than finding it. */
const MAX_TOLD = 1000

/**
 * Strict validation: nothing is coerced, filled in or removed. Valid requests pass a validator that stops at the first
 * error; invalid ones are read again by a validator that finds all errors, compiled at its first use.
 */
export default fp(
  async (app) => {
    const options = {
      coerceTypes: false,
      removeAdditional: false,
      useDefaults: false,
      verbose: true,
      strict: false,
      validateFormats: false,
      // The schemas are this program's own; tests check them, not every start.
      validateSchema: false,
      meta: false
    } as const
    const first = new Ajv(options)
    let all: Ajv | undefined
    // Parameters in a URL are text: they become numbers here, and only here.
    const text = new Ajv({ ...options, allErrors: true, coerceTypes: true, useDefaults: true })
    app.setValidatorCompiler(({ schema, httpPart }) => {
      if (httpPart !== 'body') return compiledLater(text, schema as object)
      let isValid: ValidateFunction | undefined
      let explain: ValidateFunction | undefined
      const validate = (data: unknown): boolean => {
        validate.errors = null
        isValid ??= first.compile(schema as object)
        if (isValid(data)) return true
        validate.errors = isValid.errors ?? null
        // Finding every error takes time per value and memory per path; both are bounded here.
        if (isSmall(data)) {
          all ??= new Ajv({ ...options, allErrors: true })
          explain ??= all.compile(schema as object)
          explain(data)
          validate.errors = explain.errors ?? null
          if (explain.errors && explain.errors.length > MAX_TOLD)
            validate.errors = [...explain.errors.slice(0, MAX_TOLD), OMITTED]
        } else validate.errors?.push(OMITTED)
        return false
      }
      validate.errors = null as ErrorObject[] | null
      return validate
    })
  },
  { name: 'validation' }
)

/** A validator that is compiled at its first use: compiling all of them took a fifth of the start. */
function compiledLater(ajv: Ajv, schema: object): ValidateFunction {
  let compiled: ValidateFunction | undefined
  const validate = (data: unknown): boolean => {
    compiled ??= ajv.compile(schema)
    const isValid = compiled(data) as boolean
    validate.errors = compiled.errors ?? null
    return isValid
  }
  validate.errors = null as ErrorObject[] | null
  return validate as unknown as ValidateFunction
}

const OMITTED: ErrorObject = { keyword: PROBLEMS_OMITTED, instancePath: '', schemaPath: '', params: {} }

/** Whether a document has few values and no long names that many errors would repeat; not recursive. */
function isSmall(root: unknown): boolean {
  const queue: unknown[] = [root]
  let longestName = 0
  for (let index = 0; index < queue.length; index++) {
    const value = queue[index]
    if (typeof value !== 'object' || value === null) continue
    for (const name in value) {
      if (queue.length >= MAX_VALUES_EXPLAINED) return false
      longestName = Math.max(longestName, name.length)
      queue.push((value as Record<string, unknown>)[name])
    }
  }
  return queue.length * longestName <= MAX_NAMES_EXPLAINED
}
