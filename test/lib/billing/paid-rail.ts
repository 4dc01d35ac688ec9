import { type ChargeRequest, type Rail, RailUnavailable } from '../../../lib/billing/rail.ts'

export const NOW_MS = 1_800_000_000_000
export const REQUEST: ChargeRequest = {
  method: 'POST',
  path: '/v1/compute-power',
  route: '/v1/compute-power',
  fingerprint: 'ab'.repeat(32),
  priceMicroUsd: 100_000n,
  clientAddress: '192.0.2.1',
  headers: {},
  nowMs: NOW_MS
}
/** A rail that is down. */
export const down = (statusCode: 429 | 503, message: string, retryAfterSeconds: number) => () => {
  throw new RailUnavailable(statusCode, message, retryAfterSeconds)
}

/** A rail that is paid before it is asked: its proofs are what they pay for, and each member can be replaced. */
export function makeRail(name: string, change: Partial<Rail> = {}): Rail {
  return {
    name,
    proofHeader: `X-${name}-Proof`,
    otherRequestStatus: 402,
    findProof: () => undefined,
    challenge: () => ({ headers: [[`X-${name}`, 'pay']], members: `"${name}":"pay"` }),
    quote: () => ({ headers: [[`X-${name}-price`, '1']], members: `"${name}_price":1` }),
    terms: () => undefined,
    authorise: (proof) => ({
      kind: 'authorised',
      authorisation: { proofKey: `${name}:${proof}`, amountAtomic: 7n, asset: 'msat', answerKeptUntilMs: NOW_MS + 1000 }
    }),
    state: () => ({ status: 'ok' }),
    ...change
  }
}
