import { hypotheticalExample } from '../../../schemas/listing-examples.ts'
import { codeBlock, codeTabs } from '../html/code.ts'
import { html } from '../html/html.ts'
import type { Guide } from './guide.ts'
import { dollarSample, lightningSamples, type SampleSite } from './samples.ts'

const NOTHING_STORED = html`<p>The workout is <code>hypothetical</code>: it is computed and not stored. A <code>completed</code> workout is stored under <code>athlete_uuid</code>, the key to the records: create a random one (<code>uuidgen</code>) and keep it secret.</p>`

export function curlGuide(samples: SampleSite): Guide {
  const [curl] = lightningSamples(samples, hypotheticalExample)
  return {
    title: 'Buy with curl',
    description: 'From a workout to a paid answer with curl and a Lightning wallet.',
    body: html`<h1>Buy with curl</h1>
<p class="lead">From a workout to a paid answer in three requests, with nothing installed but curl${samples.hasDevelopmentWallet ? html`. This service has a development wallet: the sats are play money` : html` and a Lightning wallet's command line`}.</p>
${codeBlock(curl!.code, 'Buy with curl')}
${NOTHING_STORED}
<h2 id="mistakes">Mistakes are free</h2>
<p>If the workout is invalid, the response lists all its problems, each with a JSON pointer, the allowed values and the nearest names. No payment is requested.</p>
${codeBlock(`curl -sS ${samples.publicUrl}/v1/compute-power -H 'content-type: application/json' -d '{"splits": []}'`, 'A request with problems')}
<h2 id="lost">After a lost connection</h2>
<p>Send the last request again: for a day, the same proof with the same request returns the same bytes, with <code>Idempotent-Replayed: true</code>.</p>`
  }
}

export function l402Guide(samples: SampleSite): Guide {
  return {
    title: 'L402: over Lightning',
    description: 'Tokens, invoices and preimages: how to pay for an answer over Lightning.',
    body: html`<h1>L402: over Lightning</h1>
<p class="lead">A 402 carries a token (a macaroon) and an invoice. Paying the invoice reveals its preimage; token and preimage together are the proof.</p>
${codeTabs('Buy an answer over Lightning', lightningSamples(samples, hypotheticalExample))}
${NOTHING_STORED}
<h2 id="wire">On the wire</h2>
${codeBlock('WWW-Authenticate: L402 macaroon="<base64>", invoice="<bolt11>", version="0", token="<base64>"\nAuthorization: L402 <macaroon>:<preimage as 64 hex digits>', 'L402 headers')}
<p>The body of the 402 contains both as <code>macaroon</code> and <code>invoice</code>, with <code>priceSats</code> and <code>invoice_expires_at</code>. L402 clients such as <code>@getalby/lightning-tools</code> do all of this automatically.</p>
<h2 id="rules">Rules</h2>
<ul>
<li>The token is bound to the method, the path and the content of the body. Member order and white space do not matter.</li>
<li>The invoice expires in ten minutes. The proof is valid for a day after that.</li>
<li>The same proof with the same request returns the same answer again. With another request it buys nothing: a 402 with <code>reason.code</code> <a href="/docs/errors/token_other_request"><code>token_other_request</code></a>.</li>
<li>A response with status 500 or above charges nothing; send the same proof again.</li>
<li>Keep the proof until you have the answer. Never pay a second invoice for the same request before the first proof has been rejected.</li>
</ul>`
  }
}

export function x402Guide(samples: SampleSite): Guide {
  const sample = dollarSample(samples, hypotheticalExample)
  return {
    title: 'x402: in dollars',
    description: 'Signed transfers of a dollar token: how to pay for an answer with x402 version 2.',
    body: html`<h1>x402: in dollars</h1>
<p class="lead">A 402 carries the terms of a transfer. The payer signs it and sends the signature; the money moves after the answer is computed and stored.</p>
<h2 id="sample">With the protocol's client</h2>
${codeBlock(sample.code, 'Buy an answer in dollars')}
${NOTHING_STORED}
<h2 id="rules">Rules</h2>
<ul>
<li>Scheme <code>exact</code> on an EVM network: an EIP-3009 authorization to <code>payTo</code> over exactly <code>amount</code>, in the token's smallest unit.</li>
<li>Terms are in <code>PAYMENT-REQUIRED</code> and in the body as <code>accepts</code>. Send <code>PAYMENT-SIGNATURE</code> within <code>maxTimeoutSeconds</code>.</li>
<li>Send an <code>Idempotency-Key</code>: with it, the same payment or a newly signed one returns the first answer and is not charged twice.</li>
<li>After <a href="/docs/errors/settlement_pending"><code>settlement_pending</code></a> send the <strong>same</strong> payment again. Never sign a new one: you could pay twice.</li>
<li>Without a key the answer is sent on one connection only. Later copies get <a href="/docs/errors/proof_consumed"><code>proof_consumed</code></a>; any key then fetches the stored answer for a day.</li>
</ul>`
  }
}
