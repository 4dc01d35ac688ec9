import { PriceError } from '../errors.ts'

/** A public quote of one bitcoin in US dollars. `read` takes the parsed answer and throws `PriceError`. */
export interface RateSource {
  readonly name: string
  readonly url: string
  /** Micro-dollars per bitcoin in a parsed JSON answer. */
  read(json: unknown): bigint
}

/** The member of a JSON object, or `undefined` where there is no such object or member. */
export function member(json: unknown, key: string): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, key)
    ? (json as Record<string, unknown>)[key]
    : undefined
}

/** Refuses an answer that names another pair than BTC/USD. */
export function expectPair(ok: boolean): void {
  if (!ok) throw new PriceError('invalid_rate', 'the answer is not a quote of BTC in USD')
}
