import { type CatalogueMovement, needsReps } from './catalogue.ts'
import type { Line, Typed } from './draft.ts'

/** One written line, such as `21 thrusters 95 lb`, `400 m run` or `5x5 back squat @ 225`. */
export interface WrittenLine {
  readonly name: string
  readonly reps: string
  /** Of `5x5`: how many times the repetitions are done; empty where it is not written. */
  readonly sets: string
  readonly amounts: readonly Typed[]
}

const UNITS: Readonly<Record<string, string>> = {
  lb: 'lb',
  lbs: 'lb',
  '#': 'lb',
  pounds: 'lb',
  kg: 'kg',
  kgs: 'kg',
  kilos: 'kg',
  m: 'm',
  meters: 'm',
  metres: 'm',
  meter: 'm',
  metre: 'm',
  km: 'km',
  k: 'km',
  mi: 'mi',
  mile: 'mi',
  miles: 'mi',
  ft: 'ft',
  feet: 'ft',
  in: 'in',
  inch: 'in',
  inches: 'in',
  '"': 'in',
  cm: 'cm',
  yd: 'yd',
  yards: 'yd',
  cal: 'kcal',
  cals: 'kcal',
  calories: 'kcal',
  calorie: 'kcal',
  kcal: 'kcal'
}
const UNIT = Object.keys(UNITS)
  .sort((one, other) => other.length - one.length)
  .map((unit) => unit.replace(/[#"]/g, '\\$&'))
  .join('|')
/** `95 lb`, `95/65lb`, `@ 43 kg`: the first of two loads counts. */
const AMOUNT = new RegExp(
  `@?\\s*(\\d+(?:[.,]\\d+)?)(?:\\s*/\\s*\\d+(?:[.,]\\d+)?)?\\s*-?\\s*(${UNIT})(?![a-z0-9])`,
  'gi'
)
/** `(95/65)` and `@ 225` are pounds. */
const BARE_LOAD = /(?:@\s*|\(\s*)(\d+(?:[.,]\d+)?)(?:\s*\/\s*\d+(?:[.,]\d+)?)?\s*\)?/g
const SETS = /\b(\d+)\s*[x×]\s*(\d+)\b/i
/** `21-15-9`, `15`, `10/8`: the first of two numbers counts. */
const REPS = /^\s*(\d+(?:\s*[-–]\s*\d+)*)(?:\s*\/\s*\d+)?\s*(?:x\s*)?(?=[^\d])/
/** Words that are no part of a name. */
const FILLERS = /\b(?:for time|reps?|of|unbroken|rx)\b/gi

/** Takes a line apart: sets and repetitions, amounts with units anywhere, and what is left is the name. */
export function readLine(text: string): WrittenLine {
  const amounts: Typed[] = []
  const amount = (value: string, unit: string) => {
    amounts.push({ value: value.replace(',', '.'), unit })
    return ' '
  }
  const plain = text
    .replace(AMOUNT, (_, value: string, unit: string) => amount(value, UNITS[unit.toLowerCase()]!))
    .replace(BARE_LOAD, (_, value: string) => amount(value, 'lb'))
  const [written, sets = '', each] = SETS.exec(plain) ?? []
  const rest = written === undefined ? plain : plain.replace(written, ' ')
  const reps = each ?? REPS.exec(rest)?.[1] ?? ''
  const name = (each === undefined && reps !== '' ? rest.replace(REPS, '') : rest)
    .replace(FILLERS, ' ')
    .replace(/[()@,;:*]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return { name, reps: reps.replace(/\s*[-–]\s*/g, '-'), sets, amounts }
}

/** A line for a movement, with the amounts under the inputs whose units they have. */
export function lineFor(
  movement: CatalogueMovement,
  { reps, amounts }: Pick<WrittenLine, 'reps' | 'amounts'>,
  id: number
): Line {
  const inputs: Record<string, Typed> = {}
  for (const amount of amounts) {
    const fits = movement.inputs.filter(({ name, units }) => units.includes(amount.unit) && inputs[name] === undefined)
    const best =
      fits.find(({ isRequired }) => isRequired) ?? fits.find(({ name }) => movement.oneOf.includes(name)) ?? fits[0]
    if (best !== undefined) inputs[best.name] = amount
  }
  // `15 row`: machines count calories unless a distance is given.
  const isCounted = needsReps(movement, Object.keys(inputs))
  return {
    id,
    movement: movement.name,
    reps: isCounted || reps.includes('-') ? reps : reps === '1' ? '' : reps,
    extra: '',
    inputs
  }
}
