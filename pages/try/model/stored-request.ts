import { type Catalogue, needsReps } from './catalogue.ts'
import type { Line, Typed } from './draft.ts'
import type { MovementLine, Split } from './expand.ts'

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

/** A line for each movement with its inputs, with its repetitions in each split. */
export function linesOf(splits: readonly Split[], catalogue: Catalogue): Line[] {
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
  return [...counts.values()].map(({ of, reps }, index) => lineOf(of, reps, index + 1, catalogue))
}

/** A stored line with its repetitions in each round. */
export function lineOf(of: MovementLine, reps: readonly number[], id: number, catalogue: Catalogue): Line {
  const inputs = Object.entries(of.inputs ?? {}).map(([name, quantity]) => [name, typedOf(quantity)] as const)
  const movement = catalogue.get(of.movement)
  const isCounted = movement === undefined || needsReps(movement, Object.keys(of.inputs ?? {}))
  const isOnce = !isCounted && reps.every((count) => count === 1)
  return {
    id,
    movement: of.movement,
    reps: isOnce ? '' : reps.every((count) => count === reps[0]) ? String(reps[0]) : reps.join('-'),
    extra: '',
    inputs: Object.fromEntries(inputs),
    ...(of.spec_overrides && { overrides: of.spec_overrides })
  }
}

/** A quantity as a control shows it. */
export function typedOf({ value, unit }: { readonly value: number; readonly unit: string }): Typed {
  return { value: String(value), unit }
}
