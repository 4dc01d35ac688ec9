import type { Burst } from './burst.ts'
import { type Costs, FLOORS, type FloorName, PHASES, type Phase } from './cost.ts'
import type { Figure } from './report.ts'
import type { Start } from './start.ts'

/** Everything that one run measured. */
export interface Measured {
  readonly enginePerSecond: number
  readonly starts: { readonly ours: Start; readonly bare: Start }
  readonly costs: Costs
  readonly loaded: { readonly ours: number; readonly bare: number }
  readonly bursts: { readonly elsewhere: Burst; readonly here: Burst }
}

const MOST_TIMES_BARE: Readonly<Record<Phase, number>> = {
  'free failure': 1.1,
  'challenge from the pool': 1.3,
  'paid, new': 2.2,
  'paid, replay': 1.7
}

/** The measured figures with their targets. */
export function figuresOf({ enginePerSecond, starts, costs, loaded, bursts }: Measured): Figure[] {
  const { ours, bare } = starts
  return [
    { name: 'bare route', value: costs.bareCpuUs, unit: 'us CPU', target: undefined, note: 'the measure of the rest' },
    ...PHASES.map((phase) => costFigure(costs, phase, { atMost: MOST_TIMES_BARE[phase] })),
    ...FLOORS.map((floor) => costFigure(costs, floor, undefined)),
    burstFigure('burst p99, invoices made elsewhere', bursts.elsewhere),
    burstFigure('burst p99, development wallet', bursts.here),
    {
      name: 'start to first answer',
      value: ours.cpuMs / bare.cpuMs,
      unit: 'x bare',
      target: { atMost: 2 },
      note: `CPU ${Math.round(ours.cpuMs)} ms against ${Math.round(bare.cpuMs)}, wall ${Math.round(ours.wallMs)} against ${Math.round(bare.wallMs)}`
    },
    memoryFigure('memory idle', ours.idleRssBytes, bare.idleRssBytes),
    memoryFigure('memory after load', loaded.ours, loaded.bare),
    {
      name: 'engine alone',
      value: enginePerSecond,
      unit: '/s',
      target: { atLeast: 20_000 },
      note: 'precheck and evaluation of the example on one core'
    }
  ]
}

function costFigure(costs: Costs, name: Phase | FloorName, target: Figure['target']): Figure {
  const { cpuUs, timesBare, range, requestsPerSecond } = costs.phases[name]
  const [low, high] = range.map((ratio) => ratio.toFixed(2))
  const note = `${Math.round(cpuUs)} us CPU, rounds ${low} to ${high}, ${Math.round(requestsPerSecond)}/s`
  return { name, value: timesBare, unit: 'x bare', target, note }
}

function burstFigure(name: string, burst: Burst): Figure {
  const { timesFree, freeP99Ms, challengeP99Ms, freeWallMs, challengeWallMs } = burst
  const note = `${challengeP99Ms.toFixed(1)} ms against ${freeP99Ms.toFixed(1)}, all in ${Math.round(challengeWallMs)} ms against ${Math.round(freeWallMs)}`
  return { name, value: timesFree, unit: 'x free failure', target: { atMost: 2 }, note }
}

function memoryFigure(name: string, ours: number, bare: number): Figure {
  const note = `RSS ${Math.round(ours / 2 ** 20)} MiB against ${Math.round(bare / 2 ** 20)}`
  return { name, value: ours / bare, unit: 'x bare', target: { atMost: 1.35 }, note }
}
