import { html } from '../html/html.ts'
import type { Site } from '../html/page.ts'
import type { Guide } from '../rail-docs.ts'

export function agentsGuide({ publicUrl }: Site): Guide {
  return {
    title: 'For agents',
    description: 'What an autonomous buyer should read, and the rules that keep it from paying twice.',
    body: html`<h1>For agents</h1>
<p class="lead">One page is enough to buy: <a href="/llms.txt">llms.txt</a>. <a href="/llms-full.txt">llms-full.txt</a> adds every movement and every problem.</p>
<h2 id="read">What to read</h2>
<ul>
<li><a href="/llms.txt"><code>${publicUrl}/llms.txt</code></a>: request members, wallets, expiry, retries and the shape of the answer.</li>
<li><a href="/openapi.json"><code>${publicUrl}/openapi.json</code></a>: OpenAPI 3.1, for generated clients and tools.</li>
<li><a href="/v1/movements"><code>${publicUrl}/v1/movements</code></a>: names, inputs and units; cache it by its <code>ETag</code>.</li>
<li><a href="/v1/payment-requirements"><code>${publicUrl}/v1/payment-requirements</code></a>: the current price of each paid route, on every rail.</li>
<li><a href="/.well-known/api-catalog"><code>${publicUrl}/.well-known/api-catalog</code></a>: links to all of these, for a client that knows only the host.</li>
</ul>
<h2 id="rules">Rules for a buyer</h2>
<ul>
<li>Set a budget. Reject an offer above it, and decode an invoice before paying it.</li>
<li>Store the proof before you send it, and keep it until you have the answer.</li>
<li>Retry with the same proof after a lost connection, a 409 with <code>Retry-After</code> and any 5xx. Pay again only after a 402 that states the reason.</li>
<li>Read <code>code</code>, not <code>detail</code>. <code>errors[].nearest</code> lists the most similar names.</li>
<li>Accept unknown fields, notes and codes: later versions add some.</li>
</ul>
<h2 id="proxies">What the figures mean</h2>
<p>Work is the least positive work against gravity that a valid rep costs. Machines that show watts or calories, sleds, swimming and everything on foot are proxies: their lines have <code>proxy: true</code>, and <code>notes[]</code> says which. Report the uncertainty with each figure: one standard deviation, in the same unit.</p>`
  }
}
