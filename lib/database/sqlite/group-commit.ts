import { commitEvents } from '../database.ts'

/** Work to be done inside a shared transaction. */
interface Pending<T> {
  readonly work: () => T
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

/** The part of a database that a group uses. */
export interface TransactionRunner {
  begin(): void
  commit(): void
  rollback(error: unknown): void
  /** Whether the written row caused an error and the database is healthy. */
  isRowFault(error: unknown): boolean
}

/** The longest queue; above it the disk has stopped keeping up. */
export const MAX_PENDING_COMMITS = 4096

/** The most turns of the event loop for which a group may grow. */
const MAX_TURNS = 8

/**
 * Groups the writes that arrive in one turn of the event loop into one transaction and one sync to disk. Each caller
 * resolves only after the commit. A failed commit fails its whole group, an invalid row fails alone; each caller
 * settles once.
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

  /** @returns what `work` returned, once it is durable; it runs again if another row of its group fails */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (this.#scheduled) return
      this.#scheduled = true
      setImmediate(() => this.#gather(0, MAX_TURNS))
    })
  }

  /** Commits after a turn of the event loop without new writes: under load groups become large. */
  #gather(counted: number, turnsLeft: number): void {
    if (this.#pending.length > counted && turnsLeft > 0) {
      const { length } = this.#pending
      setImmediate(() => this.#gather(length, turnsLeft - 1))
    } else this.flush()
  }

  /** Commits the waiting writes immediately. */
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
        // A bad row is removed and the others run again: no purchase fails because of another.
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
