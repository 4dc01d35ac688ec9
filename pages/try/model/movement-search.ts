import type { Catalogue, CatalogueMovement } from './catalogue.ts'

/** Abbreviations of single words. */
const WRITTEN_OUT = new Map([
  ['kb', 'kettlebell'],
  ['db', 'dumbbell'],
  ['bb', 'barbell'],
  ['oh', 'overhead'],
  ['hs', 'handstand'],
  ['pushup', 'push up'],
  ['pullup', 'pull up'],
  ['situp', 'sit up']
])

/** Lower case, no punctuation, no plural: `Pull-Ups` and `pull_up` are both `pull up`. */
export function nameKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/[’'`.]/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .map(singular)
    .map((word) => WRITTEN_OUT.get(word) ?? word)
    .join(' ')
}

/** `snatches` is a snatch, `squats` a squat, and a press stays one. */
function singular(word: string): string {
  if (/(?:ch|sh|ss|x)es$/.test(word)) return word.slice(0, -2)
  return word.length > 2 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}

/** The search keys of a movement, computed once. */
export class MovementSearch {
  readonly #keys: readonly (readonly [key: string, isRegistryName: boolean, movement: CatalogueMovement])[]

  constructor(catalogue: Catalogue) {
    this.#keys = [...catalogue.values()].flatMap((movement) => [
      [nameKey(movement.name), true, movement] as const,
      ...movement.names.map((name) => [nameKey(name), false, movement] as const)
    ])
  }

  /** The best matching movements, best first. */
  find(question: string, most = 8): CatalogueMovement[] {
    const asked = nameKey(question)
    if (asked === '') return []
    const costs = new Map<CatalogueMovement, number>()
    for (const [key, isRegistryName, movement] of this.#keys) {
      const cost = costOf(asked, key)
      if (cost === undefined) continue
      const own = cost + (isRegistryName ? 0 : 0.25) + key.length / 1000
      if (own < (costs.get(movement) ?? Number.POSITIVE_INFINITY)) costs.set(movement, own)
    }
    return [...costs]
      .sort(([, one], [, other]) => one - other)
      .slice(0, most)
      .map(([movement]) => movement)
  }

  /** The movement that a text names exactly; undefined for a partial match. */
  exact(name: string): CatalogueMovement | undefined {
    const asked = compact(nameKey(name))
    return this.#keys.find(([key]) => compact(key) === asked)?.[2]
  }
}

const compact = (key: string) => key.replaceAll(' ', '')

/** 0 for an equal name, more for a larger difference; undefined without a match. */
function costOf(asked: string, key: string): number | undefined {
  if (compact(key) === compact(asked)) return 0
  // `squat` is a kind of squat before it is the beginning of a squat clean.
  if (key.endsWith(` ${asked}`)) return 0.7
  if (compact(key).startsWith(compact(asked))) return 1
  const words = key.split(' ')
  if (asked.split(' ').every((part) => words.some((word) => word.startsWith(part)))) return 2
  return asked.length > 2 && key.includes(asked) ? 3 : undefined
}
