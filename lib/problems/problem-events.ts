import { EventChannel } from '../observe/event-channel.ts'

/** A request that was refused or failed, by the stable code that its client reads. */
export interface ProblemEvent {
  readonly code: string
  readonly status: number
}

export const problemEvents = new EventChannel<ProblemEvent>('problem')
