/** Checks of the answers of a scenario. */
import { decodePaymentResponseHeader } from '@x402/core/http'
import type { Test } from 'tap'
import { type Answer, inBodyOf } from './client.ts'
import type { X402Service } from './scenario.ts'

/** A 402 with both rails, its body like its headers, and the reason where a proof came with the request. */
export function isOffer(t: Test, answer: Answer, code?: string): void {
  t.equal(answer.status, 402, answer.text.slice(0, 200))
  t.match(answer.headers.get('www-authenticate'), /^L402 macaroon="/, 'the offer over Lightning')
  t.equal(answer.headers.get('cache-control'), 'no-store')
  const body = JSON.parse(answer.text)
  t.equal(body.detail, 'Payment required')
  t.match(body, inBodyOf(answer), 'the body mirrors the header')
  t.equal(body.reason?.code, code)
}

/** A problem document with this status and code; retryable ones have `Retry-After`. */
export function isProblem(t: Test, answer: Answer, status: number, code: string): void {
  t.strictSame([answer.status, JSON.parse(answer.text).code], [status, code], answer.text.slice(0, 200))
  t.equal(answer.headers.get('payment-required'), null, 'no offer: a client would sign again')
  t.equal(answer.headers.get('www-authenticate'), null)
  if (status === 503) t.ok(Number(answer.headers.get('retry-after')) >= 1, 'Retry-After')
}

/** A copy whose answer is sent on another connection: it must retry and gets no offer. */
export function isRunning(t: Test, answer: Answer): void {
  isProblem(t, answer, 409, 'request_running')
  t.ok(Number(answer.headers.get('retry-after')) >= 1, 'Retry-After')
}

/** An answer with its receipt, marked as a replay or not. */
export async function isSold(t: Test, answer: Answer, { chain }: X402Service, isReplay = false): Promise<void> {
  t.equal(answer.status, 200, answer.text.slice(0, 300))
  t.equal(answer.headers.get('idempotent-replayed'), isReplay ? 'true' : null)
  const receipt = decodePaymentResponseHeader(answer.headers.get('payment-response') ?? '')
  t.match(receipt, { success: true, network: chain.embedded.network, payer: /^0x[0-9a-f]{40}$/ })
  const mined = await chain.rpc('eth_getTransactionReceipt', receipt.transaction)
  t.match(mined, { status: '0x1' }, 'its receipt names a transaction that was mined')
}
