import type { Kysely } from 'kysely'
import { EventChannel } from '../observe/event-channel.ts'
import type { Script } from './script.ts'

/** Which database the service uses. */
export type DatabaseConfig =
  /** A file, or `:memory:`. */
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string }

/**
 * The query builder, for reads only. Writes are scripts, so that none of them waits inside a transaction.
 * @typeParam Tables the tables that the caller reads; the driver knows none
 */
export type Queries<Tables> = Pick<Kysely<Tables>, 'selectFrom' | 'executeQuery'>

/** One engine, and one schema on it. */
export interface Database {
  /**
   * Reads, outside any transaction.
   * @throws DatabaseUnavailable
   */
  read<T>(script: () => Script<T>): T | Promise<T>
  /**
   * Runs a script as one transaction, and resolves once it is on disk. The script may run more than once; its last run
   * counts. A row that violates a constraint rejects with the engine's own error.
   * @throws DatabaseUnavailable
   */
  transact<T>(script: () => Script<T>): Promise<T>
  /**
   * Reads with the query builder, which is loaded on first use.
   * @throws DatabaseUnavailable
   */
  query<Tables, T>(ask: (queries: Queries<Tables>) => Promise<T>): Promise<T>
  /** Number of callers that wait for a transaction to start. */
  readonly waiting: number
  /** Whether a read would succeed, as far as is known. */
  isReadable(): boolean
  /** Whether a write would succeed, as far as is known, regardless of the queue. */
  isWritable(): boolean
  /** False while the queue is so long that further writes are rejected. */
  hasRoom(): boolean
  close(): Promise<void>
}

/** The database does not respond at present; it recovers without a restart. */
export class DatabaseUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DatabaseUnavailable'
  }
}

/** A transaction that is on disk. */
export interface CommitEvent {
  /** Number of callers whose work it contains. */
  readonly size: number
  /** From start to end. */
  readonly seconds: number
}

export const commitEvents = new EventChannel<CommitEvent>('commit')
