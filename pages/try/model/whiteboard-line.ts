import type { Typed } from './draft.ts'

/** One written line, such as `21 thrusters 95 lb`, `400 m run` or `5x5 back squat @ 225`. */
export interface WrittenLine {
  readonly name: string
  readonly reps: string
  /** Of `5x5`: how many times the repetitions are done; empty where it is not written. */
  readonly sets: string
  readonly amounts: readonly Typed[]
  /** Numbers without a unit, such as `95` of `(95/65)`. */
  readonly bare: readonly string[]
  /** Seconds for which the line is done: `1 min wall balls`. */
  readonly seconds?: number
  /** Loads that are written for each hand are added up. */
  readonly isPair?: boolean
  readonly hasPercentage?: boolean
  /** A load for each set: `@ 100-110-120 kg`. */
  readonly loads?: readonly Typed[]
}

/** How amounts without a unit are meant. */
export interface Customs {
  /** The unit of the other loads of the whiteboard. */
  readonly massUnit: 'lb' | 'kg'
  /** For loads that are a part of it. */
  readonly bodyMass?: Typed
}

export const US_CUSTOMS: Customs = { massUnit: 'lb' }

const UNITS: Readonly<Record<string, string>> = {
  lb: 'lb',
  lbs: 'lb',
  '#': 'lb',
  pound: 'lb',
  pounds: 'lb',
  kg: 'kg',
  kgs: 'kg',
  kilo: 'kg',
  kilos: 'kg',
  pood: 'pood',
  poods: 'pood',
  m: 'm',
  meters: 'm',
  metres: 'm',
  meter: 'm',
  metre: 'm',
  mtr: 'm',
  km: 'km',
  k: 'km',
  mi: 'mi',
  mile: 'mi',
  miles: 'mi',
  ft: 'ft',
  feet: 'ft',
  foot: 'ft',
  "'": 'ft',
  in: 'in',
  inch: 'in',
  inches: 'in',
  '"': 'in',
  cm: 'cm',
  yd: 'yd',
  yds: 'yd',
  yard: 'yd',
  yards: 'yd',
  cal: 'kcal',
  cals: 'kcal',
  calories: 'kcal',
  calorie: 'kcal',
  kcal: 'kcal'
}
const UNIT = Object.keys(UNITS)
  .sort((one, other) => other.length - one.length)
  .join('|')
const NUMBER = String.raw`\d+(?:[.,]\d+)?`
/** Another number for other people: the first of the two counts. */
const OTHER = String.raw`(?:\s*/\s*${NUMBER})?`
const MASS = 'lbs?|#|pounds?|kgs?|kilos?'
/** `2x24 kg`, `24 kg each hand`, `50 lb DBs in each hand`. */
const PAIR = new RegExp(String.raw`(?:\b2\s*x\s*(${NUMBER})${OTHER}\s*(${MASS})(?![a-z]))`, 'gi')
/** `6 DB cleans 2x22.5`. */
const BARE_PAIR = new RegExp(String.raw`(^\s*\d.*[a-z)]\s+@?\s*)2\s*x\s*(${NUMBER})${OTHER}\s*$`, 'i')
const EACH_HAND = new RegExp(
  String.raw`(${NUMBER})${OTHER}\s*(${MASS})\s*(?:/|per|(?:in )?each|ea\.?)\s*(?:hand|arm|db|kb|dumbbell|kettlebell)\b`,
  'gi'
)
/** `95 lb`, `95/65lb`, `95lb/65lb`, `@ 43 kg`. */
const AMOUNT = new RegExp(
  String.raw`@?\s*(?<!\d\s*-\s*)(?<![\d.,])(${NUMBER})(?:\s*(${UNIT})?\s*/\s*(${NUMBER}))?\s*-?\s*(${UNIT})(?![a-z0-9])`,
  'gi'
)
/** `1.5x BW`, `3/4 body weight`, and `bodyweight` at the end; `12 BW squats` is a name. */
const BODY_WEIGHT =
  /@?\s*(?:(\d\s*\/\s*\d|\d?[.,]\d+|\d(?=\s*(?:x|\*|times)))\s*(?:x|\*|times)?\s*(?:bw|body\s?weight)\b|(?:bw|body\s?weight)\s*$)/i
/** `100-110-120 kg`, `100, 110, 120 kg`. */
const LOADS = new RegExp(String.raw`@?\s*\b(${NUMBER}(?:\s*[,/-]\s*${NUMBER}){2,})\s*(${MASS})(?![a-z])`, 'i')
const PERCENTAGE = /(?:@\s*)?\b\d+(?:[.,]\d+)?\s*%(?:\s*(?:of\s*)?(?:1\s*rm|max))?/i
const DURATION = /(?<![\d:])(\d+)\s*(min(?:ute)?s?|sec(?:ond)?s?|s)\b(?:\s*(?:of|max|each))?/i
/** `@ 225`, `(95/65)`, `(20/14, 10/9)`. */
const BARE_LOAD = new RegExp(
  String.raw`@\s*(${NUMBER})${OTHER}|\(\s*(${NUMBER})${OTHER}(?:\s*,\s*(${NUMBER})${OTHER})?\s*\)`,
  'g'
)
const SETS = /\b(\d+)\s*(?:x|sets?\s*(?:of|x))\s*(\d+)\b(?:\s*reps?\b)?/i
/** `4 x` before an amount that is read already, and `x 8` after it. */
const TIMES = /(?:^|\s)(\d+)\s*x(?=\s|$)|\bx\s*(\d+)\b/i
/** `21-15-9`, `15`, `10/8`: the first of two numbers counts. */
const REPS = /^\s*(\d+(?:\s*-\s*\d+)*)(?:\s*\/\s*(\d+))?\s*(?:x\s*)?(?=[^\d]|$)/
const SCHEME = /\b\d+(?:\s*-\s*\d+)+\b/
/** A number of its own; the 2 of `toes 2 bar` is a word. */
const LONE = /(?<![\w.])(\d{2,}(?:[.,]\d+)?|[3-9](?:[.,]\d+)?)(?:\s*\/\s*\d+(?:[.,]\d+)?)?(?![\w.])/g
/** The reps of a line again: `10 get-ups (5/side)`. */
const SIDES_APART = /\(\s*\d+\s*(?:\/|per|each)\s*(?:side|leg|arm)\s*\)/i
const EACH_SIDE = /(?:\/|\bper|\beach|\bea\.?)\s*(?:side|leg|arm)\b|\be\/s\b/i
/** Words that are no part of a name. */
const FILLERS = /\b(?:for time|for|reps?|of|unbroken|rx|1?\s*rm|max|sets?|each|ea)\b/gi
const AROUND = /^(?:(?:then|and|with|a|an|the|at|to|from|in)\s+)+|(?:\s+(?:then|and|with|at|to|from|in|on|a))+$/gi

/** Kettlebells are stamped in poods of 16 kg. */
const KG_PER_POOD = 16

/** Takes a line apart: sets and repetitions, amounts with units anywhere, and what is left is the name. */
export function readLine(text: string, { massUnit, bodyMass }: Customs = US_CUSTOMS): WrittenLine {
  const amounts: Typed[] = []
  const bare: string[] = []
  let isPair = false
  const amount = (value: string, unit: string, factor = 1) => {
    const known = UNITS[unit.toLowerCase()] ?? unit
    const number = plainNumber(value)
    if (known === 'pood') amounts.push(times(number, KG_PER_POOD * factor, 'kg'))
    else amounts.push(factor === 1 ? { value: number, unit: known } : times(number, factor, known))
    return ' '
  }
  const pair = (_: string, value: string, unit: string) => {
    isPair = true
    return amount(value, unit, 2)
  }
  let plain = text.replace(SIDES_APART, ' ').replace(EACH_HAND, pair).replace(PAIR, pair)
  plain = plain.replace(BARE_PAIR, (_, before: string, value: string) => before + pair(_, value, massUnit))
  const [seriesText, series, seriesUnit = ''] = LOADS.exec(plain) ?? []
  if (seriesText !== undefined) plain = plain.replace(seriesText, ' ')
  const weight = BODY_WEIGHT.exec(plain)
  if (weight !== null && bodyMass !== undefined) {
    amounts.push(times(plainNumber(bodyMass.value), factorOf(weight[1]), bodyMass.unit))
    plain = plain.replace(weight[0], ' ')
  }
  const hasPercentage = PERCENTAGE.test(plain)
  plain = plain
    .replace(PERCENTAGE, ' ')
    .replace(AMOUNT, (_, value: string, own: string | undefined, other: string | undefined, unit: string) => {
      // `9 kg/3 m` are two amounts, `20 kg/15 kg` one for each of two people.
      if (own === undefined || UNITS[own.toLowerCase()] === UNITS[unit.toLowerCase()]) return amount(value, unit)
      return amount(value, own) + amount(other!, unit)
    })
    .replace(BARE_LOAD, (_, ...found: (string | undefined)[]) => {
      for (const value of found.slice(0, 3)) if (value !== undefined) bare.push(plainNumber(value))
      return ' '
    })
  const duration = DURATION.exec(plain)
  if (duration !== null) plain = plain.replace(duration[0], ' ')
  const isEachSide = EACH_SIDE.test(plain)
  plain = plain.replace(EACH_SIDE, ' ')
  const [written, both, each] = SETS.exec(plain) ?? []
  if (written !== undefined) plain = plain.replace(written, ' ')
  const hasDistance = amounts.some(({ unit }) => LENGTHS.has(unit) || unit === 'kcal')
  const [repeated, before, after] = (written === undefined ? TIMES.exec(plain) : null) ?? []
  const isRepeated = repeated !== undefined && (hasDistance || before === undefined)
  if (isRepeated) plain = plain.replace(repeated, ' ')
  const count = isRepeated ? (before ?? after) : undefined
  let reps = each ?? (hasDistance ? undefined : count)
  if (reps === undefined) {
    const [found, first, second] = REPS.exec(plain) ?? []
    const scheme = first === undefined ? SCHEME.exec(plain)?.[0] : undefined
    // `8/8` are for each side, `10/8` for two people.
    reps = first !== undefined && first === second ? String(2 * Number(first)) : (first ?? scheme ?? '')
    plain = plain.replace(found ?? scheme ?? '', ' ')
  }
  plain = plain.replace(LONE, (_, value: string) => {
    bare.push(plainNumber(value))
    return ' '
  })
  const name = plain
    .replace(FILLERS, ' ')
    .replace(/[()@,;:*.]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s-]+|[\s-]+$/g, '')
    .replace(AROUND, '')
    .trim()
  const joined = reps.replace(/\s*-\s*/g, '-')
  return {
    name,
    reps: isEachSide ? joined.replace(/\d+/g, (one) => String(2 * Number(one))) : joined,
    sets: both ?? (hasDistance ? (count ?? '') : ''),
    amounts,
    bare,
    ...(duration !== null && { seconds: Number(duration[1]) * (/^m/i.test(duration[2]!) ? 60 : 1) }),
    isPair,
    ...(hasPercentage && { hasPercentage }),
    ...(series === undefined
      ? {}
      : { loads: series.split(/\s*[,/-]\s*/).map((value) => ({ value, unit: UNITS[seriesUnit.toLowerCase()]! })) })
  }
}

const LENGTHS: ReadonlySet<string> = new Set(['m', 'km', 'mi', 'yd', 'ft'])

function plainNumber(text: string): string {
  return text.replace(',', '.')
}

function times(value: string, factor: number, unit: string): Typed {
  return { value: String(Math.round(Number(value) * factor * 100) / 100), unit }
}

function factorOf(text = '1'): number {
  const [whole, part] = text.split('/').map((one) => Number(plainNumber(one)))
  return part === undefined ? whole! : whole! / part
}
