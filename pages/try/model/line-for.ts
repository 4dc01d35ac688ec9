import { type CatalogueMovement, needsReps } from './catalogue.ts'
import type { Line, Typed } from './draft.ts'
import { type Customs, US_CUSTOMS, type WrittenLine } from './whiteboard-line.ts'

/** Heights of boxes in inches; more is a load, or centimetres. */
const BOX_INCHES: ReadonlySet<number> = new Set([12, 16, 18, 20, 24, 30, 36, 40, 42])
const LEAST_METRES = 50

/** A line for a movement, with the amounts under the inputs that they are meant for. */
export function lineFor(
  movement: CatalogueMovement,
  written: WrittenLine,
  id: number,
  { massUnit, bodyMass }: Customs = US_CUSTOMS
): Line {
  const inputs: Record<string, Typed> = {}
  const unplaced: string[] = []
  const inputOf = (name: string) => movement.inputs.find((input) => input.name === name && inputs[name] === undefined)
  const isVest = /\bvest\b/i.test(written.name)
  for (const amount of written.amounts) {
    const fits = movement.inputs.filter(({ name, units }) => units.includes(amount.unit) && inputs[name] === undefined)
    const best =
      (isVest ? fits.find(({ name }) => name === 'vest_load') : undefined) ??
      fits.find(({ isRequired }) => isRequired) ??
      fits.find(({ name }) => movement.oneOf.includes(name)) ??
      fits.find(({ name }) => name === 'external_load') ??
      fits[0]
    if (best === undefined) unplaced.push(`${amount.value} ${amount.unit}`)
    else inputs[best.name] = amount
  }
  const load = inputOf('external_load')
  if (load?.isRequired && bodyMass !== undefined && /\b(?:bw|body\s?weight)\b/i.test(written.name))
    inputs[load.name] = bodyMass
  let { reps } = written
  const isMeasured = movement.per !== 'rep' && !movement.per.startsWith('rep_')
  const measure = (value: string): boolean => {
    const isDistance = inputOf('calories') === undefined || Number(value) >= 100
    const input = inputOf(isDistance ? 'travel_distance' : 'calories')
    if (input === undefined || (isDistance && Number(value) < LEAST_METRES)) return false
    inputs[input.name] = { value, unit: isDistance ? 'm' : 'kcal' }
    return true
  }
  const hasMeasure = () => inputs.travel_distance !== undefined || inputs.calories !== undefined
  // `15 row` are calories, `500 row` and `run 400` metres.
  if (isMeasured && !hasMeasure() && /^\d+$/.test(reps) && measure(reps)) reps = ''
  for (const value of written.bare) {
    if (isMeasured && !hasMeasure() && measure(value)) continue
    const name = bareInput(movement, Number(value), (one) => inputOf(one) !== undefined)
    if (name === undefined && reps === '' && /^\d+$/.test(value) && needsReps(movement, Object.keys(inputs)))
      reps = value
    else if (name === undefined) unplaced.push(value)
    else inputs[name] = { value, unit: bareUnit(name, Number(value), massUnit) }
  }
  // Of `21-15-9 cal row` each repetition is a calorie.
  if (reps.includes('-') && !hasMeasure() && inputOf('calories') !== undefined)
    inputs.calories = { value: '1', unit: 'kcal' }
  const isCounted = needsReps(movement, Object.keys(inputs))
  const pair = pairLoadOf(movement, written, inputs.external_load)
  const remark = remarkOf(written, pair && inputs.external_load, unplaced)
  return {
    id,
    movement: movement.name,
    reps: isCounted || reps.includes('-') ? reps : reps === '1' ? '' : reps,
    extra: '',
    inputs,
    ...(remark !== undefined && { remark }),
    ...(pair !== undefined && { pairLoad: pair })
  }
}

/** The input that a number without a unit is meant for. */
function bareInput(
  { name: movement, inputs }: CatalogueMovement,
  value: number,
  isFree: (name: string) => boolean
): string | undefined {
  if (isFree('box_height') && (BOX_INCHES.has(value) || movement.includes('jump'))) return 'box_height'
  if (inputs.some(({ name, isRequired }) => name === 'external_load' && isRequired) && isFree('external_load'))
    return 'external_load'
  if (isFree('target_height') && value <= 12) return 'target_height'
  if (isFree('deficit_height')) return 'deficit_height'
  if (isFree('climb_height') && value <= 40) return 'climb_height'
  return isFree('external_load') ? 'external_load' : undefined
}

function bareUnit(name: string, value: number, massUnit: string): string {
  if (name === 'external_load') return massUnit
  if (name === 'target_height' || name === 'climb_height') return 'ft'
  return value > 42 || value === 40 ? 'cm' : 'in'
}

/** Twice the load, where two implements are held and one load is written. */
function pairLoadOf(
  { name }: CatalogueMovement,
  { isPair, ...written }: WrittenLine,
  load: Typed | undefined
): Typed | undefined {
  const isOfTwo = /^dumbbell_(?!snatch|hang_snatch)|^devils_press|^farmers_carry/.test(name)
  const isOfOne = /\b(?:single|one|sa|alt\w*)\b/i.test(written.name)
  if (!isOfTwo || isOfOne || isPair || load === undefined) return undefined
  return { value: String(2 * Number(load.value)), unit: load.unit }
}

/**
 * What a reader would ask about a line.
 * @param single a load that may be the load of one hand
 */
function remarkOf(
  { hasPercentage }: WrittenLine,
  single: Typed | undefined,
  unplaced: readonly string[]
): string | undefined {
  const sentences = [
    unplaced.length > 0 && `Not read: ${unplaced.join(', ')}.`,
    hasPercentage && 'A percentage of a maximum is no load: write the load.',
    single && `${single.value} ${single.unit} counts as both together.`
  ].filter(Boolean)
  return sentences.length > 0 ? sentences.join(' ') : undefined
}
