import { Environment } from '../../schemas/environment.ts'

/** What this file reads of a variable's schema. */
interface Setting {
  readonly type: string
  readonly description?: string
  readonly default?: unknown
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
}

const WHOLE_NUMBER = /^\d{1,15}$/

/**
 * Checks variables one by one against their schemas and fills in the defaults. An empty variable counts as not set.
 * Text becomes numbers here, and only here. (Ajv could do it, and would be half of the time that reading takes a start.)
 * @returns one line per problem, never with a value, for it may be a secret
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): {
  readonly environment: Environment
  readonly problems: readonly string[]
} {
  const environment: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, setting] of Object.entries(Environment.properties as Record<string, Setting>)) {
    const text = variables[name]
    const value = text === undefined || text === '' ? undefined : readValue(text, setting)
    if (value === undefined && text !== undefined && text !== '') problems.push(`${name}: takes ${setting.description}`)
    // The default stands in for a wrong value, so that the other settings are still read and told.
    environment[name] = value ?? setting.default
  }
  return { environment: environment as Environment, problems }
}

/** @returns undefined where the text is not what the setting takes */
function readValue(text: string, setting: Setting): string | number | undefined {
  if (setting.type !== 'integer')
    return setting.pattern === undefined || new RegExp(setting.pattern).test(text) ? text : undefined
  const number = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN
  return number >= (setting.minimum ?? 0) && number <= (setting.maximum ?? Infinity) ? number : undefined
}
