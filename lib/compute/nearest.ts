import { ALIASES, MOVEMENTS } from './catalogue.ts'
import { comparable, editDistances } from './edit-distance.ts'

const COUNT = 3
/** What it is worth that one name holds the other. */
const RELATED = 0.5

interface Found {
  readonly name: string
  readonly distance: number
}

/** Every text that a name may be compared with, and the registry name that it stands for. */
const TEXTS = [...MOVEMENTS.keys(), ...ALIASES.keys()]
const NAMES = [...MOVEMENTS.keys(), ...ALIASES.values()]

/**
 * The three registry names nearest to a misspelt one, nearest first (an alias stands for its registry name).
 * Case, blanks and hyphens do not count; among equals, a name that holds or is held by the one sent comes first.
 * A name longer than any of the registry is compared by its beginning.
 */
export function nearestNames(given: string): string[] {
  const wanted = comparable(given)
  const known = answered.get(wanted)
  if (known !== undefined) return known
  const nearest = search(wanted)
  if (answered.size >= MOST_ANSWERED) answered.clear()
  answered.set(wanted, nearest)
  return nearest
}

/** The same few mistakes are made again and again. */
const answered = new Map<string, string[]>()
const MOST_ANSWERED = 1000

function search(wanted: string): string[] {
  const distances = editDistances(wanted, TEXTS)
  const best: Found[] = []
  let worst = Number.POSITIVE_INFINITY
  for (let index = 0; index < TEXTS.length; index++) {
    let distance = distances[index]!
    if (distance - RELATED >= worst) continue
    if (areRelated(wanted, TEXTS[index]!)) distance -= RELATED
    if (distance >= worst) continue
    keep(best, { name: NAMES[index]!, distance })
    if (best.length === COUNT) worst = best[COUNT - 1]!.distance
  }
  return best.map(({ name }) => name)
}

/** Whether one name holds the other. */
function areRelated(wanted: string, text: string): boolean {
  return wanted.length > 2 && (wanted.includes(text) || text.includes(wanted))
}

/** Puts a name in its place among the best, once, and drops the last when they are too many. */
function keep(best: Found[], found: Found): void {
  const same = best.findIndex(({ name }) => name === found.name)
  if (same !== -1 && best[same]!.distance <= found.distance) return
  if (same !== -1) best.splice(same, 1)
  const place = best.findIndex(({ distance }) => distance > found.distance)
  best.splice(place === -1 ? best.length : place, 0, found)
  if (best.length > COUNT) best.pop()
}
