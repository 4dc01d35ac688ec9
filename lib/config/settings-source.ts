import type { Environment } from '../../schemas/environment.ts'
import { readEnvironment, readSecrets, type Secrets } from './environment.ts'

/**
 * The source of each part's settings. This folder knows no part: every part has its own reader, and `config.ts` at the
 * root lists them.
 */
export interface SettingsSource {
  readonly environment: Environment
  /** Settings that may come from a file. */
  readonly secrets: Secrets
  readonly production: boolean
  /**
   * One line per problem, with the variable and its valid values; readers add theirs. Never the value: it may be
   * secret.
   */
  readonly problems: string[]
}

/** Checks each variable against its schema. Reading goes on after a problem, so that all are reported at once. */
export function openSettings(variables: Readonly<Record<string, string | undefined>>): SettingsSource {
  const { environment, problems } = readEnvironment(variables)
  const all = [...problems]
  const secrets = readSecrets(variables, environment, all)
  return { environment, secrets, production: environment.NODE_ENV === 'production', problems: all }
}

/** @throws ConfigError if a reader has added a problem */
export function assertNoProblems({ problems }: SettingsSource): void {
  if (problems.length > 0) throw new ConfigError(onceEach(problems))
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
