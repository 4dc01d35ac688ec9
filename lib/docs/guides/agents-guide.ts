import { html } from '../html/html.ts'
import type { Guide } from './guide.ts'
import type { SampleSite } from './samples.ts'

export function agentsGuide({ publicUrl }: SampleSite): Guide {
  return {
    title: 'For agents',
    description: 'What a program that buys by itself should read, in which order, and what it should never do.',
    body: html`<h1>For agents</h1>
<p class="lead">A program needs one page to buy: <a href="/llms.txt">llms.txt</a>. <a href="/llms-full.txt">llms-full.txt</a> adds every movement and every problem.</p>
<h2 id="read">What to read</h2>
<ul>
<li><a href="/llms.txt"><code>${publicUrl}/llms.txt</code></a>: members of the body, wallets, expiry, retries, the answer's shape.</li>
<li><a href="/openapi.json"><code>${publicUrl}/openapi.json</code></a>: OpenAPI 3.1, for generated clients and tools.</li>
<li><a href="/v1/movements"><code>${publicUrl}/v1/movements</code></a>: names, inputs and units; cache it by its <code>ETag</code>.</li>
<li><a href="/v1/payment-requirements"><code>${publicUrl}/v1/payment-requirements</code></a>: what each paid route costs now, on every rail.</li>
<li><a href="/.well-known/api-catalog"><code>${publicUrl}/.well-known/api-catalog</code></a>: all of these, for a program that knows only the host.</li>
</ul>
<h2 id="rules">Rules for a buyer</h2>
<ul>
<li>Set a budget. Refuse an offer above it, and decode an invoice before paying it.</li>
<li>Write the proof down before you send it, and keep it until you hold the answer.</li>
<li>Retry with the same proof after a lost connection, a 409 with <code>Retry-After</code> and any 5xx. Pay again only after a 402 that says why.</li>
<li>Read <code>code</code>, not <code>detail</code>. <code>errors[].nearest</code> has the names that were probably meant.</li>
<li>Accept unknown fields, unknown notes and unknown codes: answers grow.</li>
</ul>
<h2 id="proxies">What the figures mean</h2>
<p>Work is the least positive work against gravity that a valid rep costs. Machines that show watts or calories, sleds, swimming and everything on foot are proxies: their lines have <code>proxy: true</code>, and <code>notes[]</code> says which. Never add an uncertainty away: it is one standard deviation, in the same unit.</p>`
  }
}
