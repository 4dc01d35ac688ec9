import { PROBLEMS_TRUNCATED, type ProblemItem } from '../../../schemas/problem.ts'
import type { MovementProblem } from '../names/movement-problem.ts'

/** The most listed problems; the last item then states how many are not listed. */
const LIST_LIMIT = 100
const LONGEST_GIVEN = 100
/** Looking a name up is the most expensive step; only this many distinct names get nearest names. */
const LOOK_UP_LIMIT = 20

type Extra = Pick<ProblemItem, 'allowed' | 'nearest' | 'minimum_is_allowed'> | undefined

/**
 * Collects the problems of one request. It knows the places that the schema already reported, so that nothing is
 * reported twice.
 */
export class Problems {
  #list: ProblemItem[]
  #count: number
  #faults: Set<string> | undefined
  #lookedUp: Map<string, MovementProblem | undefined> | undefined
  /** Whether the schema found anything: only then are pointers built and looked up. */
  readonly hasFaults: boolean
  /** False if the schema stopped early. */
  readonly isWhole: boolean

  constructor(schemaProblems: readonly ProblemItem[]) {
    const reported = schemaProblems.filter(({ code }) => code !== PROBLEMS_TRUNCATED)
    this.isWhole = reported.length === schemaProblems.length
    this.#list = reported.slice(0, LIST_LIMIT)
    this.#count = reported.length
    this.hasFaults = reported.length > 0
    if (this.hasFaults) this.#faults = new Set(reported.map(({ pointer }) => pointer))
  }

  get found(): boolean {
    return this.#count > 0
  }

  /** All problems found, listed or not. */
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
    if (extra?.minimum_is_allowed === false) item.minimum_is_allowed = false
    this.#list.push(item)
  }

  /** Adds the allowed values at a place that the schema rejected, if more is known than in the schema. */
  narrow(pointer: string, allowed: readonly (string | number)[], more: Partial<ProblemItem> = {}): void {
    const index = this.#list.findIndex((item) => item.pointer === pointer && item.allowed !== undefined)
    const item = this.#list[index]
    if (item === undefined) return
    const { nearest: known, ...rest } = item
    const nearest = known?.filter((word) => allowed.includes(word)) ?? []
    this.#list[index] = { ...rest, allowed: [...allowed], ...(nearest.length > 0 && { nearest }), ...more }
  }

  /** Drops the schema's problems at a place and below it, because the value should not be there at all. */
  forget(pointer: string): void {
    if (!this.hasFaults) return
    const kept = this.#list.filter((item) => item.pointer !== pointer && !item.pointer.startsWith(`${pointer}/`))
    this.#count -= this.#list.length - kept.length
    this.#list = kept
  }

  /** The problem of a name, looked up once per name and for a bounded number of names. */
  lookUp(name: string, problemOf: (name: string) => MovementProblem | undefined): MovementProblem | undefined {
    this.#lookedUp ??= new Map()
    if (this.#lookedUp.has(name) || this.#lookedUp.size >= LOOK_UP_LIMIT) return this.#lookedUp.get(name)
    const problem = problemOf(name)
    this.#lookedUp.set(name, problem)
    return problem
  }

  /**
   * Whether the schema already reported this place. The pointer is joined here, so that a valid request builds none.
   */
  faulty(base: string, key: string): boolean {
    return this.#faults?.has(`${base}/${key}`) === true
  }

  /** All problems in the order found, at most 100 items. */
  list(): ProblemItem[] {
    if (this.isWhole && this.#count <= LIST_LIMIT) return this.#list
    const listed = this.#list.slice(0, LIST_LIMIT - 1)
    const left = this.#count - listed.length
    const few = 'The body is too large for a full list: there may be more problems.'
    const detail = left === 0 ? few : `${left}${this.isWhole ? '' : ' or'} more problems are not listed.`
    return [...listed, { pointer: '', code: PROBLEMS_TRUNCATED, detail }]
  }
}

/** One step of a JSON pointer (RFC 6901): `~` and `/` are escaped, and a key as long as the body is cut. */
export function pointerStep(key: string): string {
  const short = key.length > LONGEST_GIVEN ? `${key.slice(0, LONGEST_GIVEN)}…` : key
  return short.replaceAll('~', '~0').replaceAll('/', '~1')
}

function shortForm(given: unknown): unknown {
  if (typeof given === 'string') return given.length > LONGEST_GIVEN ? `${given.slice(0, LONGEST_GIVEN)}…` : given
  if (typeof given === 'number') return Number.isFinite(given) ? given : undefined
  return given === null || typeof given === 'boolean' ? given : undefined
}
