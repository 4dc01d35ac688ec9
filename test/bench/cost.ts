import { assertAll, type BenchClient } from './bench-client.ts'
import type { ChildServer } from './child-server.ts'
import type { Connections, LoadResult } from './http-load.ts'
import { type Workouts, workoutRequest } from './requests.ts'
import { median } from './statistics.ts'

export const PHASES = ['free failure', 'challenge from the pool', 'paid, new', 'paid, replay'] as const
export type Phase = (typeof PHASES)[number]

/** The least that a phase can cost on this machine, measured beside it. */
export const FLOORS = [
  'challenge from the pool: floor',
  'paid, new: floor',
  'paid, new: floor with all its rows'
] as const
export type FloorName = (typeof FLOORS)[number]

/** CPU microseconds a request, and how many times the bare route's. */
export interface Cost {
  readonly cpuUs: number
  readonly timesBare: number
  /** Lowest and highest of the rounds. */
  readonly range: readonly [number, number]
  readonly requestsPerSecond: number
}

export interface Bare {
  readonly server: ChildServer
  readonly connections: Connections
}

/** A floor's server, and what it answers. */
export interface MeasuredFloor extends Bare {
  readonly status: number
}

export interface Costs {
  readonly bareCpuUs: number
  readonly phases: Readonly<Record<Phase | FloorName, Cost>>
}

export interface Sample {
  readonly cpuUs: number
  readonly bareCpuUs: number
  readonly requestsPerSecond: number
}

/**
 * Rounds of every phase, each between two runs of the bare route: on a shared machine only neighbours compare.
 * The first rounds warm the compilers up and are not counted.
 */
export async function measureCosts(
  bare: Bare,
  floors: Readonly<Record<FloorName, MeasuredFloor>>,
  client: BenchClient,
  workouts: Workouts,
  { rounds, warmUps, requests }: { rounds: number; warmUps: number; requests: number }
): Promise<Costs> {
  const names = [...PHASES, ...FLOORS]
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Phase | FloorName, Sample[]>
  for (let round = -warmUps; round < rounds; round++) {
    const compare = async (phase: Phase | FloorName, send: () => Promise<LoadResult>, server = client.server) => {
      const before = await bareCost(bare, workouts, requests / 2)
      const { cpuUs, result } = await costOf(server, requests, send)
      const after = await bareCost(bare, workouts, requests / 2)
      if (round < 0) return
      const requestsPerSecond = (requests / result.wallMs) * 1000
      samples[phase].push({ cpuUs, bareCpuUs: (before + after) / 2, requestsPerSecond })
    }
    const misspelt = workouts.takeMisspelt(requests).map((body) => workoutRequest(body))
    await compare('free failure', () => client.send(misspelt, 400))

    await client.fill(requests)
    const fresh = workouts.take(requests).map((body) => workoutRequest(body))
    await client.server.ask('hold')
    await compare('challenge from the pool', () => client.send(fresh, 402))
    await client.server.ask('release')

    const proofs = await client.buy(requests)
    await compare('paid, new', () => client.send(proofs, 200))
    await compare('paid, replay', () => client.send(proofs, 200))

    for (const name of FLOORS) {
      const { server, connections, status } = floors[name]
      const bodies = workouts.take(requests).map((body) => workoutRequest(body))
      const send = async () => {
        const result = await connections.send(bodies)
        assertAll(result, status)
        return result
      }
      await compare(name, send, server)
    }
  }
  const all = names.flatMap((name) => samples[name])
  return {
    bareCpuUs: median(all.map(({ bareCpuUs }) => bareCpuUs)),
    phases: Object.fromEntries(names.map((name) => [name, summarise(samples[name])])) as Costs['phases']
  }
}

/** The middle of what the rounds measured. */
export function summarise(samples: readonly Sample[]): Cost {
  const ratios = samples.map(({ cpuUs, bareCpuUs }) => cpuUs / bareCpuUs)
  return {
    cpuUs: median(samples.map(({ cpuUs }) => cpuUs)),
    timesBare: median(ratios),
    range: [Math.min(...ratios), Math.max(...ratios)],
    requestsPerSecond: median(samples.map(({ requestsPerSecond }) => requestsPerSecond))
  }
}

async function bareCost({ server, connections }: Bare, workouts: Workouts, count: number): Promise<number> {
  const requests = workouts.take(count).map((body) => workoutRequest(body))
  const { cpuUs, result } = await costOf(server, count, () => connections.send(requests))
  assertAll(result, 200)
  return cpuUs
}

async function costOf(
  server: ChildServer,
  count: number,
  send: () => Promise<LoadResult>
): Promise<{ cpuUs: number; result: LoadResult }> {
  const before = await server.ask()
  const result = await send()
  const after = await server.ask()
  return { cpuUs: (after.cpuUs - before.cpuUs) / count, result }
}
