/**
 * What an agent needs to buy an answer, as llms.txt.
 * @param priceUsd decimal dollars
 * @param exampleBody a body that computes, as JSON
 */
export function llmsText(url: string, priceUsd: string, exampleBody: string): string {
  return `# Power Oracle

> A paid measurement API. Send a workout (movements, loads, reps, times, the athlete's height and mass), get the mechanical work and power in it, each figure with its 1-sigma uncertainty. ${priceUsd} US dollars an answer, over Lightning (L402) or in dollars (x402). No account, no key.

## How to buy

1. POST ${url}/v1/compute-power with content-type application/json. Everything wrong with the request is told now, free, each problem with a JSON pointer, what is allowed and the nearest names.
2. A request that would be computed gets 402. Header WWW-Authenticate holds an L402 macaroon and a BOLT11 invoice. Header PAYMENT-REQUIRED holds the x402 version 2 terms. The body has both.
3. Send the exact same request with Authorization: L402 <macaroon>:<preimage>, or with PAYMENT-SIGNATURE.
4. One payment buys one answer. After a lost connection send the same proof again. On 503 settlement_pending send the same payment again and never sign a new one.

Example body:

${exampleBody}

## Free

- [Movements](${url}/v1/movements): every movement with inputs, units, overrides, sigma and source
- [Price](${url}/v1/payment-requirements): what every paid route costs, on every rail
- [Health](${url}/v1/health): ok, degraded or off for each part
- [OpenAPI 3.1](${url}/openapi.json): every route, header, error and example
- [Docs](${url}/docs): the same for people

## Records

A completed workout is stored. POST ${url}/v1/workouts/{workout_id}/revisions (paid) corrects it, POST ${url}/v1/workouts/{workout_id}/void (free) takes it out. GET ${url}/v1/athletes/{athlete_uuid}/workouts lists, GET ${url}/v1/athletes/{athlete_uuid}/curve gives the power-duration curve. The athlete UUID is the key to the records: choose a random one and keep it secret.
`
}
