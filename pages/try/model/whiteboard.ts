import { type CatalogueMovement, needsReps } from './catalogue.ts'
import { type Draft, EMPTY_DRAFT, type Line, type Typed } from './draft.ts'
import type { MovementSearch } from './movement-search.ts'

/** One written line, such as `21 thrusters 95 lb` or `400 m run`. */
export interface WrittenLine {
  readonly name: string
  readonly reps: string
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
const REPS = /^\s*(\d+(?:\s*[-–]\s*\d+)*)\s*(?:x\s*)?(?=[^\d])/

/** Takes a line apart: repetitions in front, amounts with units anywhere, and what is left is the name. */
export function readLine(text: string): WrittenLine {
  const amounts: Typed[] = []
  const rest = text.replace(AMOUNT, (_, value: string, unit: string) => {
    amounts.push({ value: value.replace(',', '.'), unit: UNITS[unit.toLowerCase()]! })
    return ' '
  })
  const reps = REPS.exec(rest)?.[1] ?? ''
  const name = (reps === '' ? rest : rest.replace(REPS, ''))
    .replace(/[()@,;:]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return { name, reps: reps.replace(/\s*[-–]\s*/g, '-'), amounts }
}

/** A line for a movement, with the amounts under the inputs whose units they have. */
export function lineFor(movement: CatalogueMovement, { reps, amounts }: Omit<WrittenLine, 'name'>, id: number): Line {
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

const ROUNDS = /\b(\d+)\s*(?:rounds?|rds?|rft)\b/i
const AMRAP = /\bamrap\b/i
const MINUTES = /(\d+(?::\d{2})?)\s*(?:-?\s*(?:min(?:ute)?s?|'))?/i
const EMOM = /\be(\d*)mom\b/i
const SCHEME = /^\s*\d+(?:\s*[-–]\s*\d+)+\s*(?:reps?|of|for time)?\s*:?\s*$/i
const TIME = /^\s*(?:time|score)?\s*[:=]?\s*((?:\d+:)?\d{1,2}:\d{2})\s*$/i

/** A whole whiteboard as a draft; lines whose movement is not found come back as `unread`. */
export function readWhiteboard(text: string, search: MovementSearch): { draft: Draft; unread: string[] } {
  let draft: Draft = EMPTY_DRAFT
  let scheme = ''
  const lines: Line[] = []
  const unread: string[] = []
  for (const row of text.split('\n').map((one) => one.trim())) {
    if (row === '') continue
    const emom = EMOM.exec(row)
    const time = TIME.exec(row)?.[1]
    if (time !== undefined) draft = { ...draft, time }
    else if (AMRAP.test(row))
      draft = { ...draft, format: 'amrap', rounds: '1', time: clockOf(MINUTES.exec(row.replace(AMRAP, ''))?.[1]) }
    else if (emom !== null) {
      const minutes = Number(emom[1] || 1)
      const total = Number(MINUTES.exec(row.replace(EMOM, ''))?.[1] ?? 10)
      draft = { ...draft, format: 'emom', interval: `${minutes}:00`, intervals: String(Math.floor(total / minutes)) }
    } else if (SCHEME.test(row)) scheme = row.replace(/[^\d–-]/g, '').replace(/–/g, '-')
    else if (ROUNDS.test(row) && search.exact(readLine(row).name) === undefined)
      draft = { ...draft, rounds: ROUNDS.exec(row)![1]! }
    else if (/^for time\b/i.test(row)) draft = { ...draft, format: 'for_time' }
    else {
      const written = readLine(row)
      const movement = search.exact(written.name) ?? search.find(written.name, 1)[0]
      if (movement === undefined) unread.push(row)
      else lines.push(lineFor(movement, { ...written, reps: written.reps || scheme }, lines.length + 1))
    }
  }
  if (scheme !== '') draft = { ...draft, rounds: String(scheme.split('-').length) }
  return { draft: { ...draft, lines }, unread }
}

function clockOf(minutes: string | undefined): string {
  if (minutes === undefined) return ''
  return minutes.includes(':') ? minutes : `${minutes}:00`
}
