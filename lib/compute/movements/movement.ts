import type { InputSpec, Law } from '../laws/law.ts'
import type { SourceId } from '../sources.ts'

export type Domain = 'weightlifting' | 'gymnastics' | 'monostructural' | 'odd_object'
/** The counted unit. Reps are required for `rep`, and for `rep_or_distance` without a distance. */
export type Per = 'rep' | 'distance' | 'calorie' | 'distance_or_calorie' | 'rep_or_distance'

/** One number of the model: its value, its unit (`H` is a fraction of body height) and its standard uncertainty. */
export interface Coefficient {
  readonly value: number
  readonly unit: string
  readonly sigma: number
  readonly sources: readonly SourceId[]
  readonly overridable: boolean
  /** The range an override may have. */
  readonly min: number
  readonly max: number
  readonly note?: string
}

/** The definition of a movement. */
export interface Facts<C extends string> {
  readonly per?: Per
  readonly aliases?: readonly string[]
  readonly coefficients: Readonly<Record<C, Coefficient>>
  /** Inputs that differ from the law's own, by name. */
  readonly inputs?: readonly InputSpec[]
  /** Maxima that differ from those of the inputs, SI: each is above the movement's record. */
  readonly maxima?: Readonly<Record<string, number>>
  /** Inputs of a typical rep, SI; others have their defaults. */
  readonly example?: Readonly<Record<string, number>>
  /** Active time of the example, where the law uses it. */
  readonly exampleSeconds?: number
  readonly assumptions: readonly string[]
  readonly notSupported?: string
}

/** A movement prepared for reading requests: arrays in the law's order, names looked up by map. */
export interface Movement {
  readonly name: string
  readonly domain: Domain
  readonly per: Per
  readonly aliases: readonly string[]
  readonly assumptions: readonly string[]
  readonly notSupported: string
  readonly law: Law
  readonly inputs: readonly InputSpec[]
  readonly inputNames: readonly string[]
  readonly inputSlots: ReadonlyMap<string, number>
  readonly inputDefaults: readonly number[]
  /** 1 for a load, -1 for assistance, 0 for other inputs: the total load is the weighted sum. */
  readonly loadSigns: readonly number[]
  /** Whether every rep has a load, so that a load of 0 is reported. */
  readonly hasLoad: boolean
  readonly coefficients: readonly Coefficient[]
  readonly coefficientNames: readonly string[]
  readonly values: readonly number[]
  readonly sigmas: readonly number[]
  readonly overrideNames: readonly string[]
  readonly overrideSlots: ReadonlyMap<string, number>
  readonly exampleInputs: readonly number[]
  /** 0 if the law uses no time. */
  readonly exampleSeconds: number
}

/**
 * Returns a function that defines movements of one domain, so that a file states its domain once.
 * @param replacing inputs that replace the laws' own of the same name in every movement of the file
 */
export function definerOf(domain: Domain, replacing: readonly InputSpec[] = []) {
  return <C extends string>(name: string, law: Law<C>, facts: Facts<C>): Movement => {
    const stated = [...(facts.inputs ?? []), ...replacing]
    const inputs = law.inputs.map((own) => {
      const input = stated.find((other) => other.name === own.name) ?? own
      return { ...input, maxSi: facts.maxima?.[own.name] ?? input.maxSi }
    })
    const coefficients = law.coefficients.map((key) => facts.coefficients[key])
    const slots = law.coefficients.map((key, slot) => [key, slot] as const)
    const overrides = slots.filter(([, slot]) => coefficients[slot]!.overridable)
    return {
      name,
      domain,
      per: facts.per ?? (law.insteadOfReps === undefined ? 'rep' : 'rep_or_distance'),
      aliases: facts.aliases ?? [],
      assumptions: facts.assumptions,
      notSupported: facts.notSupported ?? '',
      law,
      inputs,
      inputNames: inputs.map((input) => input.name),
      inputSlots: new Map(inputs.map((input, slot) => [input.name, slot])),
      inputDefaults: inputs.map((input) => input.defaultSi),
      loadSigns: inputs.map(({ siUnit, name }) => (siUnit !== 'kg' ? 0 : name === 'assistance_load' ? -1 : 1)),
      hasLoad: inputs.some(({ siUnit, required }) => siUnit === 'kg' && required),
      coefficients,
      coefficientNames: law.coefficients,
      values: coefficients.map((coefficient) => coefficient.value),
      sigmas: coefficients.map((coefficient) => coefficient.sigma),
      overrideNames: overrides.map(([key]) => key),
      overrideSlots: new Map(overrides),
      exampleInputs: inputs.map((input) => facts.example?.[input.name] ?? input.defaultSi),
      exampleSeconds: facts.exampleSeconds ?? 0
    }
  }
}
