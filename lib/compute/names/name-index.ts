import { allowedMistakes, mistakesBetween } from '../../vocabulary/mistakes.ts'
import { compactKey, wordsOf, writtenWords } from './name-key.ts'
import type { Unmeasured } from './unmeasured.ts'

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

/** The names that an index knows. */
export interface NameTables {
  /** Registry names with their other names. */
  readonly movements: Iterable<readonly [name: string, others: readonly string[]]>
  /** Lists of names, separated by commas, with the registry names that they may mean; the likeliest first. */
  readonly ambiguous: Readonly<Record<string, readonly string[]>>
  readonly unmeasured: Iterable<readonly [name: string, Unmeasured]>
}

/** Every known name by its compact key, by its words, and by its words in alphabetical order. */
export class NameIndex {
  readonly #byKey = new Map<string, FoundName>()
  readonly #byWords = new Map<string, FoundName>()
  readonly #bySortedWords = new Map<string, FoundName>()
  /** Candidates for misspelt names. */
  readonly #compared: (readonly [key: string, found: FoundName])[] = []

  constructor({ movements, ambiguous, unmeasured }: NameTables) {
    const all = [...movements].map(([name, others]) => [{ kind: 'alias', nearest: [name] } as const, others] as const)
    // The first entry wins, so registry names come first. A test finds names that belong to two movements.
    for (const [found] of all) this.#know(found.nearest[0], found, true)
    for (const [found, others] of all) for (const other of others) this.#know(other, found)
    for (const [others, names] of Object.entries(ambiguous)) {
      const kind = names.length > 1 ? 'ambiguous' : 'unknown'
      for (const other of others.split(', ')) this.#know(other, { kind, nearest: names.slice(0, MOST_NEAREST) })
    }
    for (const [name, { reason, names, nearest }] of unmeasured) {
      const found: FoundName = { kind: 'unmeasured', nearest, reason }
      for (const one of [name, ...names]) this.#know(one, found)
    }
  }

  /** Classifies a name; a registry name is its own alias. */
  find(given: string): FoundName {
    return this.#byKey.get(compactKey(given)) ?? this.#search(given)
  }

  #search(given: string): FoundName {
    const words = wordsOf(given)
    const written = writtenWords(given)
    const same = this.#same(written, words)
    if (same !== undefined) return same
    const plain = this.#same(withoutStyle(written), withoutStyle(words))
    if (plain !== undefined) return plain
    const withoutQualifiers = this.#byWords.get(words.filter((word) => !QUALIFIERS.has(word)).join(''))
    if (withoutQualifiers?.kind === 'unmeasured') return withoutQualifiers
    const costs = new Map<string, number>()
    this.#offerParts(withoutStyle(words), costs)
    this.#offerMisspelt(words.join(''), costs)
    const nearest = [...costs].sort(([, one], [, other]) => one - other).map(([name]) => name)
    return { kind: 'unknown', nearest: nearest.slice(0, MOST_NEAREST) }
  }

  /** The entry of a name with these words in any order. */
  #same(written: readonly string[], words: readonly string[]): FoundName | undefined {
    return (
      this.#byKey.get(written.join('')) ??
      this.#byKey.get(words.join('')) ??
      this.#byWords.get(words.join('')) ??
      this.#bySortedWords.get(words.toSorted().join(' '))
    )
  }

  #know(name: string, found: FoundName, isRegistryName = false): void {
    putOnce(this.#byKey, compactKey(name), found)
    if (name.length <= LONGEST_ABBREVIATION && !isRegistryName) return
    const words = wordsOf(name)
    const key = words.join('')
    if (!this.#byWords.has(key) && (key.length >= SHORTEST_COMPARED || isRegistryName))
      this.#compared.push([key, found])
    putOnce(this.#byWords, key, found)
    putOnce(this.#bySortedWords, words.toSorted().join(' '), found)
  }

  /** Names formed by some of the words, in any order: `sandbag box step up` contains `box step up`. */
  #offerParts(words: readonly string[], costs: Map<string, number>): void {
    const parted = words.slice(0, MOST_PARTED)
    const letters = lengthOf(words)
    for (let mask = 1; mask < 1 << parted.length; mask++) {
      const part = parted.filter((_, index) => (mask & (1 << index)) !== 0)
      const kept = lengthOf(part)
      if (kept < SHORTEST_PART) continue
      const key = part.sort().join(' ')
      const found = this.#bySortedWords.get(key) ?? (part.length === 1 ? this.#byKey.get(key) : undefined)
      if (found !== undefined) offer(costs, found, (DROPPED_COST * (letters - kept)) / letters)
    }
  }

  /** Names at a small edit distance; only names of similar length qualify. */
  #offerMisspelt(key: string, costs: Map<string, number>): void {
    const allowance = allowedMistakes(key.length)
    if (allowance === 0) return
    for (const [other, found] of this.#compared) {
      if (Math.abs(other.length - key.length) > allowance) continue
      const mistakes = mistakesBetween(key, other)
      if (mistakes <= allowance) offer(costs, found, mistakes / key.length)
    }
  }
}

/** The cost of an omitted letter relative to a wrong one. */
const DROPPED_COST = 0.5
/** Shorter parts of a name are too ambiguous. */
const SHORTEST_PART = 3
const MOST_PARTED = 6

/** Words that do not turn an unmeasured movement into a measured one. */
const QUALIFIERS = new Set(
  'weighted strict hold static isometric ring dumbbell barbell kettlebell single arm one'.split(' ')
)

/** Ways to do a movement that do not make it another one: a butterfly c2b is a c2b. */
const STYLES = new Set('butterfly fast heavy kipping light slow strict tng tough unbroken'.split(' '))

/** The words without styles, unless only styles are present. */
function withoutStyle(words: readonly string[]): readonly string[] {
  const plain = words.filter((word) => !STYLES.has(word))
  return plain.length > 0 ? plain : words
}

function putOnce(map: Map<string, FoundName>, key: string, found: FoundName): void {
  if (!map.has(key)) map.set(key, found)
}

function lengthOf(words: readonly string[]): number {
  return words.reduce((sum, { length }) => sum + length, 0)
}

function offer(costs: Map<string, number>, { nearest }: FoundName, cost: number): void {
  nearest.forEach((name, place) => {
    const own = cost + place / 100
    if (own < (costs.get(name) ?? Number.POSITIVE_INFINITY)) costs.set(name, own)
  })
}
