import { NOTHING_STORED } from '../../../lib/docs/guides/curl-guide.ts'
import { codeBlock } from '../../../lib/docs/html/code.ts'
import { html } from '../../../lib/docs/html/html.ts'
import { type GuideRow, guidesOf } from '../../../lib/docs/problems/problem-guide.ts'
import type { Guide, RailDocs, SampleService } from '../../../lib/docs/rail-docs.ts'
import { hypotheticalExample } from '../../../schemas/listing-examples.ts'
import { dollarSample } from './samples.ts'

const TITLE = 'x402: in dollars'
const SIGN_AGAIN = 'Sign a payment for the terms of this 402 and send the same request with it. You were not charged.'

const REASONS: readonly GuideRow[] = [
  ['invalid_x402_version', [], 'Only x402 version 2 is accepted.', 'The client uses version 1.', 'Update the client.'],
  ['invalid_scheme', [], 'The payment is not of scheme `exact`.', 'Other schemes are not offered.', SIGN_AGAIN],
  ['unsupported_scheme', [], 'The payment is not of scheme `exact`.', 'Other schemes are not offered.', SIGN_AGAIN],
  ['invalid_network', [], 'The payment is for another network.', '`accepts` names the network.', SIGN_AGAIN],
  [
    'invalid_payment_requirements',
    [],
    'The terms in `accepted` differ from the offer.',
    'The price changed, or a field was modified.',
    SIGN_AGAIN
  ],
  [
    'insufficient_funds',
    [],
    'The payer has insufficient funds.',
    'The balance is below the amount.',
    'Fund the account, then sign again. You were not charged.'
  ],
  [
    'invalid_transaction_state',
    [],
    'The transfer failed on the chain.',
    'It was reverted; nothing was transferred.',
    SIGN_AGAIN
  ],
  [
    'nonce_already_used',
    [],
    'The authorization was already used.',
    'Its nonce is already used on the chain.',
    SIGN_AGAIN
  ],
  [
    'invalid_exact_evm_payload_signature',
    [],
    'The signature is not from the payer.',
    'The domain, the chain or a field differs from the signed one.',
    SIGN_AGAIN
  ],
  [
    'invalid_exact_evm_payload_recipient_mismatch',
    [],
    'The authorization pays another address.',
    '`to` must equal `payTo` of the terms.',
    SIGN_AGAIN
  ],
  [
    'invalid_exact_evm_payload_authorization_value_mismatch',
    [],
    'The authorization pays another amount.',
    '`value` must equal `amount` of the terms.',
    SIGN_AGAIN
  ],
  [
    'invalid_exact_evm_payload_authorization_valid_after',
    [],
    'The authorization is not valid yet.',
    '`validAfter` is in the future.',
    SIGN_AGAIN
  ],
  [
    'invalid_exact_evm_payload_authorization_valid_before',
    [],
    'The authorization expires too soon or too late.',
    '`validBefore` must leave time to compute and settle, and be at most one day ahead.',
    SIGN_AGAIN
  ]
]

function guide(service: SampleService): Guide {
  const sample = dollarSample(service, JSON.stringify(hypotheticalExample, null, 2))
  return {
    title: TITLE,
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

/** What pages, /llms.txt and the OpenAPI document say about x402. */
export const X402_DOCS: RailDocs = {
  name: 'x402',
  title: TITLE,
  way: 'in dollars (x402)',
  guide,
  samples: (service, workout) => [dollarSample(service, workout)],
  example: {
    words:
      'Sign a transfer for one of the terms in `accepts` (EIP-3009). You are not charged before the answer is computed and stored. Also send an `Idempotency-Key`, so that a lost answer can be fetched again.',
    lines: `HTTP/1.1 402 Payment Required
PAYMENT-REQUIRED: <base64 of the JSON below>
{"x402Version":2,"accepts":[{"scheme":"exact","network":"eip155:8453","amount":"100000",
  "asset":"0x833589fcd6edb6e08f4c7c32d4f71b54bda02913","payTo":"0x…","maxTimeoutSeconds":300,
  "extra":{"name":"USD Coin","version":"2"}}],"resource":{…},"extensions":{…}}

POST /v1/compute-power HTTP/1.1
Idempotency-Key: 3f1c7c1e-…
PAYMENT-SIGNATURE: <base64 of {"x402Version":2,"accepted":{…},"payload":{"signature":"0x…","authorization":{…}}}>

HTTP/1.1 200 OK
PAYMENT-RESPONSE: <base64 of {"success":true,"transaction":"0x…","network":"eip155:8453"}>`
  },
  agents: {
    payment:
      'The PAYMENT-REQUIRED header contains the x402 version 2 terms (base64 of JSON); the body repeats them as x402Version, accepts and resource. Sign an EIP-3009 authorization for one of accepts with an EVM key (@x402/fetch, Python x402).',
    proof: 'PAYMENT-SIGNATURE and an Idempotency-Key of your own (x402 version 2)',
    rules: [
      'x402 terms are valid for maxTimeoutSeconds.',
      'x402: with an Idempotency-Key, the same payment or a newly signed one returns the first answer and is not charged twice. After 402 proof_consumed, the same payment and body with any Idempotency-Key fetch the stored answer.',
      'After 503 settlement_pending, send the same payment again. Never sign a new one: you could pay twice.'
    ]
  },
  reasons: guidesOf(REASONS)
}

/** For the terminal of a developer. */
export function x402Welcome(url: string): string[] {
  return [`Dollars are play money (X402=embedded): ${url}/dev/x402 describes the chain and a funded payer.`]
}
