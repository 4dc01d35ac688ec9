/** A figure that a part tells when it is asked. */
export interface Measure {
  /** By Prometheus' conventions, without the product's prefix; one that ends in `_total` only rises. */
  readonly name: string
  /** The same for every measure of a name. */
  readonly help: string
  readonly value: number
  /** Of constants and settings, never of what a client sends. */
  readonly labels?: Readonly<Record<string, string>>
}
