/**
 * Everything an agent needs to buy an answer, as llms.txt.
 * @param priceUsd decimal dollars
 * @param exampleBody a body that computes, as JSON
 */
export function llmsText(url: string, priceUsd: string, exampleBody: string): string {
  return `# Power Oracle

> A paid measurement API. Send a workout (movements, loads, reps, times, the athlete's height and mass), get its mechanical work and power, each figure with its 1-sigma uncertainty. An answer costs ${priceUsd} US dollars, paid over Lightning (L402) or in dollars (x402). No account and no API key.

## How to buy

1. POST ${url}/v1/compute-power with content-type application/json. Every problem with the request is reported now, at no cost, each with a JSON pointer, the allowed values and the nearest names.
2. A valid request without payment returns 402. Its WWW-Authenticate header contains an L402 macaroon and a BOLT11 invoice, its PAYMENT-REQUIRED header the x402 version 2 terms. The body contains both.
3. Send the exact same request with Authorization: L402 <macaroon>:<preimage>, or with PAYMENT-SIGNATURE.
4. One payment buys one answer. After a lost connection, send the same proof again; an x402 payment that gets 402 proof_consumed fetches its answer with the same body and any Idempotency-Key. After 503 settlement_pending, send the same payment again; do not sign a new one.

Example body:

${exampleBody}

## Free

- [Movements](${url}/v1/movements): every movement with inputs, units, overrides, sigma and source
- [Price](${url}/v1/payment-requirements): the price of every paid route, on every rail
- [Health](${url}/v1/health): ok, degraded or off for each component
- [OpenAPI 3.1](${url}/openapi.json): every route, header, error and example
- [Docs](${url}/docs): the reference for people

## Records

A completed workout is stored. POST ${url}/v1/workouts/{workout_id}/revisions (paid) corrects it, POST ${url}/v1/workouts/{workout_id}/void (free) stops it from counting. GET ${url}/v1/athletes/{athlete_uuid}/workouts lists the workouts, GET ${url}/v1/athletes/{athlete_uuid}/curve returns the power-duration curve. The athlete UUID is the key to the records: choose a random one and keep it secret.
`
}
