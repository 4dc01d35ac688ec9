import type { Catalogue } from './catalogue.ts'
import { type Draft, type Line, REST } from './draft.ts'
import type { MovementLine, Split } from './expand.ts'
import { lineOf, linesOf, type StoredRequest } from './stored-request.ts'
import { timeText } from './time.ts'

/** What the labels of a stored workout say of its format, as drafts that may expand into it. */
export function* candidateDrafts(request: StoredRequest, catalogue: Catalogue): Generator<Partial<Draft>> {
  yield* amraps(request, catalogue)
  yield* timedAmrap(request, catalogue)
  yield* emoms(request, catalogue)
  yield* rounds(request, catalogue)
  yield* timed(request, catalogue)
}

/** `AMRAP: 18 rounds and a part`: the lines of whole rounds, then those of the unfinished one. */
function* amraps({ duration_seconds: total, splits }: StoredRequest, catalogue: Catalogue): Generator<Partial<Draft>> {
  const [split] = splits
  const label = /^AMRAP: (\d+) rounds?( and a part)?$/.exec(split?.label ?? '')
  if (split === undefined || splits.length > 1 || label === null) return
  const shared = { format: 'amrap', time: timeText(total), rounds: label[1]! } as const
  const count = Number(label[1])
  const { movements } = split.work
  const isPartial = label[2] !== undefined
  for (let whole = isPartial ? 0 : movements.length; whole <= movements.length; whole++) {
    if (count === 0 ? whole > 0 : whole === 0) continue
    const lines =
      count === 0
        ? movements.map((of, index) => ({ ...lineOf({ ...of, reps: 0 }, [0], index + 1, catalogue), reps: '' }))
        : roundLines(movements.slice(0, whole), count, catalogue)
    const done = lines && withExtras(lines, movements.slice(whole))
    if (done !== undefined) yield { ...shared, lines: done }
  }
}

/** The lines of one of several equal rounds; undefined where a count cannot be divided. */
function roundLines(movements: readonly MovementLine[], count: number, catalogue: Catalogue): Line[] | undefined {
  if (movements.some(({ reps = 1 }) => reps % count !== 0)) return undefined
  return movements.map((of, index) => lineOf(of, [(of.reps ?? 1) / count], index + 1, catalogue))
}

/** Puts what was done of a round beside its lines, in their order; undefined where it does not fit. */
function withExtras(lines: readonly Line[], remainder: readonly MovementLine[]): Line[] | undefined {
  const left = [...remainder]
  const done = lines.map((line): Line => {
    const next = left[0]
    if (next?.movement !== line.movement) return line
    const amount = next.inputs?.travel_distance ?? next.inputs?.calories
    const reps = next.reps ?? 1
    if (amount === undefined && line.reps !== '' && reps > Number(line.reps)) return line
    left.shift()
    return { ...line, extra: String(amount?.value ?? reps) }
  })
  return left.length === 0 ? done : undefined
}

/** A split for each round of an AMRAP, and one for the unfinished round. */
function* timedAmrap(request: StoredRequest, catalogue: Catalogue): Generator<Partial<Draft>> {
  const { duration_seconds: total, splits } = request
  const whole = splits.filter(({ label = '' }) => /^AMRAP round \d+$/.test(label))
  const [first] = whole
  if (first === undefined) return
  const lines = first.work.movements.map((of, index) => lineOf(of, [of.reps ?? 1], index + 1, catalogue))
  const done = withExtras(lines, splits[whole.length]?.work.movements ?? [])
  if (done !== undefined)
    yield {
      format: 'amrap',
      time: timeText(total),
      rounds: String(whole.length),
      roundTimes: timesText(whole),
      lines: done
    }
}

/** `Interval 1`, `Interval 2` …: the same movements in each, or by turns, where a missing interval is one of rest. */
function* emoms({ duration_seconds: total, splits }: StoredRequest, catalogue: Catalogue): Generator<Partial<Draft>> {
  const numbers = splits.map(({ label = '' }) => Number(/^Interval (\d+)$/.exec(label)?.[1]))
  const [first] = splits
  const last = numbers.at(-1)
  if (first === undefined || last === undefined || numbers.some(Number.isNaN)) return
  const working = first.duration_seconds
  for (let intervals = last; intervals <= last + MOST_TURNS; intervals++) {
    const interval = total / intervals
    const shared = {
      format: 'emom',
      interval: timeText(interval),
      intervals: String(intervals),
      working: timeText(working)
    } as const
    const together = { ...shared, lines: linesOf(splits, catalogue) }
    const areEqual = together.lines.every(({ reps }) => !reps.includes('-'))
    if (areEqual) yield together
    for (let turns = 2; turns <= Math.min(MOST_TURNS, intervals); turns++) {
      const lines = Array.from({ length: turns }, (_, turn): Line => {
        const own = splits.filter((_, index) => (numbers[index]! - 1) % turns === turn)
        const of = own[0]?.work.movements[0]
        const reps = own.map(({ work }) => work.movements[0]?.reps ?? 1)
        return of === undefined
          ? { id: turn + 1, movement: REST, reps: '', extra: '', inputs: {} }
          : lineOf(of, reps.slice(0, 1), turn + 1, catalogue)
      })
      yield { ...shared, isAlternating: true, lines }
    }
    if (!areEqual) yield together
  }
}

/** More lines than take turns on a whiteboard. */
const MOST_TURNS = 8

/** `3 rounds` or `3 rounds: 21-15-9`: rounds without a time of their own are one split. */
function* rounds({ duration_seconds: total, splits }: StoredRequest, catalogue: Catalogue): Generator<Partial<Draft>> {
  const [split] = splits
  const label = /^(\d+) rounds(?:: (.*))?$/.exec(split?.label ?? '')
  if (split === undefined || splits.length > 1 || label === null) return
  const count = Number(label[1])
  const schemes = (label[2] ?? '').split(', ').map((scheme) => scheme.split('-').map(Number))
  const lines = split.work.movements.map((of, index): Line | undefined => {
    const { reps = 1 } = of
    const scheme = schemes.find((one) => one.length > 1 && one.reduce((sum, number) => sum + number, 0) === reps)
    if (scheme === undefined && reps % count !== 0) return undefined
    return lineOf(of, scheme ?? [reps / count], index + 1, catalogue)
  })
  const between = (split.rest_seconds_after ?? 0) / (count - 1)
  if (lines.every((line) => line !== undefined))
    yield {
      format: 'for_time',
      time: timeText(total),
      rounds: String(count),
      rest: between > 0 ? timeText(between) : '',
      lines
    }
}

/** One split without a label, or `Round 1`, `Round 2` …: a split for each round. */
function* timed(request: StoredRequest, catalogue: Catalogue): Generator<Partial<Draft>> {
  const { duration_seconds: total, splits } = request
  if (splits.length === 1) yield { format: 'for_time', time: timeText(total), lines: linesOf(splits, catalogue) }
  if (!splits.every(({ label }, index) => label === `Round ${index + 1}`)) return
  const rests = splits.map(({ rest_seconds_after: rest = 0 }) => rest)
  yield {
    format: 'for_time',
    time: timeText(total),
    rounds: String(splits.length),
    roundTimes: timesText(splits),
    rest: rests.every((rest) => rest === 0)
      ? ''
      : rests
          .slice(0, rests.at(-1) === 0 ? -1 : undefined)
          .map(timeText)
          .join(' '),
    lines: linesOf(splits, catalogue)
  }
}

function timesText(splits: readonly Split[]): string {
  return splits.map(({ duration_seconds: seconds }) => timeText(seconds)).join(' ')
}
