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
  rollback(): void
}

/** More than this waiting at once is refused: the disk has stopped keeping up. */
export const MAX_PENDING_COMMITS = 4096

/**
 * Joins the writes that arrive in one turn of the event loop into one transaction, hence one sync to disk.
 * Each caller is told only after the commit. A failing commit fails all of its group; nobody is told twice.
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

  /** @returns what `work` returned, once it is durable. `work` must not throw for one caller's fault alone. */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (this.#scheduled) return
      this.#scheduled = true
      setImmediate(() => this.flush())
    })
  }

  /** Commits what waits, now. */
  flush(): void {
    this.#scheduled = false
    const group = this.#pending
    if (group.length === 0) return
    this.#pending = []
    const results: unknown[] = []
    try {
      this.#runner.begin()
      for (const { work } of group) results.push(work())
      this.#runner.commit()
    } catch (error) {
      this.#runner.rollback()
      for (const { reject } of group) reject(error)
      return
    }
    for (let index = 0; index < group.length; index++) group[index]!.resolve(results[index])
  }
}
