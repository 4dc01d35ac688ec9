import { type Html, html } from './html.ts'
import type { Site } from './page.ts'

interface Contents {
  readonly title: string
  readonly links: readonly (readonly [href: string, name: string])[]
}

/** Pages of the documentation beside the reference. */
const pagesOf = ({ rails }: Site): readonly Contents[] => [
  {
    title: 'Documentation',
    links: [
      ['/docs', 'API reference'],
      ['/docs/errors', 'Problems'],
      ['/docs/movements', 'Movements'],
      ['/docs/curve', 'The power-duration curve']
    ]
  },
  {
    title: 'Guides',
    links: [
      ['/docs/guides/curl', 'Buy with curl'],
      ...rails.map(({ name, title }) => [`/docs/guides/${name}`, title] as const),
      ['/docs/guides/agents', 'For agents'],
      ['/docs/guides/operators', 'For operators']
    ]
  }
]

/** A page of the documentation: navigation, contents and text. */
export function docsLayout(site: Site, path: string, body: Html, contents: readonly Contents[] = []): Html {
  return html`<div class="columns">
<details class="contents" open>
<summary>Contents</summary>
<search class="search" hidden><label for="search">Search the documentation</label><input id="search" type="search" autocomplete="off" placeholder="thruster, 402, reps…" aria-describedby="search-hint" aria-controls="found"><p id="search-hint">Press / to search.</p><ul id="found" aria-live="polite"></ul></search>
<nav aria-label="Documentation">${[...pagesOf(site), ...contents].map(
    ({ title, links }) =>
      html`<h2>${title}</h2><ul>${links.map(([href, name]) => html`<li><a href="${href}"${href === path && html` aria-current="page"`}>${name}</a></li>`)}</ul>`
  )}</nav>
</details>
<main id="main" class="text" tabindex="-1">
${body}
</main>
</div>`
}
