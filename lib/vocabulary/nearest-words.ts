import { EVERYDAY_WORDS } from './everyday-words.ts'
import { allowedMistakes, mistakesBetween } from './mistakes.ts'

const MOST_NEAREST = 3
const LONGEST_WORD = 64
/** Shorter parts of a word are too ambiguous. */
const SHORTEST_PART = 3

/** The words that an everyday form may mean. */
const meanings = new Map<string, Set<string>>()
for (const [word, others] of Object.entries(EVERYDAY_WORDS))
  for (const other of others.split(', ')) {
    const known = meanings.get(other)
    if (known === undefined) meanings.set(other, new Set([word]))
    else known.add(word)
  }

/**
 * Words of a closed vocabulary similar to a wrong one, nearest first: those of which it is an everyday form, otherwise
 * those at a small edit distance or containing it. At most three.
 */
export function nearestWords(given: string, vocabulary: readonly string[]): string[] {
  const plain = given.slice(0, LONGEST_WORD).trim().toLowerCase()
  const key = keyOf(plain)
  const meant = meanings.get(plain) ?? meanings.get(plain.replace(/[^a-z0-9]+/g, '_'))
  const words = meant && vocabulary.filter((word) => meant.has(word))
  // A weight is not a misspelt height.
  if (words !== undefined && words.length > 0) return words.slice(0, MOST_NEAREST)
  const costs: [word: string, cost: number][] = []
  for (const word of vocabulary) {
    const cost = costOf(key, keyOf(word.toLowerCase()))
    if (cost !== undefined) costs.push([word, cost])
  }
  return costs
    .sort(([, one], [, other]) => one - other)
    .slice(0, MOST_NEAREST)
    .map(([word]) => word)
}

/** The distance of two keys, from 0 to 1; undefined if they are not similar. */
function costOf(key: string, word: string): number | undefined {
  if (key === word) return 0
  if (Math.min(key.length, word.length) < SHORTEST_PART) return undefined
  const longest = Math.max(key.length, word.length)
  const mistakes = mistakesBetween(key, word)
  if (mistakes <= allowedMistakes(key.length)) return mistakes / longest
  return key.includes(word) || word.includes(key) ? 1 - Math.min(key.length, word.length) / longest : undefined
}

function keyOf(text: string): string {
  return text.replace(/[^a-z0-9]+/g, '')
}
