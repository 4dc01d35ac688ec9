import type { MODALITIES } from '../../schemas/curve.ts'
import { MOVEMENTS } from '../compute/catalogue.ts'
import type { Domain } from '../compute/movements/movement.ts'

export type Modality = (typeof MODALITIES)[number]
/** `mixed` is work of several modalities without separate times: it feeds no modality's curve. */
export type ModalityMix = Modality | 'mixed'

/** Odd objects are external loads; running, skipping and machines are cardiovascular. */
const MODALITY_OF: Readonly<Record<Domain, Modality>> = {
  weightlifting: 'weightlifting',
  odd_object: 'weightlifting',
  gymnastics: 'gymnastics',
  monostructural: 'cardiovascular'
}

/** The common modality of some movements. A name that the catalogue no longer has is `mixed`. */
export function modalityOf(movementNames: readonly string[]): ModalityMix {
  const modalities = movementNames.map((name) => {
    const movement = MOVEMENTS.get(name)
    return movement === undefined ? 'mixed' : MODALITY_OF[movement.domain]
  })
  return modalities.reduce(joined)
}

/** The modality of two parts taken together. */
export function joined(one: ModalityMix, other: ModalityMix): ModalityMix {
  return one === other ? one : 'mixed'
}

export function byModality<T>(make: (modality: Modality) => T): Record<Modality, T> {
  return {
    weightlifting: make('weightlifting'),
    gymnastics: make('gymnastics'),
    cardiovascular: make('cardiovascular')
  }
}
