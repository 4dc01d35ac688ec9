import type { ProblemItem } from '../../../schemas/problem.ts'
import { MOVEMENTS } from '../catalogue.ts'
import { findName } from './find-name.ts'
import type { FoundName } from './name-index.ts'

/** The problem of a name that is not in the registry, without its pointer. */
export type MovementProblem = Pick<ProblemItem, 'code' | 'detail' | 'nearest'>

/** The problem for a name that is not looked up. */
export const MOVEMENT_UNKNOWN: MovementProblem = {
  code: 'movement_unknown',
  detail: 'No movement has this name; GET /v1/movements lists them.',
  nearest: []
}

/** The problem of a name, with similar registry names; undefined for a registry name. */
export function movementProblem(name: string): MovementProblem | undefined {
  return MOVEMENTS.has(name) ? undefined : problemOf(name, findName(name))
}

function problemOf(name: string, { kind, nearest, reason }: FoundName): MovementProblem {
  switch (kind) {
    case 'alias': {
      const detail = `${name} is another name of ${nearest[0]}; send the registry name.`
      return { code: 'movement_alias', detail, nearest: [...nearest] }
    }
    case 'ambiguous': {
      const detail = `${name} may mean ${nearest.join(', ')}; send one of these registry names.`
      return { code: 'movement_ambiguous', detail, nearest: [...nearest] }
    }
    case 'unmeasured': {
      const detail = `${name} is not measured: ${reason}.`
      return { code: 'movement_unimplemented', detail, ...(nearest.length > 0 && { nearest: [...nearest] }) }
    }
    default:
      return { ...MOVEMENT_UNKNOWN, nearest: [...nearest] }
  }
}
