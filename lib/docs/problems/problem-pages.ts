import { docsLayout } from '../html/docs-layout.ts'
import { type Html, html, prose } from '../html/html.ts'
import { page, type Site } from '../html/page.ts'
import type { RailDocs } from '../rail-docs.ts'
import { ITEM_GUIDES } from './items.ts'
import type { ProblemGuide } from './problem-guide.ts'
import { PROBLEM_GUIDES, REASON_GUIDES } from './problems.ts'

/** Every code, in groups; the reasons of a 402 are those of the rails, too. */
function groupsOf(rails: readonly RailDocs[]) {
  const reasons = [...REASON_GUIDES, ...rails.flatMap((rail) => rail.reasons)]
  return [
    ['problems', 'Problem documents', 'The `code` of an error response, and the page of its `type`.', PROBLEM_GUIDES],
    ['reasons', 'Reasons of a 402', 'Why a proof of payment was rejected: `reason.code` of a 402.', reasons],
    ['items', 'Problems of a request', 'The codes in `errors[]`, each with a JSON pointer to the value.', ITEM_GUIDES]
  ] as const
}

/** The guides of all codes. */
export function problemGuides(rails: readonly RailDocs[]): ProblemGuide[] {
  return groupsOf(rails).flatMap(([, , , guides]) => guides)
}

/** The list of all codes. */
export function problemsPage(site: Site): string {
  const groups = groupsOf(site.rails)
  const body = html`<h1>Problems</h1>
<p class="lead">Errors are RFC 9457 problem documents. <code>code</code> is stable, <code>detail</code> is for people, <code>type</code> is the URL of a page here, and <code>retryable</code> says whether the same request may succeed later. A response with status 500 or above never charges.</p>
${groups.map(
  ([id, title, words, guides]) => html`<h2 id="${id}">${title}</h2><p>${prose(words)}</p>
<table><thead><tr><th scope="col">Code</th>${id === 'problems' && html`<th scope="col">Status</th>`}<th scope="col">Meaning</th></tr></thead><tbody>${guides.map(
    ({ code, statuses, what }) =>
      html`<tr><th scope="row"><a href="/docs/errors/${code}"><code>${breakable(code)}</code></a></th>${id === 'problems' && html`<td>${statuses.join(', ')}</td>`}<td>${prose(what)}</td></tr>`
  )}</tbody></table>`
)}`
  return page(site, {
    path: '/docs/errors',
    title: 'Problems — Power Oracle',
    description: 'Every error code of Power Oracle: what it means, why it occurs and what to do.',
    layout: 'docs',
    script: 'docs.js',
    body: docsLayout(site, '/docs/errors', body, [
      { title: 'On this page', links: groups.map(([id, title]) => [`#${id}`, title] as const) }
    ])
  })
}

/** The page of one code: meaning, cause, remedy. Undefined for an unknown code. */
export function problemPage(site: Site, code: string): string | undefined {
  const guide = problemGuides(site.rails).find((known) => known.code === code)
  if (guide === undefined) return undefined
  const body = html`<p class="crumbs"><a href="/docs/errors">Problems</a></p>
<h1><code>${breakable(code)}</code></h1>
<p class="lead">${prose(guide.what)}</p>
${statusLine(guide)}
<h2>Why</h2><p>${prose(guide.why)}</p>
<h2>What to do</h2><p>${prose(guide.todo)}</p>`
  return page(site, {
    path: `/docs/errors/${code}`,
    title: `${code} — Power Oracle`,
    description: guide.what.replaceAll('`', ''),
    layout: 'docs',
    script: 'docs.js',
    body: docsLayout(site, `/docs/errors`, body)
  })
}

function statusLine({ statuses }: ProblemGuide): Html {
  if (statuses.length === 0) return html``
  return html`<p>${statuses.map((status, index) => html`${index > 0 && ' '}<span class="status s${String(status)[0]!}">${status}</span>`)}</p>`
}

/** Lets a long code break after each word. */
function breakable(code: string): Html {
  return html`${code.split('_').map((word, index) => html`${index > 0 && html`_<wbr>`}${word}`)}`
}
