import { readFileSync } from 'node:fs'
import { Environment } from '../../schemas/environment.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** A variable with a twin `<NAME>_FILE`, which names a file with its value. */
export type Secret = keyof {
  [Name in keyof Environment as Name extends `${infer Own}_FILE`
    ? Own extends keyof Environment
      ? Own
      : never
    : never]: true
}
export type Secrets = Partial<Record<Secret, string>>

/** The part of a variable's schema that this file reads. */
interface Setting {
  readonly type: string
  readonly description?: string
  readonly default?: unknown
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  /** The file contains bytes and is read as base64. */
  readonly isBytes?: true
}

const SETTINGS: Readonly<Record<string, Setting>> = Environment.properties
const FILE = '_FILE'
const SECRETS = Object.keys(SETTINGS)
  .filter((name) => name.endsWith(FILE))
  .map((name) => name.slice(0, -FILE.length) as Secret)
const WHOLE_NUMBER = /^\d{1,15}$/

/**
 * Checks variables one by one against their schemas and fills in the defaults. An empty variable counts as not set.
 * Text becomes numbers only here. (Ajv could do it, but takes half of the time of reading the settings.)
 * @returns one line per problem, never with a value, which may be a secret
 */
export function readEnvironment(variables: Variables): {
  readonly environment: Environment
  readonly problems: readonly string[]
} {
  const environment: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const text = variables[name]
    const value = text === undefined || text === '' ? undefined : readValue(text, setting)
    if (value === undefined && text !== undefined && text !== '')
      problems.push(`${name}: must be ${setting.description}`)
    // The default replaces an invalid value, so that the problems of the other settings are reported too.
    environment[name] = value ?? setting.default
  }
  return { environment: environment as Environment, problems }
}

/** @returns undefined if the text is invalid for the setting */
function readValue(text: string, setting: Setting): string | number | undefined {
  if (setting.type !== 'integer')
    return setting.pattern === undefined || new RegExp(setting.pattern).test(text) ? text : undefined
  const number = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN
  return number >= (setting.minimum ?? 0) && number <= (setting.maximum ?? Infinity) ? number : undefined
}

/** Reads secrets from the environment or from files; a file's text is checked like the variable's own. */
export function readSecrets(variables: Variables, environment: Environment, problems: string[]): Secrets {
  const secrets: Secrets = {}
  for (const name of SECRETS) {
    const path = environment[`${name}${FILE}`]
    if (path === undefined) {
      if (environment[name] !== undefined) secrets[name] = environment[name]
      continue
    }
    if (variables[name] !== undefined && variables[name] !== '')
      problems.push(`${name}: is set twice, here and by ${name}${FILE}`)
    try {
      const bytes = readFileSync(path)
      const text = bytes.toString(SETTINGS[name]?.isBytes ? 'base64' : 'utf8').trim()
      if (text === '') throw new Error('the file is empty')
      const { environment: read, problems: found } = readEnvironment({ [name]: text })
      problems.push(...found)
      if (read[name] !== undefined) secrets[name] = read[name]
    } catch {
      problems.push(`${name}${FILE}: must be the path of a readable file that is not empty`)
    }
  }
  return secrets
}
