import { BARBELL } from './movements/barbell.ts'
import { GYMNASTICS } from './movements/gymnastics.ts'
import { HAND_WEIGHTS } from './movements/hand-weights.ts'
import { MONOSTRUCTURAL } from './movements/monostructural.ts'
import type { Movement } from './movements/movement.ts'
import { ODD_OBJECTS } from './movements/odd-object.ts'

/** Version of the laws and rules; the coefficients have the catalogue digest. Stated in every answer. */
export const MODEL_VERSION = '1.0.0'

/** Every movement by its registry name. A map, so that no client-sent name can reach a prototype. */
export const MOVEMENTS: ReadonlyMap<string, Movement> = new Map(
  [BARBELL, HAND_WEIGHTS, GYMNASTICS, MONOSTRUCTURAL, ODD_OBJECTS].flat().map((movement) => [movement.name, movement])
)

/** Other names of a movement. They are told to the client, never accepted for it. */
export const ALIASES: ReadonlyMap<string, string> = new Map(
  [...MOVEMENTS.values()].flatMap((movement) => movement.aliases.map((alias) => [alias, movement.name] as const))
)
