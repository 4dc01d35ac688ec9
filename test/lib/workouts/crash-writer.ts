/** A process to be killed: `crash-writer.ts <config as JSON> <name>`. It prints what it was told is on disk, line by line. */
import { writeSync } from 'node:fs'
import { openLedger } from '../../../lib/ledger/open-ledger.ts'
import { openStorage } from '../../../lib/storage/open-storage.ts'
import type { WorkoutRecord } from '../../../lib/workouts/workout-record.ts'
import { WorkoutStore } from '../../../lib/workouts/workout-store.ts'
import { answer, claim, deferred, NOW_MS, record, request } from '../ledger/helpers.ts'

/** What a writer says of a revision once it was told so itself. */
export interface Told {
  readonly what: 'bought' | 'settling' | 'voided'
  readonly proofKey: string
  readonly revisionId: string
}

const ATHLETES = 12

if (process.argv[1] === import.meta.filename) await write(process.argv[2]!, process.argv[3]!)

async function write(config: string, name: string): Promise<void> {
  const database = await openStorage(JSON.parse(config))
  const ledger = openLedger(database, () => NOW_MS)
  const store = new WorkoutStore(database, () => NOW_MS)
  const tell = (reported: Told) => writeSync(1, `${JSON.stringify(reported)}\n`)
  let count = 0

  async function live(athlete: number): Promise<void> {
    const athleteKey = Buffer.alloc(32, `${name}/${athlete}`)
    for (;;) {
      const workoutId = `${name}-w${++count}`
      const revisions: string[] = []
      for (let turn = 0; turn < 4; turn++) {
        const revisionId = `${name}-r${++count}`
        const before = revisions.at(-1)
        const stored: WorkoutRecord = {
          ...record('', { athleteKey, workoutId, revisionId }),
          ...(before !== undefined && { supersedes: { revisionId: before } })
        }
        const isDeferred = Math.random() < 0.5
        const asked = isDeferred ? deferred(revisionId) : request(revisionId)
        const held = await claim(ledger, asked)
        const reported = { proofKey: asked.proofKey, revisionId }
        if (isDeferred) {
          await ledger.beginSettling(held, answer(revisionId), stored)
          tell({ what: 'settling', ...reported })
        }
        await ledger.capture(held, answer(revisionId), stored, isDeferred ? '0x' : undefined)
        tell({ what: 'bought', ...reported })
        revisions.push(revisionId)
      }
      const revisionId = revisions.at(-1)!
      await store.voidWorkout(athleteKey, workoutId, revisionId, undefined)
      tell({ what: 'voided', proofKey: '', revisionId })
    }
  }
  await Promise.all(Array.from({ length: ATHLETES }, (_, athlete) => live(athlete)))
}
