import { allowedMistakes, mistakesBetween } from '../../vocabulary/mistakes.ts'
import { ALIASES, MOVEMENTS } from '../catalogue.ts'
import { AMBIGUOUS_NAMES, EVERYDAY_NAMES } from './everyday-names.ts'
import { compactKey, wordsOf, writtenWords } from './name-key.ts'
import { UNMEASURED } from './unmeasured.ts'

/** The most registry names that an answer lists. */
const MOST_NEAREST = 3

/** The classification of a name that is not a registry name. */
export interface FoundName {
  /**
   * `alias`: another name of the single movement in `nearest`. `ambiguous`: a name of each of them. `unmeasured`: a
   * movement that is not measured, for `reason`. `unknown`: none of these; `nearest` are similar.
   */
  readonly kind: 'alias' | 'ambiguous' | 'unmeasured' | 'unknown'
  /** At most three registry names, the nearest first. */
  readonly nearest: readonly string[]
  readonly reason?: string
}

/** A name this short matches only exactly: ohs is not the plural of oh, which is overhead. */
const LONGEST_ABBREVIATION = 3
/** A misspelt name is compared only with names of at least this length: shorter ones resemble anything. */
const SHORTEST_COMPARED = 5

/** Every known name by its compact key, by its words, and by its words in alphabetical order. */
class NameIndex {
  readonly byKey = new Map<string, FoundName>()
  readonly byWords = new Map<string, FoundName>()
  readonly bySortedWords = new Map<string, FoundName>()
  /** Candidates for misspelt names. */
  readonly compared: (readonly [key: string, found: FoundName])[] = []

  constructor() {
    // The first entry wins, so registry names come first. A test finds names that belong to two movements.
    for (const name of MOVEMENTS.keys()) this.#know(name, { kind: 'alias', nearest: [name] }, true)
    for (const [alias, name] of ALIASES) this.#know(alias, { kind: 'alias', nearest: [name] })
    for (const [name, others] of Object.entries(EVERYDAY_NAMES)) {
      const found: FoundName = { kind: 'alias', nearest: [name] }
      for (const other of others.split(', ')) this.#know(other, found)
    }
    for (const [others, names] of Object.entries(AMBIGUOUS_NAMES)) {
      const kind = names.length > 1 ? 'ambiguous' : 'unknown'
      for (const other of others.split(', ')) this.#know(other, { kind, nearest: names.slice(0, MOST_NEAREST) })
    }
    for (const [name, { reason, names, nearest }] of UNMEASURED) {
      const found: FoundName = { kind: 'unmeasured', nearest, reason }
      for (const one of [name, ...names]) this.#know(one, found)
    }
  }

  #know(name: string, found: FoundName, isRegistryName = false): void {
    putOnce(this.byKey, compactKey(name), found)
    if (name.length <= LONGEST_ABBREVIATION && !isRegistryName) return
    const words = wordsOf(name)
    const key = words.join('')
    if (!this.byWords.has(key) && (key.length >= SHORTEST_COMPARED || isRegistryName)) this.compared.push([key, found])
    putOnce(this.byWords, key, found)
    putOnce(this.bySortedWords, words.toSorted().join(' '), found)
  }
}

/** Built at the first wrong name, not at the start. */
let index: NameIndex | undefined

function putOnce(map: Map<string, FoundName>, key: string, found: FoundName): void {
  if (!map.has(key)) map.set(key, found)
}

/** The same few mistakes recur, so results are cached. */
const answered = new Map<string, FoundName>()
const MOST_ANSWERED = 1000

/** Classifies a name that is not a registry name; nothing is ever chosen for the client. */
export function findName(given: string): FoundName {
  const known = answered.get(given)
  if (known !== undefined) return known
  index ??= new NameIndex()
  const found = index.byKey.get(compactKey(given)) ?? search(index, given)
  if (answered.size >= MOST_ANSWERED) answered.clear()
  answered.set(given, found)
  return found
}

function search({ byKey, byWords, bySortedWords, compared }: NameIndex, given: string): FoundName {
  const words = wordsOf(given)
  const same =
    byKey.get(writtenWords(given).join('')) ??
    byKey.get(words.join('')) ??
    byWords.get(words.join('')) ??
    bySortedWords.get(words.toSorted().join(' '))
  if (same !== undefined) return same
  const withoutQualifiers = byWords.get(words.filter((word) => !QUALIFIERS.has(word)).join(''))
  if (withoutQualifiers?.kind === 'unmeasured') return withoutQualifiers
  const costs = new Map<string, number>()
  offerParts(bySortedWords, words, costs)
  offerMisspelt(compared, words.join(''), costs)
  const nearest = [...costs].sort(([, one], [, other]) => one - other).map(([name]) => name)
  return { kind: 'unknown', nearest: nearest.slice(0, MOST_NEAREST) }
}

/** Words that do not turn an unmeasured movement into a measured one. */
const QUALIFIERS = new Set(
  'weighted strict hold static isometric ring dumbbell barbell kettlebell single arm one'.split(' ')
)

/** The cost of an omitted letter relative to a wrong one. */
const DROPPED_COST = 0.5
/** Shorter parts of a name are too ambiguous. */
const SHORTEST_PART = 3
const MOST_PARTED = 6

/** Names formed by some of the words, in any order: `kipping pull up` contains `pull up`. */
function offerParts(
  bySortedWords: ReadonlyMap<string, FoundName>,
  words: readonly string[],
  costs: Map<string, number>
): void {
  const parted = words.slice(0, MOST_PARTED)
  const letters = lengthOf(words)
  for (let mask = 1; mask < 1 << parted.length; mask++) {
    const part = parted.filter((_, index) => (mask & (1 << index)) !== 0)
    const kept = lengthOf(part)
    if (kept < SHORTEST_PART) continue
    const found = bySortedWords.get(part.sort().join(' '))
    if (found !== undefined) offer(costs, found, (DROPPED_COST * (letters - kept)) / letters)
  }
}

function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, { length }) => sum + length, 0)
}

/** Names at a small edit distance; only names of similar length qualify. */
function offerMisspelt(compared: NameIndex['compared'], key: string, costs: Map<string, number>): void {
  const allowance = allowedMistakes(key.length)
  if (allowance === 0) return
  for (const [other, found] of compared) {
    if (Math.abs(other.length - key.length) > allowance) continue
    const mistakes = mistakesBetween(key, other)
    if (mistakes <= allowance) offer(costs, found, mistakes / key.length)
  }
}

function offer(costs: Map<string, number>, { nearest }: FoundName, cost: number): void {
  nearest.forEach((name, place) => {
    const own = cost + place / 100
    if (own < (costs.get(name) ?? Number.POSITIVE_INFINITY)) costs.set(name, own)
  })
}
