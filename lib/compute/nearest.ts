import { distance } from 'fastest-levenshtein'
import { ALIASES, MOVEMENTS } from './catalogue.ts'

const COUNT = 3
/** No registry name is near this length; a longer name is compared by its beginning, so the cost is bounded. */
const LONGEST_COMPARED = 40
/** What it is worth that one name holds the other. */
const RELATED = 0.5

interface Candidate {
  readonly text: string
  /** The registry name that the text stands for. */
  readonly name: string
}

interface Found {
  readonly name: string
  readonly distance: number
}

let candidates: readonly Candidate[] | undefined

/**
 * The three registry names nearest to a misspelt one, nearest first (an alias stands for its registry name).
 * Case, blanks and hyphens do not count; among equals, a name that holds or is held by the one sent comes first.
 */
export function nearestNames(given: string): string[] {
  candidates ??= [...[...MOVEMENTS.keys()].map((name) => ({ text: name, name })), ...aliasCandidates()]
  const wanted = given
    .slice(0, LONGEST_COMPARED)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
  let best: Found[] = []
  for (const { text, name } of candidates) {
    const worst = best.length < COUNT ? Number.POSITIVE_INFINITY : best[COUNT - 1]!.distance
    // Names that differ more in length than the third best differs at all are not measured.
    if (Math.abs(text.length - wanted.length) - RELATED >= worst) continue
    const found = { name, distance: distanceOf(wanted, text) }
    if (found.distance < worst) best = withFound(best, found)
  }
  return best.map(({ name }) => name)
}

function aliasCandidates(): Candidate[] {
  return [...ALIASES].map(([text, name]) => ({ text, name }))
}

function withFound(best: readonly Found[], found: Found): Found[] {
  const same = best.find(({ name }) => name === found.name)
  if (same !== undefined && same.distance <= found.distance) return [...best]
  const others = best.filter((other) => other !== same)
  const place = others.findIndex((other) => other.distance > found.distance)
  others.splice(place === -1 ? others.length : place, 0, found)
  return others.slice(0, COUNT)
}

/** Levenshtein distance, less a half when one name holds the other. */
function distanceOf(a: string, b: string): number {
  const related = a.length > 2 && (a.includes(b) || b.includes(a))
  return distance(a, b) - (related ? RELATED : 0)
}
