import type { FoundName } from '../../../lib/compute/names/name-index.ts'
import type { MovementSearch } from './movement-search.ts'

/** What a written name is: a BW deadlift is a deadlift, and a BW squat has its own name. */
export function namedMovement(search: MovementSearch, name: string): FoundName {
  const found = search.named(name)
  return found.kind === 'unknown' ? search.named(name.replace(/\b(?:bw|body\s?weight)\b/gi, ' ')) : found
}

/**
 * The movements that an ambiguous name may mean on this line: squats with a load are back squats, and without one they are
 * air squats.
 * @param nearest registry names, the likeliest first
 */
export function likelyMovements(
  search: MovementSearch,
  nearest: readonly string[],
  hasLoad: boolean
): readonly string[] {
  const fitting = nearest.filter((name) => {
    const load = search.movement(name)?.inputs.find((input) => input.name === 'external_load')
    return hasLoad ? load !== undefined : load?.isRequired !== true
  })
  return fitting.length > 0 ? fitting : nearest
}
