import { Ajv } from 'ajv'
import { Environment } from '../../schemas/environment.ts'

/**
 * Checks variables one by one against the schema and fills in the defaults.
 * @returns one line per problem, never with a value, for it may be a secret
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): {
  readonly environment: Environment
  readonly problems: readonly string[]
} {
  // Variables are text: here, and only here, text becomes numbers.
  const validate = new Ajv({
    allErrors: true,
    coerceTypes: true,
    useDefaults: true,
    validateSchema: false,
    meta: false
  }).compile<Environment>(Environment)
  const environment: Record<string, unknown> = {}
  for (const name of Object.keys(Environment.properties))
    if (variables[name] !== undefined && variables[name] !== '') environment[name] = variables[name]
  validate(environment)
  const names = new Set(validate.errors?.map(({ instancePath }) => instancePath.slice(1)))
  const properties = Environment.properties as Record<string, { description?: string; default?: unknown }>
  const problems = [...names].map((name) => {
    // The default stands in for a wrong value, so that the other settings are still read and told.
    environment[name] = properties[name]?.default
    return `${name}: takes ${properties[name]?.description}`
  })
  return { environment: environment as Environment, problems }
}
