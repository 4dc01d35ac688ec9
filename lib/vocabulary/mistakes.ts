import { distance } from 'fastest-levenshtein'

const SHORTEST_COMPARED = 3
const ONE_MISTAKE_BELOW = 7
const MOST_MISTAKES = 4

/** The most mistakes of a similar word of this length: about two letters in seven, none in the shortest. */
export function allowedMistakes(length: number): number {
  if (length < SHORTEST_COMPARED) return 0
  return length < ONE_MISTAKE_BELOW ? 1 : Math.min(MOST_MISTAKES, Math.floor((length * 2) / 7))
}

/** Levenshtein distance; swapped neighbours are a single mistake. */
export function mistakesBetween(one: string, other: string): number {
  const mistakes = distance(one, other)
  if (mistakes !== 2 || one.length !== other.length) return mistakes
  let place = 0
  while (one[place] === other[place]) place++
  return one[place] === other[place + 1] && one[place + 1] === other[place] ? 1 : 2
}
