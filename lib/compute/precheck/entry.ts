import { nearestWords } from '../../vocabulary/nearest-words.ts'
import { MOVEMENTS } from '../catalogue.ts'
import type { Body } from '../laws/law.ts'
import { REPS } from '../limits.ts'
import type { Movement } from '../movements/movement.ts'
import { MOVEMENT_UNKNOWN, movementProblem } from '../names/movement-problem.ts'
import { type Problems, pointerStep } from './problems.ts'
import { boundsOf, readQuantity, roundedBound } from './quantity.ts'
import { isObject, type JsonObject, readInteger, readObject } from './read.ts'

const NONE: readonly string[] = []
/** A rise this close below zero is rounding. */
const RISE_TOLERANCE_M = 1e-9

/** A movement line as read, before its split assigns time. */
export interface ReadEntry {
  readonly movement: Movement
  readonly reps: number
  readonly inputs: readonly number[]
  readonly coefficients: readonly number[]
  readonly sigmas: readonly number[]
  readonly overridden: readonly string[]
}

/** Reads one line of a split's movements. `body` is undefined if the athlete's figures are invalid. */
export function readEntry(
  problems: Problems,
  line: JsonObject,
  base: string,
  body: Body | undefined
): ReadEntry | undefined {
  const movement = readMovement(problems, line, base)
  const reps = readReps(problems, line, base, movement)
  if (movement === undefined) return undefined
  const inputs = readInputs(problems, line, base, movement)
  const overrides = readOverrides(problems, line, base, movement)
  if (reps === undefined || inputs === undefined || overrides === undefined) return undefined
  if (body !== undefined && overrides.overridden.length > 0) {
    const riseM = movement.law.loadRiseM?.(body, inputs, overrides.coefficients) ?? 0
    if (riseM < -RISE_TOLERANCE_M) {
      const detail = `With these overrides the load of ${movement.name} would end ${(-riseM).toFixed(3)} m below its start.`
      problems.add(`${base}/spec_overrides`, 'lift_distance_negative', detail, undefined)
      return undefined
    }
  }
  if (!checkAssistance(problems, line, base, movement, body, inputs, overrides.coefficients)) return undefined
  return { movement, reps, inputs, ...overrides }
}

/** An unknown key: schema errors below it are dropped. */
function refuseKey(
  problems: Problems,
  pointer: string,
  code: string,
  detail: string,
  key: string,
  allowed: readonly string[]
): void {
  problems.forget(pointer)
  const nearest = nearestWords(key, allowed)
  problems.add(pointer, code, detail, key, { allowed: [...allowed], ...(nearest.length > 0 && { nearest }) })
}

/** Assistance must not take off the whole raised mass and excludes an added load. */
function checkAssistance(
  problems: Problems,
  line: JsonObject,
  base: string,
  { name, law, inputs: specs, inputSlots }: Movement,
  body: Body | undefined,
  inputs: readonly number[],
  coefficients: readonly number[]
): boolean {
  if (law.greatestAssistanceKg === undefined || inputs[inputSlots.get('assistance_load')!] === 0) return true
  const heldSlot = inputSlots.get('external_load')
  if (heldSlot !== undefined && inputs[heldSlot]! > 0) {
    const names = ['external_load', 'assistance_load']
    const detail = `${name} accepts one of ${names.join(', ')}, not both.`
    problems.add(`${base}/inputs`, 'input_choice_conflict', detail, undefined, { allowed: names })
    return false
  }
  if (body === undefined) return true
  const { value, unit } = (line.inputs as Record<string, { value: number; unit: string }>).assistance_load!
  const { factor } = boundsOf(specs[inputSlots.get('assistance_load')!]!).get(unit)!
  const greatest = roundedBound(law.greatestAssistanceKg(body, inputs, coefficients) / factor, 'down')
  if (value <= greatest) return true
  const detail = `${name}: at most ${greatest} ${unit} may be taken off this body and load; more would leave almost nothing.`
  problems.add(`${base}/inputs/assistance_load/value`, 'assistance_too_large', detail, value, {
    allowed: [0, greatest]
  })
  return false
}

function readMovement(problems: Problems, line: JsonObject, base: string): Movement | undefined {
  const name = line.movement
  const known = typeof name === 'string' ? MOVEMENTS.get(name) : undefined
  if (known !== undefined || problems.faulty(base, 'movement')) return known
  const pointer = `${base}/movement`
  if (typeof name !== 'string') {
    problems.add(pointer, 'type_wrong', 'movement must be a registry name; GET /v1/movements lists them.', name)
    return undefined
  }
  const { code, detail, nearest } = problems.lookUp(name, movementProblem) ?? MOVEMENT_UNKNOWN
  problems.add(pointer, code, detail, name, nearest && { nearest })
  return undefined
}

function readReps(
  problems: Problems,
  line: JsonObject,
  base: string,
  movement: Movement | undefined
): number | undefined {
  if (line.reps !== undefined) return readInteger(problems, line, base, 'reps', REPS)
  if (movement === undefined || !countsReps(movement, line.inputs)) return 1
  if (!problems.faulty(base, 'reps')) {
    problems.add(`${base}/reps`, 'reps_required', `${movement.name} is counted in reps.`, undefined)
  }
  return undefined
}

/** Whether reps are counted: a distance may replace them. */
function countsReps({ per, law }: Movement, inputs: unknown): boolean {
  if (per === 'rep') return true
  return per === 'rep_or_distance' && !(isObject(inputs) && Object.hasOwn(inputs, law.insteadOfReps!))
}

function readInputs(
  problems: Problems,
  line: JsonObject,
  base: string,
  movement: Movement
): readonly number[] | undefined {
  const given = line.inputs === undefined ? {} : readObject(problems, line, base, 'inputs')
  if (given === undefined) return undefined
  const within = `${base}/inputs`
  const values = movement.inputDefaults.slice()
  // One bit per input slot: the inputs that the client sent, valid or not.
  let seen = 0
  let sound = true
  for (const key of Object.keys(given)) {
    const slot = movement.inputSlots.get(key)
    if (slot === undefined) {
      sound = false
      refuseKey(
        problems,
        `${within}/${pointerStep(key)}`,
        'input_unknown',
        `${movement.name} has no such input.`,
        key,
        movement.inputNames
      )
      continue
    }
    seen |= 1 << slot
    const si = readQuantity(problems, given, within, key, movement.inputs[slot]!)
    if (si === undefined) sound = false
    else values[slot] = si
  }
  for (let slot = 0; slot < movement.inputs.length; slot++) {
    const input = movement.inputs[slot]!
    if (!input.required || (seen & (1 << slot)) !== 0) continue
    sound = false
    if (problems.faulty(within, input.name)) continue
    const detail = `${movement.name} needs ${input.name}.`
    problems.add(`${within}/${input.name}`, 'input_required', detail, undefined, { allowed: [...input.units] })
  }
  if (movement.law.oneOf !== undefined && !checkChoice(problems, within, movement, seen)) sound = false
  return sound ? values : undefined
}

function checkChoice(problems: Problems, within: string, movement: Movement, seen: number): boolean {
  const names = movement.law.oneOf ?? NONE
  const count = names.filter((name) => (seen & (1 << movement.inputSlots.get(name)!)) !== 0).length
  if (count === 1) return true
  const code = count === 0 ? 'input_choice_missing' : 'input_choice_conflict'
  const detail = `${movement.name} needs exactly one of ${names.join(', ')}.`
  problems.add(within, code, detail, undefined, { allowed: [...names] })
  return false
}

function readOverrides(
  problems: Problems,
  line: JsonObject,
  base: string,
  movement: Movement
): Pick<ReadEntry, 'coefficients' | 'sigmas' | 'overridden'> | undefined {
  if (line.spec_overrides === undefined) {
    return { coefficients: movement.values, sigmas: movement.sigmas, overridden: NONE }
  }
  const given = readObject(problems, line, base, 'spec_overrides')
  if (given === undefined) return undefined
  const within = `${base}/spec_overrides`
  const coefficients = movement.values.slice()
  const sigmas = movement.sigmas.slice()
  const overridden = Object.keys(given)
  let sound = true
  for (const key of overridden) {
    const pointer = `${within}/${pointerStep(key)}`
    const slot = movement.overrideSlots.get(key)
    const value = given[key]
    if (slot === undefined) {
      sound = false
      refuseKey(
        problems,
        pointer,
        'override_unknown',
        `${movement.name} has no such override.`,
        key,
        movement.overrideNames
      )
      continue
    }
    const { min, max, unit } = movement.coefficients[slot]!
    if (typeof value === 'number' && value >= min && value <= max) {
      coefficients[slot] = value
      sigmas[slot] = 0
      continue
    }
    sound = false
    if (problems.faulty(within, pointerStep(key))) {
      problems.narrow(pointer, [min, max])
      continue
    }
    const detail = `${key} of ${movement.name} must be a number from ${min} to ${max} (${unit}).`
    problems.add(pointer, 'override_out_of_range', detail, value, { allowed: [min, max] })
  }
  return sound ? { coefficients, sigmas, overridden } : undefined
}
