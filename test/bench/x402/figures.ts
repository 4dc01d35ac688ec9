import type { Cost } from '../cost.ts'
import type { Figure } from '../report.ts'

/** Names of what is measured, and most that it may cost, as multiples of the bare route. */
export const UNPAID = '402, x402 alone'
export const UNPAID_BOTH = '402, both rails'
export const PAID = 'paid'
export const PAID_INSIDE = 'paid, facilitator inside'
export const PAID_MEMORY = 'paid, facilitator inside, ledger in memory'
export const PEERS = ['@x402/express', '@x402/hono'] as const

/** The least that something can cost on this machine goes by its name. */
export function floorsName(name: string): string {
  return `${name}: floor`
}

const MOST_TIMES_BARE: Readonly<Record<string, number>> = {
  [UNPAID]: 1.1,
  [UNPAID_BOTH]: 1.3,
  [PAID]: 2.5,
  [PAID_INSIDE]: 2.5
}
const MOST_OF_THEIRS = 0.4

/** A peer's figure goes by ours and the peer. */
export function peersName(name: string, peer: string): string {
  return `${name}, ${peer}`
}

/** The measured figures with their targets. */
export function figuresOf(bareCpuUs: number, costs: ReadonlyMap<string, Cost>): Figure[] {
  return [
    { name: 'bare route', value: bareCpuUs, unit: 'us CPU', target: undefined, note: 'the measure of the rest' },
    ...[UNPAID, UNPAID_BOTH, PAID, PAID_INSIDE, PAID_MEMORY].flatMap((name) => [
      ...figureOf(costs, name),
      ...figureOf(costs, floorsName(name)),
      ...PEERS.flatMap((peer) => [...figureOf(costs, peersName(name, peer)), ...shareOf(costs, name, peer)])
    ])
  ]
}

/** None where it was not measured. */
function figureOf(costs: ReadonlyMap<string, Cost>, name: string): Figure[] {
  const cost = costs.get(name)
  if (cost === undefined) return []
  const { cpuUs, timesBare, range, requestsPerSecond } = cost
  const [low, high] = range.map((ratio) => ratio.toFixed(2))
  const most = MOST_TIMES_BARE[name]
  return [
    {
      name,
      value: timesBare,
      unit: 'x bare',
      target: most === undefined ? undefined : { atMost: most },
      note: `${Math.round(cpuUs)} us CPU, rounds ${low} to ${high}, ${Math.round(requestsPerSecond)}/s`
    }
  ]
}

function shareOf(costs: ReadonlyMap<string, Cost>, name: string, peer: string): Figure[] {
  const ours = costs.get(name)?.timesBare
  const theirs = costs.get(peersName(name, peer))?.timesBare
  if (ours === undefined || theirs === undefined) return []
  return [
    {
      name: `${name}: ours of ${peer}`,
      value: ours / theirs,
      unit: 'of theirs',
      target: name === UNPAID ? undefined : { atMost: MOST_OF_THEIRS },
      note: `${ours.toFixed(2)} x bare against ${theirs.toFixed(2)}`
    }
  ]
}
