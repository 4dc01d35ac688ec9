import type { Body } from '../laws/law.ts'
import { DURATION_SECONDS, MOVEMENTS_PER_SPLIT, REST_SECONDS, SPLIT_LABEL_LENGTH } from '../limits.ts'
import type { Movement } from '../movements/movement.ts'
import type { PlanEntry, PlanSplit } from '../plan.ts'
import { type ReadEntry, readEntry } from './entry.ts'
import type { Problems } from './problems.ts'
import { isObject, type JsonObject, readArray, readNumber, readObject, readString } from './read.ts'
import { type Covered, checkSpeed, coveredBy, isAtRest } from './timed-split.ts'

/** The split's two times, 0 if invalid: their sum is the least that the split took. */
export interface SplitTimes {
  readonly durationSeconds: number
  readonly restSeconds: number
}

export interface ReadSplit {
  readonly times: SplitTimes
  readonly plan: PlanSplit | undefined
  /** A machine whose display shows no more than the resting calories. */
  readonly atRest?: Movement
}

/** Reads one split. `registry` collects the plan's movements in the order of first appearance. */
export function readSplit(
  problems: Problems,
  split: JsonObject,
  base: string,
  body: Body | undefined,
  registry: Map<Movement, number>
): ReadSplit {
  const label = split.label === undefined ? undefined : readString(problems, split, base, 'label', SPLIT_LABEL_LENGTH)
  const durationSeconds = readNumber(problems, split, base, 'duration_seconds', DURATION_SECONDS)
  const restSeconds =
    split.rest_seconds_after === undefined ? 0 : readNumber(problems, split, base, 'rest_seconds_after', REST_SECONDS)
  const read = readEntries(problems, split, base, body)
  const times = { durationSeconds: durationSeconds ?? 0, restSeconds: restSeconds ?? 0 }
  if (read === undefined || durationSeconds === undefined || restSeconds === undefined)
    return { times, plan: undefined }
  const first = read[0]!.movement
  const isolated = read.every((entry) => entry.movement === first)
  const activeSeconds = isolated && first.law.usesTime === true ? durationSeconds : 0
  const covered = activeSeconds > 0 ? coveredBy(read) : undefined
  if (covered?.slot === 0 && !checkSpeed(problems, base, first, covered.total, activeSeconds)) {
    return { times, plan: undefined }
  }
  if (!isolated && !checkTimed(problems, base, read)) return { times, plan: undefined }
  const entries = read.map((entry): PlanEntry => {
    let movementIndex = registry.get(entry.movement)
    if (movementIndex === undefined) {
      movementIndex = registry.size
      registry.set(entry.movement, movementIndex)
    }
    const { movement, reps, inputs, coefficients, sigmas, overridden } = entry
    const secondsPerRep = covered === undefined ? 0 : timeOfRep(entry, covered, activeSeconds)
    return { movement, movementIndex, reps, inputs, coefficients, sigmas, overridden, secondsPerRep }
  })
  const plan = { label, durationSeconds, restSeconds, isolated, entries }
  const isIdle = covered?.slot === 1 && covered.total > 0 && isAtRest(covered.total, activeSeconds)
  return { times, plan, ...(isIdle && { atRest: first }) }
}

/** Entries of one kind share the split's time in proportion to their amount; zero reps take no time. */
function timeOfRep({ reps, inputs }: ReadEntry, { slot, total }: Covered, activeSeconds: number): number {
  return reps === 0 ? activeSeconds : (activeSeconds * inputs[slot]!) / total
}

/** A movement whose work depends on its own time must be alone in the split. */
function checkTimed(problems: Problems, base: string, entries: readonly ReadEntry[]): boolean {
  let sound = true
  entries.forEach(({ movement: { name, law } }, index) => {
    if (law.needsTime !== true) return
    sound = false
    const detail = `The work of ${name} depends on its own time: put it into a split of its own.`
    problems.add(`${base}/work/movements/${index}/movement`, 'split_of_its_own_required', detail, name)
  })
  return sound
}

/** All lines of the split, or undefined if one of them has a problem. */
function readEntries(
  problems: Problems,
  split: JsonObject,
  base: string,
  body: Body | undefined
): ReadEntry[] | undefined {
  const work = readObject(problems, split, base, 'work')
  if (work === undefined) return undefined
  const lines = readArray(problems, work, `${base}/work`, 'movements', MOVEMENTS_PER_SPLIT)
  if (lines === undefined) return undefined
  const entries: ReadEntry[] = []
  for (let index = 0; index < lines.length; index++) {
    const pointer = `${base}/work/movements/${index}`
    const line = lines[index]
    if (isObject(line)) {
      const entry = readEntry(problems, line, pointer, body)
      if (entry !== undefined) entries.push(entry)
    } else if (!problems.faulty(`${base}/work/movements`, String(index))) {
      problems.add(pointer, 'type_wrong', 'A movement line must be an object.', line)
    }
  }
  return entries.length === lines.length ? entries : undefined
}
