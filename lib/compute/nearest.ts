import { distance } from 'fastest-levenshtein'
import { ALIASES, MOVEMENTS } from './catalogue.ts'

const COUNT = 3
/** No registry name is near this length; a longer name is compared by its beginning, so the cost is bounded. */
const LONGEST_COMPARED = 40

/**
 * The three registry names nearest to a misspelt one, nearest first (an alias stands for its registry name).
 * Case, blanks and hyphens do not count; among equals, a name that holds or is held by the one sent comes first.
 */
export function nearestNames(given: string): string[] {
  const wanted = given
    .slice(0, LONGEST_COMPARED)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
  const best = new Map<string, number>()
  for (const name of MOVEMENTS.keys()) best.set(name, distanceOf(wanted, name))
  for (const [alias, name] of ALIASES) best.set(name, Math.min(best.get(name) ?? Infinity, distanceOf(wanted, alias)))
  return [...best]
    .sort((a, b) => a[1] - b[1])
    .slice(0, COUNT)
    .map(([name]) => name)
}

/** Levenshtein distance, less a half when one name holds the other. */
function distanceOf(a: string, b: string): number {
  const related = a.length > 2 && (a.includes(b) || b.includes(a))
  return distance(a, b) - (related ? 0.5 : 0)
}
