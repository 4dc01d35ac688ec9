import type { Catalogue } from './catalogue.ts'
import { type Athlete, type Draft, REST } from './draft.ts'
import { amrap, emom, forTime, type Round } from './formats.ts'
import { type Quantity, quantityOf } from './plan.ts'

export interface MovementLine {
  readonly movement: string
  readonly reps?: number
  readonly inputs?: Readonly<Record<string, Quantity>>
  readonly spec_overrides?: Readonly<Record<string, number>>
}

export interface Split {
  readonly label?: string
  readonly duration_seconds: number
  readonly rest_seconds_after?: number
  readonly work: { readonly movements: readonly MovementLine[] }
}

/** The measured part of a request, without athlete and date. */
export interface Workout {
  readonly duration_seconds: number
  readonly user: { readonly height: Quantity; readonly body_mass: Quantity }
  readonly splits: readonly Split[]
}

/** A problem found before sending. `field` names a control of the form. */
export interface FieldProblem {
  readonly field: string
  readonly detail: string
}

export interface Expanded {
  readonly workout: Workout | undefined
  readonly problems: readonly FieldProblem[]
  /** The control of a JSON pointer of the workout; the longest prefix counts. */
  readonly places: readonly (readonly [pointer: string, field: string])[]
}

/** Expands a whiteboard to splits, and maps each part to its control. */
export function expand(draft: Draft, athlete: Athlete, catalogue: Catalogue): Expanded {
  const problems: FieldProblem[] = []
  const tell = (field: string, detail: string) => {
    problems.push({ field, detail })
  }
  const user = {
    height: quantityOf(athlete.height, 'height', tell),
    body_mass: quantityOf(athlete.bodyMass, 'body_mass', tell)
  }
  const hasTurns = draft.format === 'emom' && draft.isAlternating
  const lines = draft.lines.filter(({ movement }) => movement !== '' && (movement !== REST || hasTurns))
  if (lines.every(({ movement }) => movement === REST)) tell('add', 'Add a movement.')
  const plan = { draft, catalogue, tell, lines }
  const made = { for_time: forTime, amrap, emom }[draft.format](plan)
  if (problems.length > 0 || made === undefined) return { workout: undefined, problems, places: [] }
  const { labels } = draft
  const rounds =
    labels.length === made.rounds.length
      ? made.rounds.map((round, index) => ({ ...round, label: labels[index]! }))
      : made.rounds
  return { ...written(rounds, made.seconds, user, catalogue), problems }
}

function written(
  rounds: readonly Round[],
  seconds: number,
  user: { height: Quantity | undefined; body_mass: Quantity | undefined },
  catalogue: Catalogue
): Pick<Expanded, 'workout' | 'places'> {
  const places: [string, string][] = [
    ['/duration_seconds', 'time'],
    ['/user/height', 'height'],
    ['/user/body_mass', 'body_mass'],
    ['/splits', 'time']
  ]
  const splits = rounds.map(({ label, seconds: active, restSeconds, parts }, split): Split => {
    const movements = parts
      .filter(({ reps }) => reps !== 0)
      .map(({ line, reps, inputs }, index): MovementLine => {
        const pointer = `/splits/${split}/work/movements/${index}`
        places.push([pointer, `line:${line.id}`], [`${pointer}/reps`, `line:${line.id}:reps`])
        for (const { name } of catalogue.get(line.movement)?.inputs ?? [])
          places.push([`${pointer}/inputs/${name}`, `line:${line.id}:${name}`])
        return {
          movement: line.movement,
          ...(reps !== undefined && { reps }),
          inputs,
          ...(line.overrides && { spec_overrides: line.overrides })
        }
      })
    return {
      ...(label && { label }),
      duration_seconds: active,
      ...(restSeconds !== undefined && { rest_seconds_after: restSeconds }),
      work: { movements }
    }
  })
  return {
    workout: { duration_seconds: seconds, user: { height: user.height!, body_mass: user.body_mass! }, splits },
    places
  }
}

/** The control of a JSON pointer; undefined if none shows it. */
export function fieldAt(places: Expanded['places'], pointer: string): string | undefined {
  let best: readonly [string, string] | undefined
  for (const place of places)
    if ((pointer === place[0] || pointer.startsWith(`${place[0]}/`)) && place[0].length > (best?.[0].length ?? 0))
      best = place
  return best?.[1]
}
