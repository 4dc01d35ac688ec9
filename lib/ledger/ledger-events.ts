import { EventChannel } from '../observe/event-channel.ts'

/** Money that was taken, once it is written down. */
export interface TakenEvent {
  readonly rail: string
  readonly asset: string
  /** In the asset's smallest unit. */
  readonly amountAtomic: bigint
}

export const takenEvents = new EventChannel<TakenEvent>('taken')
