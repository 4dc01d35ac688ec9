import type { Kysely } from 'kysely'
import { EventChannel } from '../observe/event-channel.ts'
import type { Script } from './script.ts'

/** Which database the service uses. */
export type DatabaseConfig =
  /** A file, or `:memory:`. */
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string }

/**
 * What the query builder is for: reading. Writes are scripts, so that none of them waits inside a transaction.
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
  /** How many callers wait for a transaction to begin. */
  readonly waiting: number
  /** Whether a read would succeed now, as far as is known. */
  isReadable(): boolean
  /** True when a write would succeed now, as far as is known; however much is waiting to be written. */
  isWritable(): boolean
  /** False while so much is waiting that more is to be refused. */
  hasRoom(): boolean
  close(): Promise<void>
}

/** The database does not answer now; it recovers without a restart. */
export class DatabaseUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DatabaseUnavailable'
  }
}

/** A transaction that is on disk. */
export interface CommitEvent {
  /** How many callers' work it holds. */
  readonly size: number
  /** From its beginning to its end. */
  readonly seconds: number
}

export const commitEvents = new EventChannel<CommitEvent>('commit')
