import { type FoundName, NameIndex } from '../../../lib/compute/names/name-index.ts'
import { wordsOf } from '../../../lib/compute/names/name-key.ts'
import type { CatalogueDocument, CatalogueMovement } from './catalogue.ts'

/** Finds movements by what people call them, as the service does, and by the beginning of a name. */
export class MovementSearch {
  readonly #index: NameIndex
  readonly #byName: ReadonlyMap<string, CatalogueMovement>
  /** Names as words, with their movements. */
  readonly #keys: readonly (readonly [key: string, isRegistryName: boolean, movement: CatalogueMovement])[]

  constructor({ movements, ambiguous, unmeasured }: CatalogueDocument) {
    this.#byName = new Map(movements.map((movement) => [movement.name, movement]))
    this.#index = new NameIndex({
      movements: movements.map(({ name, names }) => [name, names]),
      ambiguous,
      unmeasured
    })
    this.#keys = movements.flatMap((movement) => [
      [keyOf(movement.name), true, movement] as const,
      ...movement.names.map((name) => [keyOf(name), false, movement] as const)
    ])
  }

  /** What a name is: of one movement, of several, of one that is not measured, or of none. */
  named(name: string): FoundName {
    return name.trim() === '' ? { kind: 'unknown', nearest: [] } : this.#index.find(name)
  }

  /** A movement by its registry name. */
  movement(name: string): CatalogueMovement | undefined {
    return this.#byName.get(name)
  }

  /** The best matching movements, best first. */
  find(question: string, most = 8): CatalogueMovement[] {
    const { kind, nearest } = this.named(question)
    const likely = kind === 'alias' || kind === 'ambiguous' ? nearest : []
    const begun = this.#begun(question).map(({ name }) => name)
    return [...new Set([...likely, ...begun, ...nearest])].slice(0, most).map((name) => this.#byName.get(name)!)
  }

  /** Movements with a name that the words are a part of. */
  #begun(question: string): CatalogueMovement[] {
    const asked = keyOf(question)
    if (asked === '') return []
    const costs = new Map<CatalogueMovement, number>()
    for (const [key, isRegistryName, movement] of this.#keys) {
      const cost = costOf(asked, key)
      if (cost === undefined) continue
      const own = cost + (isRegistryName ? 0 : 0.25) + key.length / 1000
      if (own < (costs.get(movement) ?? Number.POSITIVE_INFINITY)) costs.set(movement, own)
    }
    return [...costs].sort(([, one], [, other]) => one - other).map(([movement]) => movement)
  }
}

const keyOf = (name: string) => wordsOf(name).join(' ')
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
