import { needsReps } from './catalogue.ts'
import { type Line, REST } from './draft.ts'
import {
  countOf,
  type Plan,
  type Quantity,
  quantityOf,
  repsIn,
  repsOf,
  restsOf,
  roundTimesOf,
  sum,
  timeOf
} from './plan.ts'
import { clockText } from './time.ts'

/** More splits than a request may have. */
const MOST_SPLITS = 200

/** One line of one split, before it is expanded. */
export interface Part {
  readonly line: Line
  readonly reps: number | undefined
  readonly inputs: Readonly<Record<string, Quantity>>
}

export interface Round {
  readonly label?: string
  readonly seconds: number
  readonly restSeconds?: number
  readonly parts: readonly Part[]
}

interface Made {
  readonly seconds: number
  readonly rounds: readonly Round[]
}

export function forTime(plan: Plan): Made | undefined {
  const { draft, lines, tell } = plan
  const reps = lines.map((line) => repsOf(plan, line))
  const schemes = reps.map((list) => list?.length ?? 0).filter((length) => length > 1)
  const count = schemes.length > 0 ? Math.max(...schemes) : countOf(draft.rounds, 'rounds', tell)
  const rests = restsOf(plan, count)
  const times = roundTimesOf(plan, count)
  const total =
    draft.time.trim() === '' && times !== undefined && times.length > 0
      ? sum(times) + sum(rests ?? [])
      : timeOf(draft.time, 'time', tell)
  if (count === undefined || rests === undefined || times === undefined || total === undefined) return undefined
  const parts = (round: number): Part[] =>
    lines.map((line, index) => partOf(plan, line, repsIn(reps[index] ?? [], round, count)))
  if (times.length > 0)
    return {
      seconds: total,
      rounds: times.map((seconds, round) => ({
        label: `Round ${round + 1}`,
        seconds,
        ...(rests[round] && { restSeconds: rests[round] }),
        parts: parts(round)
      }))
    }
  // A single round has no rest between rounds.
  const resting = count === 1 ? 0 : sum(rests)
  if (total <= resting) tell('rest', `The rests alone take ${clockText(resting)}.`)
  const texts = new Set(lines.filter((_, index) => (reps[index]?.length ?? 0) > 1).map((line) => schemeText(line.reps)))
  return {
    seconds: total,
    rounds: [
      {
        ...(count > 1 && { label: [`${count} rounds`, ...(texts.size > 0 ? [[...texts].join(', ')] : [])].join(': ') }),
        seconds: total - resting,
        ...(resting > 0 && { restSeconds: resting }),
        parts: together(Array.from({ length: count }, (_, round) => parts(round)))
      }
    ]
  }
}

export function amrap(plan: Plan): Made | undefined {
  const { draft, lines, tell } = plan
  const cap = timeOf(draft.time, 'time', tell)
  const count = /^\s*0\s*$/.test(draft.rounds) ? 0 : countOf(draft.rounds, 'rounds', tell)
  const reps = lines.map((line) => repsOf(plan, line))
  const times = count === undefined ? undefined : roundTimesOf(plan, count)
  if (cap === undefined || count === undefined || times === undefined) return undefined
  const whole = (): Part[] => lines.map((line, index) => partOf(plan, line, reps[index]?.[0]))
  const remainder = lines.flatMap((line) => extraOf(plan, line))
  if (count === 0 && remainder.length === 0)
    tell('rounds', 'Nothing was done: give the rounds, or what was done of one.')
  if (times.length === 0)
    return {
      seconds: cap,
      rounds: [
        {
          label: amrapLabel(count, remainder.length > 0),
          seconds: cap,
          // What was done of a round stays apart, so that the rounds can be told from it again.
          parts: [...together(Array.from({ length: count }, whole)), ...remainder]
        }
      ]
    }
  const left = cap - sum(times)
  const rounds = times.map((seconds, round): Round => ({ label: `AMRAP round ${round + 1}`, seconds, parts: whole() }))
  if (remainder.length === 0) return { seconds: cap, rounds }
  if (left <= 0) tell('roundTimes', `The rounds fill the ${clockText(cap)}: no time is left for the rest.`)
  return { seconds: cap, rounds: [...rounds, { label: 'AMRAP unfinished round', seconds: left, parts: remainder }] }
}

export function emom(plan: Plan): Made | undefined {
  const { draft, lines, tell } = plan
  const interval = timeOf(draft.interval, 'interval', tell)
  const count = countOf(draft.intervals, 'intervals', tell)
  const working = timeOf(draft.working, 'working', tell)
  if (interval === undefined || count === undefined || working === undefined) return undefined
  if (count > MOST_SPLITS) tell('intervals', `At most ${MOST_SPLITS} intervals.`)
  if (working > interval) tell('working', 'The work is longer than the interval.')
  const reps = lines.map((line) => repsOf(plan, line))
  const rounds: Round[] = []
  for (let round = 0; round < Math.min(count, MOST_SPLITS); round++) {
    const chosen = draft.isAlternating ? [round % lines.length] : lines.map((_, index) => index)
    const parts = chosen.flatMap((index) => {
      const line = lines[index]
      if (line === undefined || line.movement === REST) return []
      return [partOf(plan, line, repsIn(reps[index] ?? [], round, count))]
    })
    const before = rounds.at(-1)
    if (parts.length > 0)
      rounds.push({
        label: `Interval ${round + 1}`,
        seconds: working,
        ...(interval > working && { restSeconds: interval - working }),
        parts
      })
    else if (before !== undefined)
      rounds[rounds.length - 1] = { ...before, restSeconds: (before.restSeconds ?? 0) + interval }
  }
  return { seconds: interval * count, rounds }
}

/** The label by which the format of a stored workout is known again: `AMRAP: 18 rounds and a part`. */
function amrapLabel(count: number, hasRemainder: boolean): string {
  return `AMRAP: ${count} ${count === 1 ? 'round' : 'rounds'}${hasRemainder ? ' and a part' : ''}`
}

/** `21 - 15 - 9` as `21-15-9`. */
function schemeText(reps: string): string {
  return reps
    .trim()
    .split(/\s*[-–,/ ]\s*/)
    .join('-')
}

/** The same line of several rounds is one line of one split. */
function together(rounds: readonly (readonly Part[])[]): Part[] {
  const joined = new Map<string, Part>()
  for (const part of rounds.flat()) {
    const key = `${part.line.id} ${JSON.stringify(part.inputs)}`
    const known = joined.get(key)
    joined.set(key, known === undefined ? part : { ...part, reps: (known.reps ?? 1) + (part.reps ?? 1) })
  }
  return [...joined.values()]
}

function partOf({ catalogue, tell }: Plan, line: Line, reps: number | undefined): Part {
  const movement = catalogue.get(line.movement)
  const inputs: Record<string, Quantity> = {}
  for (const input of movement?.inputs ?? []) {
    const typed = line.inputs[input.name]
    if (typed === undefined || typed.value.trim() === '') continue
    const quantity = quantityOf(typed, `line:${line.id}:${input.name}`, tell)
    if (quantity !== undefined) inputs[input.name] = quantity
  }
  const isNeeded = movement !== undefined && needsReps(movement, Object.keys(inputs))
  // Without a number the service reports what is missing; a single repetition needs none.
  return { line, inputs, reps: reps === undefined || (reps === 1 && !isNeeded) ? undefined : reps }
}

/** The completed part of a round: repetitions, or a part of the distance or the calories. */
function extraOf(plan: Plan, line: Line): Part[] {
  if (line.extra.trim() === '') return []
  const amount = Number(line.extra.replace(',', '.'))
  if (!Number.isFinite(amount) || amount < 0) {
    plan.tell(`line:${line.id}:extra`, 'This is not a number.')
    return []
  }
  if (amount === 0) return []
  const whole = partOf(plan, line, undefined)
  const measured = Object.keys(whole.inputs).find((name) => name === 'travel_distance' || name === 'calories')
  if (measured === undefined) return [{ ...whole, reps: amount }]
  return [{ ...whole, inputs: { ...whole.inputs, [measured]: { value: amount, unit: whole.inputs[measured]!.unit } } }]
}
