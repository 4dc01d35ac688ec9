import { BARBELL } from './movements/barbell.ts'
import { BURPEES_AND_BOXES } from './movements/burpee-and-box.ts'
import { DUMBBELLS } from './movements/dumbbell.ts'
import { KETTLEBELLS_AND_BALLS } from './movements/kettlebell-and-ball.ts'
import { MONOSTRUCTURAL } from './movements/monostructural.ts'
import type { Movement } from './movements/movement.ts'
import { ODD_OBJECTS } from './movements/odd-object.ts'
import { PULLS_AND_PUSHES } from './movements/pull-and-push.ts'
import { SQUATS_AND_CORE } from './movements/squat-and-core.ts'

/** Version of the laws and rules, stated in every answer; the catalogue digest identifies the coefficients. */
export const MODEL_VERSION = '1.1.0'

const FAMILIES: readonly (readonly Movement[])[] = [
  BARBELL,
  DUMBBELLS,
  KETTLEBELLS_AND_BALLS,
  PULLS_AND_PUSHES,
  SQUATS_AND_CORE,
  BURPEES_AND_BOXES,
  MONOSTRUCTURAL,
  ODD_OBJECTS
]

/** Every movement by its registry name. A map, so that no client-sent name reaches a prototype. */
export const MOVEMENTS: ReadonlyMap<string, Movement> = new Map(
  FAMILIES.flat().map((movement) => [movement.name, movement])
)

/** Other names of a movement. They are reported to the client, never accepted. */
export const ALIASES: ReadonlyMap<string, string> = new Map(
  [...MOVEMENTS.values()].flatMap((movement) => movement.aliases.map((alias) => [alias, movement.name] as const))
)
