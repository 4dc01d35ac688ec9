import { codeBlock } from '../html/code.ts'
import { html } from '../html/html.ts'
import type { Guide } from '../rail-docs.ts'

/** A variable's schema, as this page shows it. */
export interface Setting {
  readonly description?: string
  readonly default?: unknown
}

/** @param settings the schema of each variable, by its name */
export function operatorsGuide(settings: Readonly<Record<string, Setting>>): Guide {
  return {
    title: 'For operators',
    description: 'Running Power Oracle: a first start, production, every setting.',
    body: html`<h1>For operators</h1>
<p class="lead">A first start needs only Node 20 or newer; it uses play money on both rails.</p>
${codeBlock('npm ci\nnpm start', 'First start')}
<h2 id="production">In production</h2>
<p><code>NODE_ENV=production</code> rejects every development component. The service then needs a payment method: an LND node with an invoice-only macaroon, a facilitator or a gas key for dollars, or both. <code>docs/operations.md</code> in the repository explains how to bake the macaroon, which proxy limits are required and how to respond to each alert.</p>
<ul>
<li><code>/livez</code> reports whether the process is alive, <code>/readyz</code> whether it should receive requests.</li>
<li><code>/v1/health</code> has the status of each component: <code>ok</code>, <code>degraded</code> or <code>off</code>.</li>
<li>On <code>SIGTERM</code> the service finishes the paid requests in progress before it stops.</li>
</ul>
<h2 id="security">Security</h2>
<p>Report a vulnerability privately to the operator of the service where you found it, and do not access other people's records. <code>SECURITY.md</code> in the repository states what is trusted and what is not.</p>
<h2 id="settings">Settings</h2>
<p>Environment variables, read once at start. An invalid value stops the start, with one line per problem.</p>
<div class="wide" tabindex="0" role="region" aria-label="Settings"><table><thead><tr><th scope="col">Name</th><th scope="col">Default</th><th scope="col">Value</th></tr></thead><tbody>${Object.entries(
      settings
    ).map(
      ([name, { default: value, description }]) =>
        html`<tr><th scope="row" id="${name}"><code>${name}</code></th><td>${value !== undefined && value !== '' && html`<code>${String(value)}</code>`}</td><td>${description ?? ''}</td></tr>`
    )}</tbody></table></div>`
  }
}
