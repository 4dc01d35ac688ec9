import { hypotheticalExample } from '../../../schemas/listing-examples.ts'
import { codeBlock, type Sample } from '../html/code.ts'
import { html } from '../html/html.ts'
import type { Site } from '../html/page.ts'
import type { Guide } from '../rail-docs.ts'
import { samplesOf } from './samples.ts'

/** Below every sample: what becomes of its workout. */
export const NOTHING_STORED = html`<p>The workout is <code>hypothetical</code>: it is computed and not stored. A <code>completed</code> workout is stored under <code>athlete_uuid</code>, the key to the records: create a random one (<code>uuidgen</code>) and keep it secret.</p>`

/** A purchase over each rail that curl can pay over. */
export function curlGuide(site: Site): Guide {
  const purchases = site.rails.flatMap((rail) => samplesOf(site, rail, hypotheticalExample).filter(isCurl))
  return {
    title: 'Buy with curl',
    description: "From a workout to a paid answer with curl and a wallet's command line.",
    body: html`<h1>Buy with curl</h1>
<p class="lead">From a workout to a paid answer in three requests, with nothing installed but curl and a wallet's command line.${site.developmentRails.length > 0 && html` This service has development wallets: it takes play money.`}</p>
${purchases.map(({ code }) => codeBlock(code, 'Buy with curl'))}
${NOTHING_STORED}
<h2 id="mistakes">Mistakes are free</h2>
<p>If the workout is invalid, the response lists all its problems, each with a JSON pointer, the allowed values and the nearest names. No payment is requested.</p>
${codeBlock(`curl -sS ${site.publicUrl}/v1/compute-power -H 'content-type: application/json' -d '{"splits": []}'`, 'A request with problems')}
<h2 id="lost">After a lost connection</h2>
<p>Send the last request again: for a day, the same proof with the same request returns the same bytes, with <code>Idempotent-Replayed: true</code>.</p>`
  }
}

function isCurl({ language }: Sample): boolean {
  return language === 'curl'
}
