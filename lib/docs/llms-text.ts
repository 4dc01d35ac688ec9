import { computePowerAnswerExample } from '../../schemas/compute-power.ts'
import { hypotheticalExample } from '../../schemas/listing-examples.ts'
import type { MovementEntry, MovementsDocument } from '../../schemas/movements.ts'
import { firstSample } from './guides/samples.ts'
import type { Site } from './html/page.ts'
import { problemGuides } from './problems/problem-pages.ts'
import type { RailDocs } from './rail-docs.ts'

/**
 * Everything that an agent needs to buy an answer, as llms.txt.
 * @param priceUsd decimal dollars
 * @param rails those that the service sells over
 */
export function llmsText(site: Site, priceUsd: string, rails: readonly RailDocs[]): string {
  const { publicUrl: url } = site
  const purchase = firstSample(site, rails, 'curl', hypotheticalExample)
  return `# Power Oracle

> A paid measurement API. Send a workout (movements, loads, reps, times, the athlete's height and mass) and get its mechanical work and power, each figure with its 1-sigma uncertainty. An answer costs ${priceUsd} US dollars, paid per request ${rails.map(({ way }) => way).join(' or ')}. No account and no API key.

## How to buy

1. POST ${url}/v1/compute-power with content-type application/json. Every problem with the request is reported now, at no cost, each with a JSON pointer, the allowed values and the nearest names. To check without requesting an offer, POST the same body to ${url}/v1/validate.
2. A valid request without payment returns 402 with an offer for each payment method, in its headers and in its JSON body.
3. Pay one of the offers:
${rails.map(({ title, agents }) => `   - ${title}. ${agents.payment}`).join('\n')}
4. Send exactly the same request with the proof. The answer is 200 with JSON.
${rails.map(({ title, agents }) => `   - ${title}: with ${agents.proof}.`).join('\n')}

## Expiry and retries

- Keep the proof until you have the answer. One payment buys one answer.
- After a lost connection, a 409 with Retry-After or any 5xx, send the same request with the same proof.
${rails.flatMap(({ agents }) => agents.rules.map((rule) => `- ${rule}`)).join('\n')}
- Pay again only after a 402 whose reason says that the proof is no longer usable. A response with status 500 or above never charges.

## Request body

- athlete_uuid: UUID, the key to the records of completed workouts. Create a random one and keep it secret; with evaluation_context hypothetical nothing is stored and any UUID is accepted.
- evaluation_context: completed (stored; needs performed_date), planned (needs planned_for_date) or hypothetical.
- duration_seconds: elapsed time of the session, at least the sum of active times and rests.
- user: height {value, unit: m, cm, in, ft} or {feet, inches}; body_mass {value, unit: kg, lb}.
- splits: 1 to 200, each with duration_seconds (active time only), optional rest_seconds_after and label, and work.movements, 1 to 50.
- a movement: movement (a registry name of ${url}/v1/movements, such as thruster, pull_up, row, run), reps (required where it is counted per rep), inputs (by name, each {value, unit}: external_load is the total of all implements, travel_distance, calories, box_height…), optional spec_overrides.
- response_units: optional; work J, kJ, kcal or ft_lbf; power W, kW, hp or ft_lbf_per_s.

Unknown fields are rejected. This example is computed and not stored:

${JSON.stringify(hypotheticalExample)}

## Answer

results.session (duration_seconds, active_duration_seconds, rest_duration_seconds, unattributed_duration_seconds, total_work, average_power_elapsed, average_power_active), results.splits[] (index, total_work, average_power, attribution, movements[] with work), results.summary (peak, minimum, mean, dropoff, consistency), results.movement_rollups[], notes[] {code, message}, model {version, catalogue_digest}; a completed workout also has workout_id and revision_id. Every figure is {value, unit, uncertainty}:

${JSON.stringify(computePowerAnswerExample.results.session)}

${
  purchase === undefined
    ? ''
    : `## A complete purchase

\`\`\`${purchase.language === 'curl' ? 'sh' : purchase.language.toLowerCase()}
${purchase.code}\`\`\`

`
}## Errors

RFC 9457 problem documents: code is stable, detail is for people, type is a page with the remedy, retryable says whether the same request may succeed later, errors[] lists every problem {pointer, code, detail, given, allowed, nearest}. 400, 413, 415, 422: correct the request, nothing was charged. 402: pay, or read reason. 409: wait for Retry-After, or the workout changed. 429, 503: wait for Retry-After.

## Records

A completed workout is stored. POST ${url}/v1/workouts/{workout_id}/revisions (paid) corrects it, POST ${url}/v1/workouts/{workout_id}/void (free) stops it from counting. GET ${url}/v1/athletes/{athlete_uuid}/workouts lists the workouts, GET ${url}/v1/athletes/{athlete_uuid}/curve returns the power-duration curve.

## Free

- POST ${url}/v1/validate: checks a workout as compute-power does and returns its problems, or its price, its notes and a possible duplicate; creates no invoice
- [Movements](${url}/v1/movements): every movement with inputs, units, overrides, sigma and source
- [Price](${url}/v1/payment-requirements): the price of every paid route, on every rail
- [Health](${url}/v1/health): ok, degraded or off for each component
- [OpenAPI 3.1](${url}/openapi.json): every route, header, error and example
- [Docs](${url}/docs): the reference for people
- [llms-full.txt](${url}/llms-full.txt): this page, and every movement and problem
`
}

/** llms.txt with every movement and every problem. */
export function llmsFullText(
  site: Site,
  priceUsd: string,
  rails: readonly RailDocs[],
  movements: MovementsDocument
): string {
  const problems = problemGuides(rails)
  return `${llmsText(site, priceUsd, rails)}
## Movements

Name: what a rep is; inputs (those with * are required) with their range; other names, which are rejected with the registry name.

${Object.entries(movements).map(movementLine).join('\n')}

## Problems

${problems.map(({ code, statuses, what, todo }) => `- ${code}${statuses.length > 0 ? ` (${statuses.join(', ')})` : ''}: ${what} ${todo}`).join('\n')}
`
}

function movementLine([name, { per, inputs, exactly_one_of: oneOf, aliases }]: [string, MovementEntry]): string {
  const words = Object.entries(inputs).map(
    ([input, { required, minimum_si, maximum_si, si_unit }]) =>
      `${input}${required ? '*' : ''} ${minimum_si} to ${maximum_si} ${si_unit}`
  )
  const choice = oneOf.length > 0 ? `; exactly one of ${oneOf.join(', ')}` : ''
  return `- ${name}: per ${per}; ${words.join(', ') || 'no inputs'}${choice}${aliases.length > 0 ? `; also ${aliases.join(', ')}` : ''}`
}
