import { CurveHistory } from '../curve/curve-history.ts'
import type { WorkoutStore } from './workout-store.ts'

/** Cached samples, about 5 kB each. The last requested athlete stays cached whatever its size. */
const MAX_WORKOUTS = 20_000

/** An athlete's history as of a version of the records. */
export interface KnownHistory {
  readonly history: CurveHistory
  readonly version: number
  /** Entity tags of the answers at this version, by query. */
  readonly tags: Map<string, string>
}

interface Entry {
  known: KnownHistory | undefined
  /** The running update, shared by concurrent requests. */
  updating: Promise<KnownHistory> | undefined
}

/** Caches histories and updates them from the store: a new workout costs the work of that workout only. */
export class CurveCache {
  readonly #store: Pick<WorkoutStore, 'version' | 'changesSince'>
  /** The last requested one comes last. */
  readonly #entries = new Map<string, Entry>()

  constructor(store: Pick<WorkoutStore, 'version' | 'changesSince'>) {
    this.#store = store
  }

  /** Number of cached athletes. */
  get size(): number {
    return this.#entries.size
  }

  /** @throws DatabaseUnavailable */
  async history(athleteKey: Buffer): Promise<KnownHistory> {
    const key = athleteKey.toString('hex')
    const entry = this.#entries.get(key) ?? { known: undefined, updating: undefined }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    try {
      // A running update may have read before a purchase that this client has seen, so its result is checked again.
      if (entry.updating !== undefined) await entry.updating
      entry.updating ??= this.#update(athleteKey, entry).finally(() => {
        entry.updating = undefined
      })
      return await entry.updating
    } finally {
      // A UUID without records may be a guess: nothing is cached for it, nor after a failed read.
      if ((entry.known?.version ?? 0) === 0 && entry.updating === undefined) this.#entries.delete(key)
      this.#drop()
    }
  }

  async #update(athleteKey: Buffer, entry: Entry): Promise<KnownHistory> {
    const before = entry.known
    if (before !== undefined && (await this.#store.version(athleteKey)) === before.version) return before
    const changes = await this.#store.changesSince(athleteKey, before?.version)
    const history = before === undefined || changes.startsAnew ? new CurveHistory() : before.history
    for (const figures of changes.figures) history.set(figures)
    for (const workoutId of changes.voidedWorkoutIds) history.remove(workoutId)
    entry.known = { history, version: changes.version, tags: new Map() }
    return entry.known
  }

  #drop(): void {
    let workouts = 0
    for (const { known } of this.#entries.values()) workouts += known?.history.size ?? 0
    for (const [key, { known, updating }] of this.#entries) {
      if (workouts <= MAX_WORKOUTS || this.#entries.size === 1) return
      if (updating !== undefined) continue
      workouts -= known?.history.size ?? 0
      this.#entries.delete(key)
    }
  }
}
