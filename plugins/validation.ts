import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import fp from 'fastify-plugin'

/** A list longer than this is told as one problem, not as one for each item. */
const MAX_VALUES_EXPLAINED = 20_000

/**
 * Strict validation: nothing is coerced, filled in or removed. A valid request takes a validator that stops at the
 * first error; an invalid one is read again by one that finds them all, made when it is first needed.
 */
export default fp(
  async (app) => {
    // Bodies are JSON alone; Fastify would take plain text as a string.
    app.removeContentTypeParser('text/plain')
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
    // Parameters in a URL are text: numbers among them are read here, and nowhere else.
    const text = new Ajv({ ...options, allErrors: true, coerceTypes: true, useDefaults: true })
    app.setValidatorCompiler(({ schema, httpPart }) => {
      if (httpPart !== 'body') return text.compile(schema as object)
      const isValid = first.compile(schema as object)
      let explain: ValidateFunction | undefined
      const validate = (data: unknown): boolean => {
        validate.errors = null
        if (isValid(data)) return true
        validate.errors = isValid.errors ?? null
        // The time that finding every error takes is bounded by the number of values, so that number is bounded.
        if (countValues(data, MAX_VALUES_EXPLAINED) < MAX_VALUES_EXPLAINED) {
          all ??= new Ajv({ ...options, allErrors: true })
          explain ??= all.compile(schema as object)
          explain(data)
          validate.errors = explain.errors ?? null
        }
        return false
      }
      validate.errors = null as ErrorObject[] | null
      return validate
    })
  },
  { name: 'validation' }
)

/** Values in a JSON document, counted without recursion and up to a limit. */
function countValues(root: unknown, limit: number): number {
  const queue: unknown[] = [root]
  for (let index = 0; index < queue.length && queue.length < limit; index++) {
    const value = queue[index]
    if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) queue.push(member)
  }
  return queue.length
}
