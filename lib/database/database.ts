import type { Kysely } from 'kysely'
import type { Versions } from '../workouts/versions.ts'
import type { Script } from './script.ts'
import type { Tables } from './tables.ts'

/** What the query builder is for: reading. Writes are scripts, so that none of them waits inside a transaction. */
export type Queries = Pick<Kysely<Tables>, 'selectFrom' | 'executeQuery'>

/** One engine that keeps payments and workouts. */
export interface Database {
  readonly versions: Versions
  /**
   * Reads, outside any transaction.
   * @throws DatabaseUnavailable
   */
  read<T>(script: () => Script<T>): T | Promise<T>
  /**
   * Runs a script as one transaction, and resolves once it is on disk. The script may be run more than once, the last
   * time counts. Whatever a row is refused for rejects with the engine's own error.
   * @throws DatabaseUnavailable
   */
  transact<T>(script: () => Script<T>): Promise<T>
  /**
   * Asks with the query builder, which is loaded when it is first needed.
   * @throws DatabaseUnavailable
   */
  query<T>(ask: (queries: Queries) => Promise<T>): Promise<T>
  /** True when a write would be taken now. */
  isWritable(): boolean
  close(): Promise<void>
}

/** The database cannot be asked now; it comes back by itself. */
export class DatabaseUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DatabaseUnavailable'
  }
}
