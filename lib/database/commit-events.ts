import { EventChannel } from '../observe/event-channel.ts'

/** A transaction that is on disk. */
export interface CommitEvent {
  /** How many callers' work it holds. */
  readonly size: number
  /** From its beginning to its end. */
  readonly seconds: number
}

export const commitEvents = new EventChannel<CommitEvent>('commit')
