/**
 * Fails where openapi.json breaks clients of the last release (before the first: of the document before the last change)
 * and CHANGELOG.md does not say so.
 *
 *     node --import tsx test/openapi/compatibility.ts OASDIFF
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Break, breaksBetween, unnamed } from './breaks.ts'

const DOCUMENT = 'openapi.json'
const LEFT_OUT = 77

interface Document {
  readonly paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
  readonly components: {
    readonly schemas: Record<string, { properties: Record<string, object>; required: string[]; enum: string[] }>
  }
}

/** What must never pass unseen: each breaks the document on purpose. */
const DELIBERATE: readonly [name: string, change: (document: Document) => void][] = [
  ['a path is removed', ({ paths }) => delete paths['/v1/movements']],
  ['a status is removed', ({ paths }) => delete paths['/v1/compute-power']!.post!.responses['409']],
  ['a member of an answer is removed', ({ components }) => delete components.schemas.SplitResult!.properties.label],
  ['a member of a request is removed', ({ components }) => delete components.schemas.User!.properties.sex],
  ['a member of a request is required', ({ components }) => components.schemas.User!.required.push('sex')],
  ['a list of values is narrowed', ({ components }) => components.schemas.Sex!.enum.pop()],
  [
    'a range is narrowed',
    ({ components }) => Object.assign(components.schemas.Split!.properties.duration_seconds!, { maximum: 60 })
  ]
]

const [oasdiff] = process.argv.slice(2)
if (oasdiff === undefined) throw new TypeError('the path of oasdiff is missing')
const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
try {
  for (const [name, change] of DELIBERATE) {
    const document = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as Document
    change(document)
    const broken = write('broken.json', JSON.stringify(document))
    const [first] = unnamed(breaksBetween(oasdiff, DOCUMENT, broken), '')
    assert(first, `${name}, and nothing is reported`)
    console.log(`# ${name}: ${told(first)}`)
  }
  const baseline = earlier()
  if (baseline === undefined) {
    console.log('the history has no earlier openapi.json')
    process.exitCode = LEFT_OUT
  } else {
    const breaks = breaksBetween(oasdiff, write('earlier.json', git('show', `${baseline}:${DOCUMENT}`)), DOCUMENT)
    const missing = unnamed(breaks, readFileSync('CHANGELOG.md', 'utf8'))
    for (const one of missing) console.log(`not ok - ${told(one)}`)
    console.log(
      `# since ${baseline}: ${breaks.length} breaking changes, ${missing.length} that CHANGELOG.md does not name`
    )
    if (missing.length > 0) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}

/** The revision whose document clients know. */
function earlier(): string | undefined {
  const [tag] = lines('tag', '--list', 'v*', '--sort=-version:refname', '--merged')
  if (tag !== undefined) return tag
  const [last] = lines('log', '--max-count=1', '--format=%H', '--', DOCUMENT)
  const [before] = last === undefined ? [] : lines('log', '--max-count=1', '--format=%h', `${last}~1`, '--', DOCUMENT)
  return before
}

function lines(...args: string[]): string[] {
  try {
    return git(...args)
      .split('\n')
      .filter(Boolean)
  } catch {
    return []
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'ignore'] })
}

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function told({ id, operation = '', path = '', operationId = '', text }: Break): string {
  return `${operation} ${path} (${operationId}) ${id}: ${text}`
}
