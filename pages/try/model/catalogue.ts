/** The part of an input that the form needs. */
export interface CatalogueInput {
  readonly name: string
  readonly isRequired: boolean
  readonly units: readonly string[]
  readonly hint: string
}

/** The part of a movement that the form needs. */
export interface CatalogueMovement {
  readonly name: string
  readonly per: string
  readonly inputs: readonly CatalogueInput[]
  /** Inputs of which exactly one is required; empty if none. */
  readonly oneOf: readonly string[]
  /** Its everyday names, without the registry name. */
  readonly names: readonly string[]
}

/** What people record and the service does not measure. */
export interface UnmeasuredMovement {
  readonly reason: string
  readonly names: readonly string[]
  readonly nearest: readonly string[]
}

/** The movements of the form, and what other names mean. */
export interface CatalogueDocument {
  readonly movements: readonly CatalogueMovement[]
  /** Lists of names, separated by commas, with the registry names that they may mean. */
  readonly ambiguous: Readonly<Record<string, readonly string[]>>
  readonly unmeasured: readonly (readonly [name: string, UnmeasuredMovement])[]
}

export type Catalogue = ReadonlyMap<string, CatalogueMovement>

/** The movements by their registry names. */
export function catalogueOf(movements: readonly CatalogueMovement[]): Catalogue {
  return new Map(movements.map((movement) => [movement.name, movement]))
}

/** Whether a line needs a number of repetitions. @param given names of the inputs that have a value */
export function needsReps({ per }: CatalogueMovement, given: readonly string[]): boolean {
  return per === 'rep' || (per === 'rep_or_distance' && !given.includes('travel_distance'))
}

/** A registry name for display. */
export function readable(name: string): string {
  return name.replaceAll('_', ' ')
}
