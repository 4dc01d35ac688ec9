import { formatUsd } from '../price/usd.ts'
import { problemType } from '../problems/problem.ts'
import { billingEvents } from './billing-events.ts'
import { offersAt } from './price-list.ts'
import {
  type Challenge,
  type ChargeRequest,
  type QuoteRequest,
  type Rail,
  RailUnavailable,
  type Refusal
} from './rail.ts'

/** A complete 402: headers and body bytes. */
export interface Offer {
  /** Names and values alternate. */
  readonly headers: readonly string[]
  readonly body: string
}

/** Only a restart with other settings adds a payment method. */
const UNCONFIGURED_RETRY_SECONDS = 60
const NO_QUOTE = new RailUnavailable(503, 'No payment method is available at present.', 5)

/** No rail makes an offer. */
export class NoRailUp extends Error {
  readonly statusCode: 429 | 503
  readonly retryAfterSeconds: number
  readonly code: string

  constructor(failures: readonly RailUnavailable[]) {
    super(failures.map(({ message }) => message).join(' ') || 'No payment method is configured.')
    this.name = 'NoRailUp'
    this.statusCode = failures.some(({ statusCode }) => statusCode === 429) ? 429 : 503
    const usual = this.statusCode === 429 ? 'too_many_challenges' : 'payment_unavailable'
    this.code = failures.find(({ statusCode }) => statusCode === this.statusCode)?.code ?? usual
    const waits = failures.map(({ retryAfterSeconds }) => retryAfterSeconds)
    this.retryAfterSeconds = waits.length > 0 ? Math.max(...waits) : UNCONFIGURED_RETRY_SECONDS
  }
}

/**
 * The 402 for a request: an offer of every available rail, and the reason for each other one. Returns without a promise
 * if every rail does.
 * @param publicUrl the service's own URL
 * @throws NoRailUp
 */
export function makeOffer(
  rails: readonly Rail[],
  request: ChargeRequest,
  refusal: Refusal | undefined,
  publicUrl: string
): Offer | Promise<Offer> {
  const made: (Challenge | RailUnavailable)[] = []
  const late: Promise<void>[] = []
  for (const [index, rail] of rails.entries()) {
    const result = challengeOf(rail, request, refusal)
    if (result instanceof Promise)
      late.push(
        result.then((challenge) => {
          made[index] = challenge
        })
      )
    else made[index] = result
  }
  const { priceMicroUsd } = request
  const finish = () => assemble(rails, made, priceMicroUsd, refusal, publicUrl)
  return late.length === 0 ? finish() : Promise.all(late).then(finish)
}

/** The header that links to the price of every route. */
export function paymentLink(publicUrl: string): readonly [name: string, value: string] {
  return ['Link', `<${publicUrl}/v1/payment-requirements>; rel="payment"`]
}

const BODY_REQUIRED: Refusal = {
  code: 'body_required',
  detail: 'These are the prices only. Send the workout as application/json to get an offer.'
}

/**
 * The 402 for a request without a body: the price, and no invoice.
 * @param refusal why the proof was rejected
 * @throws NoRailUp if no rail is available
 */
export function makeQuote(
  rails: readonly Rail[],
  request: QuoteRequest,
  refusal: Refusal | undefined,
  publicUrl: string
): Offer {
  const quotes = rails
    .map((rail) => rail.quote(request, refusal))
    .filter(({ headers, members }) => headers.length > 0 || members)
  if (quotes.length === 0) throw new NoRailUp(rails.length === 0 ? [] : [NO_QUOTE])
  const offers = JSON.stringify(offersAt(rails, request.priceMicroUsd))
  const terms = { headers: [paymentLink(publicUrl)], members: `"offers":${offers}` }
  return offerOf([...quotes, terms], request.priceMicroUsd, refusal ?? BODY_REQUIRED, undefined, publicUrl)
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
  refusal: Refusal | undefined,
  publicUrl: string
): Offer {
  const failures: RailUnavailable[] = []
  let unavailable: Record<string, string> | undefined
  const challenges: Challenge[] = []
  for (const [index, result] of results.entries())
    if (result instanceof RailUnavailable) {
      failures.push(result)
      unavailable = { ...unavailable, [rails[index]!.name]: result.message }
    } else challenges.push(result)
  if (billingEvents.isHeard) publishOffers(rails, results)
  if (failures.length === results.length) throw new NoRailUp(failures)
  return offerOf(challenges, priceMicroUsd, refusal, unavailable, publicUrl)
}

function publishOffers(rails: readonly Rail[], results: readonly (Challenge | RailUnavailable)[]): void {
  for (const [index, result] of results.entries()) {
    const { name: rail } = rails[index]!
    billingEvents.publish(
      result instanceof RailUnavailable
        ? { kind: 'not_offered', rail, status: result.statusCode }
        : { kind: 'offered', rail }
    )
  }
}

function offerOf(
  challenges: readonly Challenge[],
  priceMicroUsd: bigint,
  refusal: Refusal | undefined,
  unavailable: Readonly<Record<string, string>> | undefined,
  publicUrl: string
): Offer {
  const headers: string[] = []
  let members = ''
  for (const challenge of challenges) {
    for (const [name, value] of challenge.headers) headers.push(name, value)
    if (challenge.members !== '') members += `,${challenge.members}`
  }
  return { headers, body: offerBody(priceMicroUsd, members, refusal, unavailable, publicUrl) }
}

/** Concatenated by hand for speed: the rails' members are prepared, and only the reason needs escaping. */
function offerBody(
  priceMicroUsd: bigint,
  members: string,
  refusal: Refusal | undefined,
  unavailable: Readonly<Record<string, string>> | undefined,
  publicUrl: string
): string {
  let body = `{"type":"${problemType(publicUrl, CODE)}",${MEMBERS},"price_usd":"${formatUsd(priceMicroUsd)}"`
  if (refusal !== undefined) body += `,"reason":${JSON.stringify({ code: refusal.code, detail: refusal.detail })}`
  if (unavailable !== undefined) body += `,"unavailable":${JSON.stringify(unavailable)}`
  return `${body}${members}}`
}

const CODE = 'payment_required'
const MEMBERS = JSON.stringify({
  title: 'Payment Required',
  status: 402,
  // Clients of the hosted service compare this string.
  detail: 'Payment required',
  code: CODE,
  retryable: true
}).slice(1, -1)
