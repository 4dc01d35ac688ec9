import { type Catalogue, needsReps } from './catalogue.ts'
import { type Athlete, type Draft, EMPTY_DRAFT, type Line, type Typed } from './draft.ts'
import type { MovementLine, Split } from './expand.ts'
import { timeText } from './time.ts'

type Height = { readonly value: number; readonly unit: string } | { readonly feet: number; readonly inches: number }

/** A workout as it was bought, as much of it as a revision takes over. */
export interface StoredRequest {
  readonly title?: string
  readonly duration_seconds: number
  readonly user: {
    readonly height: Height
    readonly body_mass: { readonly value: number; readonly unit: string }
    readonly [more: string]: unknown
  }
  readonly splits: readonly Split[]
  readonly response_units?: object
}

const INCHES_PER_FOOT = 12

/** Who did a stored workout, in the units that it was bought with. */
export function storedAthlete({ user: { height, body_mass: mass } }: StoredRequest): Athlete {
  const typed = 'feet' in height ? { value: height.feet * INCHES_PER_FOOT + height.inches, unit: 'in' } : height
  return { height: typedOf(typed), bodyMass: typedOf(mass) }
}

/**
 * A stored workout as a whiteboard that expands into the same splits: a round for each, and a line for each movement
 * with its inputs, with 0 reps in the rounds that have none of it.
 * @returns undefined where a movement is no longer in the catalogue
 */
export function storedDraft(request: StoredRequest, catalogue: Catalogue): Draft | undefined {
  const { splits } = request
  const lines = linesOf(splits, catalogue)
  if (lines === undefined) return undefined
  const shared = { ...EMPTY_DRAFT, title: request.title ?? '', labels: splits.map(({ label = '' }) => label), lines }
  return { ...shared, ...(emomOf(request) ?? forTimeOf(request)) }
}

function forTimeOf({ duration_seconds: total, splits }: StoredRequest): Partial<Draft> {
  const rests = splits.map(restOf)
  const between = rests.at(-1) === 0 ? rests.slice(0, -1) : rests
  const isSame = between.every((rest) => rest === between[0]) && between.length < splits.length
  return {
    format: 'for_time',
    time: timeText(total),
    rounds: String(splits.length),
    roundTimes: splits.map(({ duration_seconds: seconds }) => timeText(seconds)).join(' '),
    rest: between.every((rest) => rest === 0) ? '' : (isSame ? between.slice(0, 1) : between).map(timeText).join(' ')
  }
}

/** An EMOM has intervals of one length with one length of work, and fills its time. */
function emomOf({ duration_seconds: total, splits }: StoredRequest): Partial<Draft> | undefined {
  const [first] = splits
  if (first === undefined || splits.length < 2) return undefined
  const working = first.duration_seconds
  const interval = working + restOf(first)
  const isEven = splits.every((split) => split.duration_seconds === working && restOf(split) === restOf(first))
  if (!isEven || interval === working || total !== interval * splits.length) return undefined
  return {
    format: 'emom',
    interval: timeText(interval),
    intervals: String(splits.length),
    working: timeText(working)
  }
}

function restOf({ rest_seconds_after: rest = 0 }: Split): number {
  return rest
}

function linesOf(splits: readonly Split[], catalogue: Catalogue): Line[] | undefined {
  const counts = new Map<string, { readonly of: MovementLine; readonly reps: number[] }>()
  for (const [round, { work }] of splits.entries()) {
    const seen = new Map<string, number>()
    for (const one of work.movements) {
      const content = JSON.stringify([one.movement, one.inputs, one.spec_overrides])
      const place = seen.get(content) ?? 0
      seen.set(content, place + 1)
      const key = `${place} ${content}`
      const known = counts.get(key) ?? { of: one, reps: splits.map(() => 0) }
      known.reps[round] = one.reps ?? 1
      counts.set(key, known)
    }
  }
  const lines: Line[] = []
  for (const { of, reps } of counts.values()) {
    const movement = catalogue.get(of.movement)
    if (movement === undefined) return undefined
    const inputs = Object.entries(of.inputs ?? {}).map(([name, quantity]) => [name, typedOf(quantity)] as const)
    const isOnce = !needsReps(movement, Object.keys(of.inputs ?? {})) && reps.every((count) => count === 1)
    lines.push({
      id: lines.length + 1,
      movement: of.movement,
      reps: isOnce ? '' : reps.every((count) => count === reps[0]) ? String(reps[0]) : reps.join('-'),
      extra: '',
      inputs: Object.fromEntries(inputs),
      ...(of.spec_overrides && { overrides: of.spec_overrides })
    })
  }
  return lines
}

function typedOf({ value, unit }: { readonly value: number; readonly unit: string }): Typed {
  return { value: String(value), unit }
}
