export interface Terms {
  readonly scheme: string
  readonly network: string
  readonly amount: string
  readonly asset: string
  readonly payTo: string
  readonly maxTimeoutSeconds: number
  readonly extra: { readonly name: string; readonly version: string }
}

/** The body of a 402, as much of it as this page reads. */
export interface Offer {
  readonly price_usd: string
  readonly reason?: { readonly code: string; readonly detail: string }
  readonly unavailable?: Readonly<Record<string, string>>
  readonly invoice?: string
  readonly macaroon?: string
  readonly priceSats?: number
  readonly invoice_expires_at?: string
  readonly accepts?: readonly Terms[]
  readonly resource?: unknown
}

export interface Problem {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly type?: string
  readonly errors?: readonly ProblemItem[]
}

export interface ProblemItem {
  readonly pointer: string
  readonly code: string
  readonly detail: string
  readonly nearest?: readonly string[]
}

/** The headers that pay for a request. */
export type Proof = Readonly<Record<string, string>>

export function lightningProof(macaroon: string, preimage: string): Proof {
  return { authorization: `L402 ${macaroon}:${preimage}` }
}

/** 64 hex digits in any case, as wallets show a proof of payment. */
export function isPreimage(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text.trim())
}
