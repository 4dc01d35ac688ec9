import { PROBLEMS_TRUNCATED, type ProblemItem } from '../../../schemas/problem.ts'
import type { MovementProblem } from '../names/movement-problem.ts'

/** An answer never lists more than this; the last item then says how many were left out. */
const LIST_LIMIT = 100
const LONGEST_GIVEN = 100
/** Looking a name up costs most of all; this many different ones get the nearest names. */
const LOOK_UP_LIMIT = 20

type Extra = { allowed?: (string | number)[]; nearest?: string[] } | undefined

/**
 * Collects what is wrong with one request, and knows which places the schema already found fault with,
 * so that nothing is told twice and nothing unreadable is read.
 */
export class Problems {
  readonly #list: ProblemItem[]
  #count: number
  readonly #faults = new Set<string>()
  readonly #aboveFaults = new Set<string>()
  readonly #lookedUp = new Map<string, MovementProblem | undefined>()
  /** Whether the schema found anything: the pointers are only built and looked up then. */
  readonly hasFaults: boolean
  /** False where the schema did not look for everything. */
  readonly isWhole: boolean

  constructor(schemaProblems: readonly ProblemItem[]) {
    const told = schemaProblems.filter(({ code }) => code !== PROBLEMS_TRUNCATED)
    this.isWhole = told.length === schemaProblems.length
    this.#list = told.slice(0, LIST_LIMIT)
    this.#count = told.length
    this.hasFaults = told.length > 0
    for (const { pointer } of told) {
      this.#faults.add(pointer)
      for (const above of pointersAbove(pointer)) this.#aboveFaults.add(above)
    }
  }

  get found(): boolean {
    return this.#count > 0
  }

  /** All that were found, listed or not. */
  get count(): number {
    return this.#count
  }

  add(pointer: string, code: string, detail: string, given: unknown, extra?: Extra): void {
    this.#count++
    if (this.#list.length >= LIST_LIMIT) return
    const item: ProblemItem = { pointer, code, detail }
    const short = shortForm(given)
    if (short !== undefined) item.given = short
    if (extra?.allowed) item.allowed = extra.allowed
    if (extra?.nearest) item.nearest = extra.nearest
    this.#list.push(item)
  }

  /** Says what is allowed at a place whose value the schema refused, where more is known than the schema tells. */
  narrow(pointer: string, allowed: readonly (string | number)[]): void {
    const index = this.#list.findIndex((item) => item.pointer === pointer && item.allowed !== undefined)
    const item = this.#list[index]
    if (item !== undefined) this.#list[index] = { ...item, allowed: [...allowed] }
  }

  /** What is wrong with a name, looked up once per name and for a bounded number of names. */
  lookUp(name: string, problemOf: (name: string) => MovementProblem | undefined): MovementProblem | undefined {
    if (this.#lookedUp.has(name) || this.#lookedUp.size >= LOOK_UP_LIMIT) return this.#lookedUp.get(name)
    const problem = problemOf(name)
    this.#lookedUp.set(name, problem)
    return problem
  }

  /** The schema found fault with this place or one above it: it can not be read. */
  blocked(pointer: string): boolean {
    if (this.#faults.has(pointer)) return true
    return pointersAbove(pointer).some((above) => this.#faults.has(above))
  }

  /** As `blocked`, or with something under it: a rule over the whole value can not be judged. */
  touched(pointer: string): boolean {
    return this.#aboveFaults.has(pointer) || this.blocked(pointer)
  }

  /** All problems in the order found, at most 100 items. */
  list(): ProblemItem[] {
    if (this.isWhole && this.#count <= LIST_LIMIT) return this.#list
    const listed = this.#list.slice(0, LIST_LIMIT - 1)
    const left = this.#count - listed.length
    const few = 'The body is too large to tell everything that is wrong with it: more may follow.'
    const detail = left === 0 ? few : `${left}${this.isWhole ? '' : ' or'} more problems are not listed.`
    return [...listed, { pointer: '', code: PROBLEMS_TRUNCATED, detail }]
  }
}

/** One step of a JSON pointer (RFC 6901): `~` and `/` are escaped. */
export function pointerStep(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function pointersAbove(pointer: string): string[] {
  const above: string[] = []
  for (let end = pointer.lastIndexOf('/'); end >= 0; end = pointer.lastIndexOf('/', end - 1)) {
    above.push(pointer.slice(0, end))
    if (end === 0) break
  }
  return above
}

function shortForm(given: unknown): unknown {
  if (typeof given === 'string') return given.length > LONGEST_GIVEN ? `${given.slice(0, LONGEST_GIVEN)}…` : given
  if (typeof given === 'number') return Number.isFinite(given) ? given : undefined
  return given === null || typeof given === 'boolean' ? given : undefined
}
