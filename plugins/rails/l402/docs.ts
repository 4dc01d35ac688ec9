import { NOTHING_STORED } from '../../../lib/docs/guides/curl-guide.ts'
import { codeBlock, codeTabs } from '../../../lib/docs/html/code.ts'
import { html } from '../../../lib/docs/html/html.ts'
import { type GuideRow, guidesOf } from '../../../lib/docs/problems/problem-guide.ts'
import type { Guide, RailDocs, SampleService } from '../../../lib/docs/rail-docs.ts'
import { computePowerExample } from '../../../schemas/compute-power.ts'
import { hypotheticalExample } from '../../../schemas/listing-examples.ts'
import { lightningSamples } from './samples.ts'

const TITLE = 'L402: over Lightning'
const FRESH = 'Use the offer of this 402: pay its invoice and send the same request with the new proof.'

const REASONS: readonly GuideRow[] = [
  [
    'token_unreadable',
    [],
    'The L402 proof is unreadable.',
    'It is not `<macaroon>:<preimage>` with a macaroon from this service.',
    FRESH
  ],
  [
    'token_forged',
    [],
    'The macaroon was not issued by this service.',
    'Its signature is invalid, or its key was rotated out.',
    FRESH
  ],
  [
    'token_malformed',
    [],
    'The macaroon lacks a caveat that this service sets.',
    'It was modified, or issued by an older version.',
    FRESH
  ],
  ['token_expired', [], 'The token has expired.', 'A proof works for a day after its invoice expires.', FRESH],
  [
    'token_other_request',
    [],
    'The token was bought for another request.',
    'A token is bound to the method, the path and the body of the offered request.',
    'Send exactly the offered request, or pay the offer of this 402.'
  ],
  [
    'preimage_wrong',
    [],
    'The preimage does not belong to the macaroon.',
    'Its SHA-256 is not the payment hash of the invoice.',
    'Send the preimage that the wallet returned for this invoice, with the macaroon of the same 402.'
  ]
]

function guide(service: SampleService): Guide {
  return {
    title: TITLE,
    description: 'Tokens, invoices and preimages: how to pay for an answer over Lightning.',
    body: html`<h1>L402: over Lightning</h1>
<p class="lead">A 402 carries a token (a macaroon) and an invoice. Paying the invoice reveals its preimage; token and preimage together are the proof.</p>
${codeTabs('Buy an answer over Lightning', lightningSamples(service, JSON.stringify(hypotheticalExample, null, 2)))}
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

/** What pages, /llms.txt and the OpenAPI document say about L402. */
export const L402_DOCS: RailDocs = {
  name: 'l402',
  title: TITLE,
  way: 'over Lightning (L402)',
  guide,
  samples: lightningSamples,
  example: {
    words:
      'Pay the BOLT11 invoice with any wallet, and keep the preimage: it proves the payment. The invoice expires in ten minutes; the proof is valid for a day after that.',
    lines: `HTTP/1.1 402 Payment Required
WWW-Authenticate: L402 macaroon="AgEMcG93ZX…", invoice="lnbc1u1p5q…", version="0", token="AgEMcG93ZX…"

POST /v1/compute-power HTTP/1.1
Authorization: L402 AgEMcG93ZX…:6c3a0e9f…`
  },
  agents: {
    payment:
      'The WWW-Authenticate header contains a macaroon and a BOLT11 invoice; the body repeats them as macaroon and invoice, with priceSats and invoice_expires_at. Pay with any wallet that returns the preimage (lncli payinvoice, a Nostr Wallet Connect client, @getalby/lightning-tools).',
    proof: 'Authorization: L402 <macaroon>:<preimage as 64 hex digits>',
    rules: [
      'An invoice expires in 10 minutes; a paid proof is valid for a day after that.',
      'After a lost connection L402 returns the same bytes again for a day.'
    ]
  },
  reasons: guidesOf(REASONS)
}

/** For the terminal of a developer: what is play money, and commands that buy an answer. */
export function l402Welcome(url: string): string[] {
  return [
    'Invoices are play money (LIGHTNING=embedded). Paste these lines to buy an answer:',
    '',
    `  BODY='${JSON.stringify(computePowerExample)}'`,
    `  CHALLENGE=$(curl -s ${url}/v1/compute-power -H 'content-type: application/json' -d "$BODY")`,
    `  INVOICE=$(node -pe 'JSON.parse(process.argv[1]).invoice' "$CHALLENGE")`,
    `  MACAROON=$(node -pe 'JSON.parse(process.argv[1]).macaroon' "$CHALLENGE")`,
    `  PAID=$(curl -s ${url}/dev/lightning/pay -H 'content-type: application/json' -d "{\\"invoice\\":\\"$INVOICE\\"}")`,
    `  PREIMAGE=$(node -pe 'JSON.parse(process.argv[1]).preimage' "$PAID")`,
    `  curl -s ${url}/v1/compute-power -H 'content-type: application/json' -d "$BODY" -H "Authorization: L402 $MACAROON:$PREIMAGE"`
  ]
}
