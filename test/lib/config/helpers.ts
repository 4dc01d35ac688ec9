import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { loadConfig } from '../../../config.ts'
import { ConfigError } from '../../../lib/config/settings-source.ts'

export type Variables = Record<string, string | undefined>

export const HEX = '5e'.repeat(32)
export const PRODUCTION = { NODE_ENV: 'production', L402_SECRETS: `1:${HEX}` }

/** A folder that is gone after the test. */
export function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'power-config-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Writes files into a folder of the test; gives each one's path. */
export function filesIn(t: Test): (name: string, content: string | Buffer) => string {
  const path = folder(t)
  return (name, content) => {
    writeFileSync(join(path, name), content)
    return join(path, name)
  }
}

/** The problems that are told; none where the settings are taken. */
export function problemsOf(variables: Variables): readonly string[] {
  try {
    loadConfig(variables)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    if (error.message !== error.problems.join('\n')) throw new Error('message and problems differ')
    return error.problems
  }
  return []
}

/** Holds that exactly these lines are told, each one line that a person can read. */
export function expectProblems(t: Test, variables: Variables, expected: readonly RegExp[]): void {
  const problems = problemsOf(variables)
  const name = JSON.stringify(variables)
  t.equal(problems.length, expected.length, `${name}: ${problems.join(' / ')}`)
  for (const pattern of expected)
    t.ok(
      problems.some((line) => pattern.test(line)),
      `${name}: ${pattern}`
    )
  for (const line of problems) t.notMatch(line, /\n|undefined/)
}
