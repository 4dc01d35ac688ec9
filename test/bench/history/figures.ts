import type { Figure } from '../report.ts'
import { median } from '../statistics.ts'
import type { Question, Sample } from './stocked-store.ts'

/** What one engine's stores took for one question, by the number of workouts in them, smallest first. */
export interface Measured {
  readonly engine: string
  readonly question: Question
  readonly bySize: ReadonlyMap<number, readonly Sample[]>
}

/** A cost may grow as its page does; so much more is noise. */
const MOST_BEYOND_PAGE = 1.5
/** The answer for ten years from warm. */
const MOST_WARM_CURVE_US = 20_000

/** For each question the cost in the largest store, and how it grew from each store to the next. */
export function figuresOf({ engine, question, bySize }: Measured): Figure[] {
  const sizes = [...bySize].map(([workouts, samples]) => ({
    workouts,
    cpuUs: median(samples.map(({ cpuUs }) => cpuUs)),
    bytes: median(samples.map(({ bytes }) => bytes))
  }))
  const largest = sizes.at(-1)!
  const each = sizes.map(
    ({ workouts, cpuUs, bytes }) => `${count(workouts)}: ${count(cpuUs)} us, ${count(bytes)} bytes`
  )
  return [
    {
      name: `${engine}: ${question}`,
      value: largest.cpuUs,
      unit: 'us CPU',
      target: question.startsWith('curve') ? { atMost: MOST_WARM_CURVE_US } : undefined,
      note: each.join('; ')
    },
    ...sizes.slice(1).map((size, index): Figure => {
      const before = sizes[index]!
      const cost = size.cpuUs / before.cpuUs
      const page = Math.max(1, size.bytes / before.bytes)
      return {
        name: `${engine}: ${question}, ${count(before.workouts)} to ${count(size.workouts)}`,
        value: cost / page,
        unit: 'x its page',
        target: { atMost: MOST_BEYOND_PAGE },
        note: `cost ${cost.toFixed(2)} times, page ${page.toFixed(2)} times`
      }
    })
  ]
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
