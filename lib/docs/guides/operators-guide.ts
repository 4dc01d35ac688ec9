import { Environment } from '../../../schemas/environment.ts'
import { codeBlock } from '../html/code.ts'
import { html } from '../html/html.ts'
import type { Guide } from './guide.ts'

interface Setting {
  readonly description?: string
  readonly default?: unknown
}

export function operatorsGuide(): Guide {
  const settings = Object.entries(Environment.properties as unknown as Readonly<Record<string, Setting>>)
  return {
    title: 'For operators',
    description: 'Running Power Oracle: a first start, production, every setting.',
    body: html`<h1>For operators</h1>
<p class="lead">Node 20 or newer is enough for a first start, with play money on both rails.</p>
${codeBlock('npm ci\nnpm start', 'A first start')}
<h2 id="production">In production</h2>
<p><code>NODE_ENV=production</code> rejects every development part. Then the service needs a way to be paid: an LND node with an invoice-only macaroon, a facilitator or a gas key for dollars, or both. <code>docs/operations.md</code> in the repository says how to bake the macaroon, which proxy limits are needed and what to do at night.</p>
<ul>
<li><code>/livez</code> tells an orchestrator whether to restart the process, <code>/readyz</code> whether to send it requests.</li>
<li><code>/v1/health</code> has the state of each part: <code>ok</code>, <code>degraded</code> or <code>off</code>.</li>
<li>A stop by <code>SIGTERM</code> finishes the paid requests that are under way.</li>
</ul>
<h2 id="security">Security</h2>
<p>Report a weakness to whoever runs the service that you found it in, in private, and leave other people's records alone. <code>SECURITY.md</code> in the repository says what is trusted and what is not.</p>
<h2 id="settings">Settings</h2>
<p>Environment variables, read once. A mistake stops the start, with one line per problem.</p>
<div class="wide" tabindex="0" role="region" aria-label="Settings"><table><thead><tr><th scope="col">Name</th><th scope="col">Default</th><th scope="col">Takes</th></tr></thead><tbody>${settings.map(
      ([name, { default: value, description }]) =>
        html`<tr><th scope="row" id="${name}"><code>${name}</code></th><td>${value !== undefined && value !== '' && html`<code>${String(value)}</code>`}</td><td>${description ?? ''}</td></tr>`
    )}</tbody></table></div>`
  }
}
