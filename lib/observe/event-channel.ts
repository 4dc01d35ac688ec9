import { type Channel, channel } from 'node:diagnostics_channel'

/** Events of one kind for listeners in this process. Without listeners an event costs one comparison. */
export class EventChannel<Event extends object> {
  readonly #channel: Channel

  /** @param name unique in the process */
  constructor(name: string) {
    this.#channel = channel(`power-oracle:${name}`)
  }

  /** Checked before building an expensive event. */
  get isHeard(): boolean {
    return this.#channel.hasSubscribers
  }

  publish(event: Event): void {
    this.#channel.publish(event)
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (event: Event) => void): () => void {
    const onMessage = (event: unknown) => listener(event as Event)
    this.#channel.subscribe(onMessage)
    return () => this.#channel.unsubscribe(onMessage)
  }
}
