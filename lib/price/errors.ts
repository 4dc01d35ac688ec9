export type PriceErrorCode = 'invalid_usd' | 'invalid_rate' | 'unknown_source' | 'no_agreement' | 'unreachable'

/** An invalid amount, rate or source. The message is safe to log and not meant for clients. */
export class PriceError extends Error {
  override readonly name = 'PriceError'
  readonly code: PriceErrorCode

  constructor(code: PriceErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
