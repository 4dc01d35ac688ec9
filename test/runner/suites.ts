import { availableParallelism } from 'node:os'

/** A set of test files, chosen by folder: a new file joins a suite by where it lies. */
export interface Suite {
  /** Files whose paths begin with one of these. */
  readonly folders: readonly string[]
  /** How many files run at once. */
  readonly jobs: number
  /** Whether files are joined with what they import; it saves most of each start, where there are many. */
  readonly isJoined: boolean
  /** Of one file. */
  readonly limitSeconds?: number
  readonly env?: Readonly<Record<string, string>>
}

const PROCESSORS = availableParallelism()

const SUITES = {
  /** Needs Node alone. Some of its tests wait for time to pass, so there are more jobs than processors. */
  node: { folders: ['test/app/', 'test/commands/', 'test/lib/', 'test/pages/'], jobs: PROCESSORS + 2, isJoined: true },
  /** Needs anvil. A service gives its facilitator two seconds, and one process of these tests is both. */
  chain: { folders: ['test/x402/'], jobs: PROCESSORS, isJoined: true },
  /** Needs Postgres or Redis: the other half of what `onEachEngine` runs, and several instances on one database. */
  servers: {
    folders: [
      'test/app/history/',
      'test/instances/',
      'test/lib/billing/',
      'test/lib/database/',
      'test/lib/ledger/',
      'test/lib/workouts/',
      'test/x402/history/'
    ],
    jobs: PROCESSORS,
    isJoined: true,
    env: { TEST_SERVERS: '1' }
  },
  /** Needs anvil; its other half Postgres. Each file keeps the machine busy. */
  campaign: { folders: ['test/campaign/'], jobs: 1, isJoined: true, limitSeconds: 1800 },
  /** Needs `npm run build`. */
  built: { folders: ['test/built/'], jobs: 1, isJoined: false },
  /** Needs Chromium; without one its tests say that they are left out. */
  browser: { folders: ['test/browser/'], jobs: 1, isJoined: false },
  /** Needs LND and btcd; its files use the same ports. */
  regtest: { folders: ['test/regtest/'], jobs: 1, isJoined: false },
  /** Needs Docker and the images that `ops/images/build.sh` makes. */
  compose: { folders: ['test/compose/'], jobs: 1, isJoined: false, limitSeconds: 1500 }
} as const satisfies Record<string, Suite>

/** @throws Error for a name that no suite has */
export function suiteOf(name: string): Suite {
  const suite = Object.entries(SUITES).find(([key]) => key === name)?.[1]
  if (suite === undefined) throw new Error(`--suite is one of ${Object.keys(SUITES).join(', ')}`)
  return suite
}
