/** A metric that a component reports on demand. */
export interface Measure {
  /** By Prometheus' conventions, without the product's prefix; `_total` marks a counter. */
  readonly name: string
  /** The same for every measure of a name. */
  readonly help: string
  readonly value: number
  /** Constants and settings, never client input. */
  readonly labels?: Readonly<Record<string, string>>
}
