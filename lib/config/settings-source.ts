import { readFileSync } from 'node:fs'
import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox'

type Values = Readonly<Record<string, string | undefined>>

/** A variable with a twin `<NAME>_FILE`, which names a file with its value. */
type Secret<Variables> = keyof {
  [Name in keyof Variables as Name extends `${infer Own}_FILE`
    ? Own extends keyof Variables
      ? Own
      : never
    : never]: true
}

/** The variables of a part, read and checked. */
export interface Settings<Variables extends TProperties> {
  readonly environment: Static<TObject<Variables>>
  /** Those that may come from a file. */
  readonly secrets: Readonly<Partial<Record<Secret<Variables>, string>>>
}

/** The part of a variable's schema that this file reads. */
interface Setting {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  /** The file contains bytes and is read as base64. */
  readonly isBytes?: true
}

const FILE = '_FILE'
const WHOLE_NUMBER = /^\d{1,15}$/

/**
 * The source of each part's settings. This folder knows no part: every part has its variables and its reader, and
 * `config.ts` at the root lists the readers.
 */
export class SettingsSource {
  readonly production: boolean
  /**
   * One line per problem, with the variable and its valid values; readers add theirs. Never the value: it may be
   * secret.
   */
  readonly problems: string[] = []
  /** The schema of every variable that was read. */
  readonly variables: TProperties = {}
  readonly #values: Values

  constructor(values: Values) {
    this.#values = values
    const { environment } = this.read({
      NODE_ENV: Type.String({ default: '', description: 'production, or any other value for development' })
    })
    this.production = environment.NODE_ENV === 'production'
  }

  /** Reads a part's variables. Reading goes on after a problem, so that all are reported at once. */
  read<Variables extends TProperties>(variables: Variables): Settings<Variables> {
    Object.assign(this.variables, variables)
    const environment: Record<string, unknown> = {}
    for (const [name, schema] of Object.entries(variables)) environment[name] = this.#check(name, schema as Setting)
    const secrets: Record<string, string> = {}
    for (const fileName of Object.keys(variables).filter((name) => name.endsWith(FILE))) {
      const name = fileName.slice(0, -FILE.length)
      const value = this.#secret(name, variables[name] as Setting, environment)
      if (value !== undefined) secrets[name] = value
    }
    return { environment, secrets } as unknown as Settings<Variables>
  }

  /** @throws ConfigError if a reader has added a problem */
  assertNoProblems(): void {
    if (this.problems.length > 0) throw new ConfigError(onceEach(this.problems))
  }

  /** The default replaces an invalid value, so that the problems of the other settings are reported too. */
  #check(name: string, setting: Setting, text = this.#values[name]): unknown {
    if (text === undefined || text === '') return setting.default
    const value = readValue(text, setting)
    if (value === undefined) this.problems.push(`${name}: must be ${setting.description}`)
    return value ?? setting.default
  }

  /** A file's text is checked like the variable's own. */
  #secret(name: string, setting: Setting, environment: Readonly<Record<string, unknown>>): string | undefined {
    const path = environment[`${name}${FILE}`] as string | undefined
    if (path === undefined) return environment[name] as string | undefined
    if (this.#values[name] !== undefined && this.#values[name] !== '')
      this.problems.push(`${name}: is set twice, here and by ${name}${FILE}`)
    const text = textOfFile(path, setting)
    if (text !== undefined) return this.#check(name, setting, text) as string | undefined
    this.problems.push(`${name}${FILE}: must be the path of a readable file that is not empty`)
    return undefined
  }
}

/**
 * Text becomes numbers only here. An empty variable counts as not set. (Ajv could check it all, but takes half of the
 * time of reading the settings.)
 * @returns undefined if the text is invalid for the setting
 */
function readValue(text: string, setting: Setting): string | number | undefined {
  if (setting.type !== 'integer')
    return setting.pattern === undefined || new RegExp(setting.pattern).test(text) ? text : undefined
  const number = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN
  return number >= (setting.minimum ?? 0) && number <= (setting.maximum ?? Infinity) ? number : undefined
}

/** @returns undefined where the file cannot be read, or has no text */
function textOfFile(path: string, { isBytes }: Setting): string | undefined {
  try {
    const text = readFileSync(path)
      .toString(isBytes ? 'base64' : 'utf8')
      .trim()
    return text === '' ? undefined : text
  } catch {
    return undefined
  }
}

/** @returns what `read` returns; undefined, with a problem added, if it throws */
export function attempt<T>({ problems }: SettingsSource, name: string, expected: string, read: () => T): T | undefined {
  try {
    return read()
  } catch {
    problems.push(`${name}: must be ${expected}`)
    return undefined
  }
}

/** The entries of a comma-separated list. */
export function listOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** Adds a problem if a URL matches its pattern but is invalid. */
export function checkUrl({ problems }: SettingsSource, name: string, url: string | undefined): void {
  if (url !== undefined && !URL.canParse(url)) problems.push(`${name}: must be a URL`)
}

/** One or more settings are invalid; `problems` has one line for each. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** A variable that is invalid is not also reported as missing. */
function onceEach(problems: readonly string[]): string[] {
  const nameOf = (problem: string) => problem.slice(0, problem.indexOf(':')).replace(/_FILE$/, '')
  const isMissing = (problem: string) => problem.includes(': is required')
  const wrong = new Set(problems.filter((problem) => !isMissing(problem)).map(nameOf))
  return problems.filter((problem) => !isMissing(problem) || !wrong.has(nameOf(problem)))
}
