import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A change that a client of the earlier document may not survive, as oasdiff reports it. */
export interface Break {
  readonly id: string
  readonly text: string
  readonly operation?: string
  readonly operationId?: string
  readonly path?: string
}

/** Rules that oasdiff rates as harmless and this service does not: what an answer may hold, and which errors there are. */
const LEVELS = fileURLToPath(new URL('severity-levels.txt', import.meta.url))

/**
 * The breaking changes from one OpenAPI document to another.
 * @param oasdiff path of the program
 * @param earlier, later paths of the documents
 */
export function breaksBetween(oasdiff: string, earlier: string, later: string): Break[] {
  const options = ['--format', 'json', '--severity-levels', LEVELS]
  const found = execFileSync(oasdiff, ['breaking', earlier, later, ...options], { encoding: 'utf8' })
  return found.trim() === '' ? [] : JSON.parse(found)
}

/**
 * The breaks that the newest section of a changelog does not name. A line names them that begins with `- Breaking` and
 * has the id of the operation.
 */
export function unnamed(breaks: readonly Break[], changelog: string): Break[] {
  const [, newest = ''] = changelog.split(/^## /m)
  const lines = newest.split('\n').filter((line) => line.startsWith('- Breaking'))
  return breaks.filter(({ operationId, path }) => {
    const name = new RegExp(`(?<!\\w)${operationId ?? path}(?!\\w)`)
    return !lines.some((line) => name.test(line))
  })
}
