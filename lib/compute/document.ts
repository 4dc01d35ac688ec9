import { createHash } from 'node:crypto'
import type { MovementEntry, MovementsDocument } from '../../schemas/movements.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import { MOVEMENTS } from './catalogue.ts'
import { measure } from './evaluate/measure.ts'
import type { Movement } from './movements/movement.ts'
import { SOURCES } from './sources.ts'
import { confidenceOf } from './uncertainty.ts'

/** The reference athlete of the examples: 70 in and 180 lb. */
const REFERENCE_ATHLETE = { heightM: 1.778, bodyMassKg: 81.65 }

let document: MovementsDocument | undefined
let digest: string | undefined

/** The public registry, keyed by movement name. Built on first use and then reused. */
export function movementsDocument(): MovementsDocument {
  document ??= Object.fromEntries([...MOVEMENTS.values()].map((movement) => [movement.name, entryOf(movement)]))
  return document
}

/** SHA-256 (hex) of the canonical registry: it changes with any coefficient, formula or bound. */
export function catalogueDigest(): string {
  digest ??= createHash('sha256').update(canonicalJson(movementsDocument())).digest('hex')
  return digest
}

function entryOf(movement: Movement): MovementEntry {
  const { law } = movement
  const example = measuredExample(movement)
  const entry: MovementEntry = {
    domain: movement.domain,
    per: movement.per,
    confidence: confidenceOf(example.value, example.uncertainty),
    proxy: law.basis !== 'gravity',
    aliases: [...movement.aliases],
    inputs: {},
    exactly_one_of: [...(law.oneOf ?? [])],
    supported_overrides: {},
    example: {
      inputs: {},
      ...(movement.exampleSeconds > 0 ? { duration_seconds: movement.exampleSeconds } : {}),
      work: example
    },
    formula: law.formula,
    basis: law.basis,
    coefficients: {},
    assumptions: [...movement.assumptions],
    not_supported: movement.notSupported
  }
  movement.inputs.forEach((input, slot) => {
    const value = movement.exampleInputs[slot]!
    if (value !== input.defaultSi) entry.example.inputs[input.name] = { value, unit: input.siUnit }
    const hasDefault = !input.required && law.oneOf?.includes(input.name) !== true
    entry.inputs[input.name] = {
      required: input.required,
      allowed_units: [...input.units],
      si_unit: input.siUnit,
      minimum_si: input.minSi,
      minimum_is_allowed: !input.aboveMin,
      maximum_si: input.maxSi,
      reading_error: { minimum_si: input.reading.absoluteSi, relative: input.reading.relative },
      ...(hasDefault ? { default_si: input.defaultSi } : {}),
      description: input.description
    }
  })
  movement.coefficientNames.forEach((name, slot) => {
    const { value, unit, sigma, sources, overridable, min, max, note } = movement.coefficients[slot]!
    entry.coefficients[name] = {
      value,
      unit,
      uncertainty: sigma,
      sources: sources.map((id) => SOURCES[id]),
      ...(note === undefined ? {} : { note })
    }
    if (overridable) entry.supported_overrides[name] = { default: value, unit, minimum: min, maximum: max }
  })
  return entry
}

/** One usual rep of the reference athlete; the active time of an example without one does not matter. */
function measuredExample(movement: Movement) {
  const { values: coefficients, sigmas, exampleInputs: inputs, exampleSeconds: seconds } = movement
  const entry = {
    movement,
    movementIndex: 0,
    reps: 1,
    inputs,
    coefficients,
    sigmas,
    overridden: [],
    secondsPerRep: seconds
  }
  const split = { label: undefined, durationSeconds: seconds || 60, restSeconds: 0, isolated: true, entries: [entry] }
  const { lines } = measure({ ...REFERENCE_ATHLETE, movements: [movement], splits: [split] }).splits[0]!
  const { workJ, sigmaJ } = lines[0]!
  return { value: rounded(workJ), unit: 'J' as const, uncertainty: rounded(sigmaJ) }
}

/** Rounded to six digits: the digest must not depend on a platform's arithmetic. */
function rounded(figure: number): number {
  return Number(figure.toPrecision(6))
}
