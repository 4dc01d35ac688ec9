interface OfferExample {
  readonly title: string
  readonly words: string
  readonly lines: string
  readonly label: string
}

/** A 402 and its retry on each rail, shortened. */
export function offerExamples(): OfferExample[] {
  return [
    {
      title: 'L402: over Lightning',
      words:
        'Pay the BOLT11 invoice with any wallet, and keep the preimage: it proves the payment. The invoice expires in ten minutes; the proof is valid for a day after that.',
      label: 'L402 headers',
      lines: `HTTP/1.1 402 Payment Required
WWW-Authenticate: L402 macaroon="AgEMcG93ZX…", invoice="lnbc1u1p5q…", version="0", token="AgEMcG93ZX…"

POST /v1/compute-power HTTP/1.1
Authorization: L402 AgEMcG93ZX…:6c3a0e9f…`
    },
    {
      title: 'x402: in dollars',
      words:
        'Sign a transfer for one of the terms in `accepts` (EIP-3009). You are not charged before the answer is computed and stored. Also send an `Idempotency-Key`, so that a lost answer can be fetched again.',
      label: 'x402 headers',
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
    }
  ]
}
