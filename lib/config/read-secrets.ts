import { readFileSync } from 'node:fs'
import type { Environment } from '../../schemas/environment.ts'
import { readEnvironment } from './read-environment.ts'

/** Settings that may be given as `<NAME>_FILE`. */
const SECRETS = [
  'DATABASE_URL',
  'L402_SECRETS',
  'LND_MACAROON',
  'LND_TLS_CERT',
  'REDIS_URL',
  'X402_FACILITATOR_TOKEN',
  'X402_RECEIPT_KEY',
  'X402_RPC_URL',
  'X402_SIGNER_KEY'
] as const
export type Secret = (typeof SECRETS)[number]

export type Secrets = Partial<Record<Secret, string>>

/** LND writes its certificate as text and its macaroon as bytes; both travel as base64. */
const BYTES: readonly Secret[] = ['LND_TLS_CERT', 'LND_MACAROON']

/** Reads what is secret, from the environment or from files; a file's text is checked like the variable's own. */
export function readSecrets(
  variables: Readonly<Record<string, string | undefined>>,
  environment: Environment,
  problems: string[]
): Secrets {
  const secrets: Secrets = {}
  for (const name of SECRETS) {
    const path = environment[`${name}_FILE`]
    if (path === undefined) {
      if (environment[name] !== undefined) secrets[name] = environment[name]
      continue
    }
    if (variables[name] !== undefined && variables[name] !== '')
      problems.push(`${name}: is given twice, see ${name}_FILE`)
    try {
      const bytes = readFileSync(path)
      const text = bytes.toString(BYTES.includes(name) ? 'base64' : 'utf8').trim()
      if (text === '') throw new Error('the file is empty')
      const { environment: read, problems: found } = readEnvironment({ [name]: text })
      problems.push(...found)
      if (read[name] !== undefined) secrets[name] = read[name]
    } catch {
      problems.push(`${name}_FILE: takes the path of a readable file that is not empty`)
    }
  }
  return secrets
}
