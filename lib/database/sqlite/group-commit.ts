import { commitEvents } from '../database.ts'

/** Work to be done inside a shared transaction. */
interface Pending<T> {
  readonly work: () => T
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

/** What a group needs from its database. */
export interface TransactionRunner {
  begin(): void
  commit(): void
  rollback(error: unknown): void
  /** True where an error is the fault of the row that was being written, and the database is well. */
  isRowFault(error: unknown): boolean
}

/** More than this waiting at once is refused: the disk has stopped keeping up. */
export const MAX_PENDING_COMMITS = 4096

/** So many turns of the event loop a group may grow, then it is written. */
const MAX_TURNS = 8

/**
 * Joins the writes that arrive in one turn of the event loop into one transaction, hence one sync to disk.
 * Each caller is told only after the commit. A failing commit fails all of its group, a row that cannot be written
 * fails alone; nobody is told twice.
 */
export class GroupCommit {
  readonly #runner: TransactionRunner
  #pending: Pending<unknown>[] = []
  #scheduled = false

  constructor(runner: TransactionRunner) {
    this.#runner = runner
  }

  get size(): number {
    return this.#pending.length
  }

  /** @returns what `work` returned, once it is durable; it is called again when another row of its group failed */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (this.#scheduled) return
      this.#scheduled = true
      setImmediate(() => this.#gather(0, MAX_TURNS))
    })
  }

  /** Commits once a turn of the event loop brought nothing new: under load that makes groups of many. */
  #gather(counted: number, turnsLeft: number): void {
    if (this.#pending.length > counted && turnsLeft > 0) {
      const { length } = this.#pending
      setImmediate(() => this.#gather(length, turnsLeft - 1))
    } else this.flush()
  }

  /** Commits what waits, now. */
  flush(): void {
    this.#scheduled = false
    const group = this.#pending
    this.#pending = []
    while (group.length > 0) {
      const results: unknown[] = []
      const beganMs = commitEvents.isHeard ? performance.now() : 0
      try {
        this.#runner.begin()
        for (const { work } of group) results.push(work())
        this.#runner.commit()
      } catch (error) {
        this.#runner.rollback(error)
        // A bad row is taken out and the others go again: nobody's purchase fails with somebody else's.
        const isOneRow = results.length < group.length && this.#runner.isRowFault(error)
        const failed = isOneRow ? group.splice(results.length, 1) : group.splice(0)
        for (const { reject } of failed) reject(error)
        continue
      }
      if (commitEvents.isHeard)
        commitEvents.publish({ size: group.length, seconds: (performance.now() - beganMs) / 1000 })
      for (const [index, { resolve }] of group.entries()) resolve(results[index])
      return
    }
  }
}
