import type { Catalogue } from './catalogue.ts'
import { type Athlete, type Draft, EMPTY_DRAFT } from './draft.ts'
import { expand, type Split } from './expand.ts'
import { candidateDrafts } from './stored-formats.ts'
import { linesOf, type StoredRequest, typedOf } from './stored-request.ts'
import { timeText } from './time.ts'

const INCHES_PER_FOOT = 12

/** Who did a stored workout, in the units that it was bought with. */
export function storedAthlete({ user: { height, body_mass: mass } }: StoredRequest): Athlete {
  const typed = 'feet' in height ? { value: height.feet * INCHES_PER_FOOT + height.inches, unit: 'in' } : height
  return { height: typedOf(typed), bodyMass: typedOf(mass) }
}

/**
 * A stored workout as a whiteboard that expands into the same splits. The labels tell an AMRAP, an EMOM and rounds without
 * times apart; without such labels a split is a round, and a movement has 0 reps in the rounds that have none of it.
 * @returns undefined where a movement is no longer in the catalogue
 */
export function storedDraft(request: StoredRequest, catalogue: Catalogue): Draft | undefined {
  const { splits, title = '' } = request
  if (splits.some(({ work }) => work.movements.some(({ movement }) => !catalogue.has(movement)))) return undefined
  const athlete = storedAthlete(request)
  const stored = meaningOf(request)
  for (const parts of candidateDrafts(request, catalogue)) {
    const draft = { ...EMPTY_DRAFT, title, ...parts }
    const { workout } = expand(draft, athlete, catalogue)
    if (workout !== undefined && meaningOf(workout) === stored) return draft
  }
  return {
    ...EMPTY_DRAFT,
    title,
    labels: splits.map(({ label = '' }) => label),
    lines: linesOf(splits, catalogue),
    ...(emomOf(request) ?? forTimeOf(request))
  }
}

/** A workout without what makes no difference: members that have their default. */
function meaningOf({ duration_seconds: total, splits }: Pick<StoredRequest, 'duration_seconds' | 'splits'>): string {
  const parts = splits.map(({ label = '', duration_seconds: seconds, rest_seconds_after: rest = 0, work }) => [
    label,
    seconds,
    rest,
    work.movements.map(({ movement, reps = 1, inputs = {}, spec_overrides: overrides = {} }) => [
      movement,
      reps,
      Object.entries(inputs).sort(),
      Object.entries(overrides).sort()
    ])
  ])
  return JSON.stringify([total, parts])
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
