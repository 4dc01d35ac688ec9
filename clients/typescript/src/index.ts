export { type Client, type ClientOptions, type CurveQuery, powerOracle, type WorkoutQuery } from './client.ts'
export {
  AnswerPending,
  PaymentFailed,
  PaymentImpossible,
  PaymentRejected,
  PowerOracleError,
  PriceExceeded,
  ProblemError
} from './errors.ts'
export type * from './schemas.ts'
export type { PaidRequest, Payment, PaymentLimit, PaymentOffer, Wallet } from './wallet.ts'
export { type LightningOptions, lightning, nwc, type PayInvoice, webln } from './wallets/lightning.ts'
export { type Asset, type X402Account, type X402Options, x402 } from './wallets/x402.ts'
