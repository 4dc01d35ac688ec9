import type { InputSpec, Law } from '../laws/law.ts'
import type { SourceId } from '../sources.ts'

export type Domain = 'weightlifting' | 'gymnastics' | 'monostructural' | 'odd_object'
export type Per = 'rep' | 'distance' | 'calorie' | 'distance_or_calorie'

/** How far a movement's joules are to be trusted: A about 2 %, B 3 to 8 %, C 8 to 15 %, D 15 to 50 % or a proxy. */
export type Confidence = 'A' | 'B' | 'C' | 'D'

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

/** What a physiologist states about a movement. */
export interface Facts<C extends string> {
  readonly per?: Per
  readonly confidence: Confidence
  readonly aliases?: readonly string[]
  readonly coefficients: Readonly<Record<C, Coefficient>>
  /** Inputs that differ from the law's own, by name. */
  readonly inputs?: readonly InputSpec[]
  readonly assumptions: readonly string[]
  readonly notSupported?: string
}

/** A movement made ready for reading requests: arrays in the law's order, names looked up by map. */
export interface Movement {
  readonly name: string
  readonly domain: Domain
  readonly per: Per
  readonly confidence: Confidence
  readonly aliases: readonly string[]
  readonly assumptions: readonly string[]
  readonly notSupported: string
  readonly law: Law
  readonly inputs: readonly InputSpec[]
  readonly inputNames: readonly string[]
  readonly inputSlots: ReadonlyMap<string, number>
  readonly inputDefaults: readonly number[]
  readonly coefficients: readonly Coefficient[]
  readonly coefficientNames: readonly string[]
  readonly values: readonly number[]
  readonly sigmas: readonly number[]
  readonly overrideNames: readonly string[]
  readonly overrideSlots: ReadonlyMap<string, number>
}

/** The function that makes movements of one domain, so that a domain's file states it once. */
export function definerOf(domain: Domain) {
  return <C extends string>(name: string, law: Law<C>, facts: Facts<C>): Movement => {
    const inputs = law.inputs.map((own) => facts.inputs?.find((other) => other.name === own.name) ?? own)
    const coefficients = law.coefficients.map((key) => facts.coefficients[key])
    const slots = law.coefficients.map((key, slot) => [key, slot] as const)
    const overrides = slots.filter(([, slot]) => coefficients[slot]!.overridable)
    return {
      name,
      domain,
      per: facts.per ?? 'rep',
      confidence: facts.confidence,
      aliases: facts.aliases ?? [],
      assumptions: facts.assumptions,
      notSupported: facts.notSupported ?? '',
      law,
      inputs,
      inputNames: inputs.map((input) => input.name),
      inputSlots: new Map(inputs.map((input, slot) => [input.name, slot])),
      inputDefaults: inputs.map((input) => input.defaultSi),
      coefficients,
      coefficientNames: law.coefficients,
      values: coefficients.map((coefficient) => coefficient.value),
      sigmas: coefficients.map((coefficient) => coefficient.sigma),
      overrideNames: overrides.map(([key]) => key),
      overrideSlots: new Map(overrides)
    }
  }
}
