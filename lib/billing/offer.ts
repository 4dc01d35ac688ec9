import { formatUsd } from '../price/usd.ts'
import {
  type Challenge,
  type ChargeRequest,
  type Headers,
  type QuoteRequest,
  type Rail,
  RailUnavailable,
  type Refusal
} from './rail.ts'

/** A complete 402: headers and body bytes. */
export interface Offer {
  readonly headers: Headers
  readonly body: string
}

/** No rail can make an offer. */
export class NoRailUp extends Error {
  readonly statusCode: 429 | 503
  readonly retryAfterSeconds: number
  readonly reasons: readonly string[]

  constructor(failures: readonly RailUnavailable[]) {
    super(failures.map(({ message }) => message).join(' ') || 'No way to pay is configured.')
    this.name = 'NoRailUp'
    this.statusCode = failures.some(({ statusCode }) => statusCode === 429) ? 429 : 503
    this.retryAfterSeconds = Math.max(1, ...failures.map(({ retryAfterSeconds }) => retryAfterSeconds))
    this.reasons = failures.map(({ message }) => message)
  }
}

/**
 * The 402 for a request: every rail that is up, and the reason for each that is not.
 * Answers without a promise where every rail does.
 * @throws NoRailUp
 */
export function makeOffer(
  rails: readonly Rail[],
  request: ChargeRequest,
  refusal: Refusal | undefined
): Offer | Promise<Offer> {
  const made = rails.map((rail) => challengeOf(rail, request, refusal))
  if (made.some((result) => result instanceof Promise))
    return Promise.all(made).then((results) => assemble(rails, results, request.priceMicroUsd, refusal))
  return assemble(rails, made as (Challenge | RailUnavailable)[], request.priceMicroUsd, refusal)
}

/** The 402 for a request that has no body yet: what an answer costs, and no invoice. */
export function makeQuote(rails: readonly Rail[], request: QuoteRequest): Offer {
  const quotes = rails.map((rail) => rail.quote(request))
  const refusal = {
    code: 'body_required',
    detail: 'This is the price alone. Send the workout as application/json to get an offer for it.'
  }
  return {
    headers: quotes.flatMap(({ headers }) => headers),
    body: offerBody(request.priceMicroUsd, membersOf(quotes), refusal, undefined)
  }
}

function challengeOf(
  rail: Rail,
  request: ChargeRequest,
  refusal: Refusal | undefined
): Challenge | RailUnavailable | Promise<Challenge | RailUnavailable> {
  try {
    const challenge = rail.challenge(request, refusal)
    return challenge instanceof Promise ? challenge.catch(asUnavailable) : challenge
  } catch (error) {
    return asUnavailable(error)
  }
}

function asUnavailable(error: unknown): RailUnavailable {
  if (error instanceof RailUnavailable) return error
  throw error
}

function assemble(
  rails: readonly Rail[],
  results: readonly (Challenge | RailUnavailable)[],
  priceMicroUsd: bigint,
  refusal: Refusal | undefined
): Offer {
  const failures: RailUnavailable[] = []
  const unavailable: Record<string, string> = {}
  const challenges: Challenge[] = []
  results.forEach((result, index) => {
    if (result instanceof RailUnavailable) {
      failures.push(result)
      unavailable[rails[index]!.name] = result.message
    } else challenges.push(result)
  })
  if (failures.length === results.length) throw new NoRailUp(failures)
  return {
    headers: challenges.flatMap(({ headers }) => headers),
    body: offerBody(priceMicroUsd, membersOf(challenges), refusal, failures.length > 0 ? unavailable : undefined)
  }
}

function membersOf(challenges: readonly Challenge[]): string {
  let members = ''
  for (const challenge of challenges) if (challenge.members !== '') members += `,${challenge.members}`
  return members
}

/** Written by hand: every challenge has this, the rails' members are prepared, and none of it needs escaping but the reason. */
function offerBody(
  priceMicroUsd: bigint,
  members: string,
  refusal: Refusal | undefined,
  unavailable: Readonly<Record<string, string>> | undefined
): string {
  let body = `${BODY_START},"price_usd":"${formatUsd(priceMicroUsd)}"`
  if (refusal !== undefined) body += `,"reason":${JSON.stringify({ code: refusal.code, detail: refusal.detail })}`
  if (unavailable !== undefined) body += `,"unavailable":${JSON.stringify(unavailable)}`
  return `${body}${members}}`
}

const BODY_START = JSON.stringify({
  type: 'urn:power-oracle:problem:payment_required',
  title: 'Payment Required',
  status: 402,
  // The hosted service's clients compare this string.
  detail: 'Payment required',
  code: 'payment_required',
  retryable: true
}).slice(0, -1)
