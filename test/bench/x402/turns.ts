import { assertAll } from '../bench-client.ts'
import type { ChildServer } from '../child-server.ts'
import { type Cost, type Sample, summarise } from '../cost.ts'
import type { Connections } from '../http-load.ts'
import { type Workouts, workoutRequest } from '../requests.ts'
import { median } from '../statistics.ts'

/** A server and the connections to it. */
export interface Loaded {
  readonly server: ChildServer
  readonly connections: Connections
}

/** One kind of request to one server. */
export interface Subject extends Loaded {
  readonly name: string
  readonly status: number
  /** Makes so many requests, none like another; what this costs the server is not counted. */
  prepare(count: number): Buffer[] | Promise<Buffer[]>
  /** Ends what `prepare` began. */
  finish?(): Promise<unknown>
}

/** How much is measured. */
export interface Size {
  readonly rounds: number
  /** Of each kind in a round. */
  readonly requests: number
  /** Rounds that are not counted: until the compilers rest, a request costs several times as much. */
  readonly warmUps: number
}

/** Rounds of every subject, each between two runs of the bare route: on a shared machine only neighbours compare. */
export async function takeTurns(
  bare: Loaded,
  subjects: readonly Subject[],
  workouts: Workouts,
  { rounds, requests, warmUps }: Size
): Promise<{ bareCpuUs: number; costs: ReadonlyMap<string, Cost> }> {
  const samples = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]))
  for (let round = -warmUps; round < rounds; round++)
    for (const subject of subjects) {
      const prepared = await subject.prepare(requests)
      const before = await run(bare, bareRequests(workouts, requests / 2), 200)
      const { cpuUs, requestsPerSecond } = await run(subject, prepared, subject.status)
      const after = await run(bare, bareRequests(workouts, requests / 2), 200)
      await subject.finish?.()
      const bareCpuUs = (before.cpuUs + after.cpuUs) / 2
      if (round >= 0) samples.get(subject.name)!.push({ cpuUs, bareCpuUs, requestsPerSecond })
    }
  return {
    bareCpuUs: median([...samples.values()].flat().map(({ bareCpuUs }) => bareCpuUs)),
    costs: new Map([...samples].map(([name, taken]) => [name, summarise(taken)]))
  }
}

function bareRequests(workouts: Workouts, count: number): Buffer[] {
  return workouts.take(count).map((body) => workoutRequest(body))
}

async function run({ server, connections }: Loaded, requests: readonly Buffer[], status: number) {
  const before = await server.ask()
  const result = await connections.send(requests)
  const after = await server.ask()
  assertAll(result, status)
  return {
    cpuUs: (after.cpuUs - before.cpuUs) / requests.length,
    requestsPerSecond: (requests.length / result.wallMs) * 1000
  }
}
