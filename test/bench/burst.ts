import type { BenchClient } from './bench-client.ts'
import type { Connections } from './http-load.ts'
import { type Workouts, workoutRequest } from './requests.ts'
import { median, percentile } from './statistics.ts'

export interface Burst {
  readonly freeP99Ms: number
  readonly challengeP99Ms: number
  /** Medians of the rounds' own ratios. */
  readonly timesFree: number
  readonly freeWallMs: number
  readonly challengeWallMs: number
}

/**
 * Thousands of challenges at once against as many free failures at once, over the same connections.
 * @param wallet `here`: the pool is refilled by the development wallet meanwhile; `elsewhere`: as with LND, it is not
 */
export async function measureBurst(
  client: BenchClient,
  connections: Connections,
  workouts: Workouts,
  { rounds, requests, wallet }: { rounds: number; requests: number; wallet: 'here' | 'elsewhere' }
): Promise<Burst> {
  const pairs: { free: number; challenge: number; freeWall: number; challengeWall: number }[] = []
  for (let round = 0; round < rounds; round++) {
    await client.fill(requests)
    const misspelt = workouts.takeMisspelt(requests).map((body) => workoutRequest(body))
    const fresh = workouts.take(requests).map((body) => workoutRequest(body))
    const free = await client.send(misspelt, 400, connections)
    if (wallet === 'elsewhere') await client.server.ask('hold')
    const challenge = await client.send(fresh, 402, connections)
    if (wallet === 'elsewhere') await client.server.ask('release')
    pairs.push({
      free: percentile(free.timesMs, 0.99),
      challenge: percentile(challenge.timesMs, 0.99),
      freeWall: free.wallMs,
      challengeWall: challenge.wallMs
    })
  }
  return {
    freeP99Ms: median(pairs.map(({ free }) => free)),
    challengeP99Ms: median(pairs.map(({ challenge }) => challenge)),
    timesFree: median(pairs.map(({ free, challenge }) => challenge / free)),
    freeWallMs: median(pairs.map(({ freeWall }) => freeWall)),
    challengeWallMs: median(pairs.map(({ challengeWall }) => challengeWall))
  }
}
