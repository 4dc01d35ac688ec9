import type { Html } from '../html/html.ts'

/** A page of prose with samples. */
export interface Guide {
  readonly title: string
  readonly description: string
  readonly body: Html
}
