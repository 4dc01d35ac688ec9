import { createHash } from 'node:crypto'
import type { MovementEntry, MovementsDocument } from '../../schemas/movements.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import { MOVEMENTS } from './catalogue.ts'
import type { Movement } from './movements/movement.ts'
import { SOURCES } from './sources.ts'

let document: MovementsDocument | undefined
let digest: string | undefined

/** The public registry, keyed by movement name. Built on first use, the same object ever after. */
export function movementsDocument(): MovementsDocument {
  document ??= Object.fromEntries([...MOVEMENTS.values()].map((movement) => [movement.name, entryOf(movement)]))
  return document
}

/** SHA-256 (hex) of the canonical registry: it changes whenever a coefficient, a formula or a bound does. */
export function catalogueDigest(): string {
  digest ??= createHash('sha256').update(canonicalJson(movementsDocument())).digest('hex')
  return digest
}

function entryOf(movement: Movement): MovementEntry {
  const { law } = movement
  const entry: MovementEntry = {
    domain: movement.domain,
    per: movement.per,
    confidence: movement.confidence,
    aliases: [...movement.aliases],
    inputs: {},
    exactly_one_of: [...(law.oneOf ?? [])],
    supported_overrides: {},
    formula: law.formula,
    basis: law.basis,
    coefficients: {},
    assumptions: [...movement.assumptions],
    not_supported: movement.notSupported
  }
  for (const input of movement.inputs) {
    const hasDefault = !input.required && law.oneOf?.includes(input.name) !== true
    entry.inputs[input.name] = {
      required: input.required,
      allowed_units: [...input.units],
      si_unit: input.siUnit,
      minimum_si: input.minSi,
      minimum_is_allowed: !input.aboveMin,
      maximum_si: input.maxSi,
      ...(hasDefault ? { default_si: input.defaultSi } : {}),
      description: input.description
    }
  }
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
