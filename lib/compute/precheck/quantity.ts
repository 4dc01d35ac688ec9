import { nearestWords } from '../../vocabulary/nearest-words.ts'
import { FEET, INCHES } from '../limits.ts'
import { factorToSi } from '../units.ts'
import type { Problems } from './problems.ts'
import { codeFor, isObject, type JsonObject, readInteger, readNumber } from './read.ts'

/** Digits of a bound in the given unit. */
const BOUND_DIGITS = 12
/** Tolerance for rounding: 230 cm is 2.3000000000000003 m. */
const ARITHMETIC = 1e-14
const LONGEST_UNIT = 20
const INCHES_PER_FOOT = 12
const METRES_PER_INCH = 0.0254

/** The rule for a `{value, unit}`. Bounds are in the SI unit. */
export interface QuantityRule {
  readonly units: readonly string[]
  readonly siUnit: string
  readonly minSi: number
  readonly maxSi: number
  /** The value must be above the minimum. */
  readonly aboveMin: boolean
  /** `{feet, inches}` is accepted too. */
  readonly inFeet?: boolean
}

interface UnitBounds {
  readonly factor: number
  readonly min: number
  readonly max: number
}

/**
 * A bound with twelve digits, rounded into the allowed range. The sent value is compared with this number, so that the
 * displayed bounds are exact.
 */
export function roundedBound(bound: number, towards: 'up' | 'down'): number {
  const rounded = Number(bound.toPrecision(BOUND_DIGITS))
  const beyond = towards === 'up' ? bound - rounded : rounded - bound
  if (beyond <= Math.abs(bound) * ARITHMETIC) return rounded
  const step = 10 ** (Math.floor(Math.log10(Math.abs(rounded))) - BOUND_DIGITS + 1)
  return Number((towards === 'up' ? rounded + step : rounded - step).toPrecision(BOUND_DIGITS))
}

/** Never evicted: rules are few and live as long as the program. */
const boundsOfRules = new WeakMap<QuantityRule, Map<string, UnitBounds>>()

/** The bounds in each unit of a rule. */
export function boundsOf(rule: QuantityRule): ReadonlyMap<string, UnitBounds> {
  let bounds = boundsOfRules.get(rule)
  if (bounds === undefined) {
    bounds = new Map()
    for (const unit of rule.units) {
      const factor = factorToSi(unit)!
      const [min, max] = [roundedBound(rule.minSi / factor, 'up'), roundedBound(rule.maxSi / factor, 'down')]
      bounds.set(unit, { factor, min, max })
    }
    boundsOfRules.set(rule, bounds)
  }
  return bounds
}

/** A `{value, unit}` in SI, or a height as `{feet, inches}`. */
export function readQuantity(
  problems: Problems,
  holder: JsonObject,
  base: string,
  key: string,
  rule: QuantityRule
): number | undefined {
  const quantity = holder[key]
  if (isObject(quantity)) {
    const { value, unit } = quantity
    const bounds = typeof unit === 'string' ? boundsOf(rule).get(unit) : undefined
    if (bounds !== undefined && typeof value === 'number' && isWithin(value, bounds, rule)) {
      return Math.min(Math.max(value * bounds.factor, rule.minSi), rule.maxSi)
    }
    if (rule.inFeet === true && isInFeet(quantity)) return readFeet(problems, quantity, `${base}/${key}`, key, rule)
    refuse(problems, quantity, `${base}/${key}`, key, rule, bounds)
    return undefined
  }
  if (problems.faulty(base, key)) return undefined
  refuseForm(problems, quantity, `${base}/${key}`, key, rule)
  return undefined
}

/** Whether a height was sent as feet and inches, without value and unit. */
function isInFeet(quantity: JsonObject): boolean {
  if (Object.hasOwn(quantity, 'value') || Object.hasOwn(quantity, 'unit')) return false
  return Object.hasOwn(quantity, 'feet') || Object.hasOwn(quantity, 'inches')
}

function isWithin(value: number, { min, max }: UnitBounds, { aboveMin }: QuantityRule): boolean {
  return (aboveMin ? value > min : value >= min) && value <= max
}

/** Reports the unit and the value separately: a problem of one does not hide the other's. */
function refuse(
  problems: Problems,
  quantity: JsonObject,
  pointer: string,
  key: string,
  rule: QuantityRule,
  bounds: UnitBounds | undefined
): void {
  const { value, unit } = quantity
  const valuePointer = `${pointer}/value`
  const unitPointer = `${pointer}/unit`
  if (bounds === undefined) {
    if (problems.faulty(pointer, 'unit')) problems.narrow(unitPointer, rule.units)
    else if (typeof unit === 'string') {
      const detail = `${key} does not accept the unit ${unit.slice(0, LONGEST_UNIT)}; use ${rule.units.join(', ')}.`
      const nearest = nearestWords(unit, rule.units)
      problems.add(unitPointer, 'unit_not_allowed', detail, unit, {
        allowed: [...rule.units],
        ...(nearest.length > 0 && { nearest })
      })
    } else refuseForm(problems, quantity, pointer, key, rule)
    return
  }
  const open = rule.aboveMin ? { minimum_is_allowed: false } : {}
  if (problems.faulty(pointer, 'value')) return problems.narrow(valuePointer, [bounds.min, bounds.max], open)
  if (typeof value !== 'number' || !Number.isFinite(value)) return refuseForm(problems, quantity, pointer, key, rule)
  const from = rule.aboveMin ? `above ${bounds.min}` : `at least ${bounds.min}`
  const detail = `${key} must be ${from} and at most ${bounds.max} ${unit}.`
  problems.add(valuePointer, 'value_out_of_range', detail, value, { allowed: [bounds.min, bounds.max], ...open })
}

function refuseForm(problems: Problems, quantity: unknown, pointer: string, key: string, rule: QuantityRule): void {
  const detail = `${key} must be {value, unit} with a number and a unit.`
  problems.add(pointer, codeFor(quantity, 'type_wrong'), detail, quantity, { allowed: [...rule.units] })
}

function readFeet(
  problems: Problems,
  quantity: JsonObject,
  pointer: string,
  key: string,
  rule: QuantityRule
): number | undefined {
  const feet = readInteger(problems, quantity, pointer, 'feet', FEET)
  const inches = quantity.inches === undefined ? 0 : readNumber(problems, quantity, pointer, 'inches', INCHES)
  if (feet === undefined || inches === undefined) return undefined
  const inchesOf = (metres: number, towards: 'up' | 'down') =>
    roundedBound(metres / METRES_PER_INCH - INCHES_PER_FOOT * feet, towards)
  const min = Math.max(INCHES.min, inchesOf(rule.minSi, 'up'))
  const max = Math.min(INCHES.max, inchesOf(rule.maxSi, 'down'))
  if (inches >= min && inches <= max) {
    const metres = (INCHES_PER_FOOT * feet + inches) * METRES_PER_INCH
    return Math.min(Math.max(metres, rule.minSi), rule.maxSi)
  }
  const detail = `${key} with ${feet} feet must have ${min} to ${max} inches.`
  problems.add(`${pointer}/inches`, 'value_out_of_range', detail, inches, { allowed: [min, max] })
  return undefined
}
