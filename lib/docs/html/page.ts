import type { RailDocs } from '../rail-docs.ts'
import { type Html, html } from './html.ts'

/** What every page needs: the service's URL, its assets and its rails. */
export interface Site {
  /** Without a trailing slash. */
  readonly publicUrl: string
  /** The path of a stylesheet or script from the root, by its name, such as `site.css`. */
  readonly asset: (name: string) => string
  /** The rails that the pages explain, in the order offered. */
  readonly rails: readonly RailDocs[]
  /** Names of the rails with a development wallet in this process. */
  readonly developmentRails: readonly string[]
}

interface Page {
  /** From the root, such as `/docs`. */
  readonly path: string
  readonly title: string
  readonly description: string
  readonly body: Html
  readonly script: 'docs.js' | 'try.js'
  /** The resource that the script requests first, for a preload. */
  readonly preloaded?: string
  /** Class of the body element, which selects the layout. */
  readonly layout: 'docs' | 'try'
}

const SECTIONS = [
  ['/', 'Try it'],
  ['/docs', 'Reference'],
  ['/docs/movements', 'Movements'],
  ['/docs/guides/curl', 'Guides']
] as const

/** A complete document. It loads nothing from other hosts and works without its script. */
export function page(site: Site, { path, title, description, body, script, preloaded, layout }: Page): string {
  const here = SECTIONS.findLast(([start]) => path === start || (start !== '/' && path.startsWith(start)))?.[0]
  const current = path.startsWith('/docs/guides/') ? '/docs/guides/curl' : here
  const whole = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<link rel="canonical" href="${site.publicUrl}${path}">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${site.asset('site.css')}">
${
  preloaded !== undefined &&
  html`<link rel="preload" href="${preloaded}" as="fetch" crossorigin>
`
}<script type="module" src="${site.asset(script)}"></script>
</head>
<body class="${layout}">
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<a class="brand" href="/"><svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><path class="mark" d="M3 25C9 25 10 7 16 7s5 11 13 11"/><circle class="dot" cx="16" cy="7" r="4"/></svg>Power Oracle</a>
<nav aria-label="Pages">${SECTIONS.map(([href, name]) => html`<a href="${href}"${href === current && html` aria-current="page"`}>${name}</a>`)}</nav>
</header>
${body}
<footer class="foot">
<p><a href="/openapi.json">OpenAPI 3.1</a> <a href="/llms.txt">llms.txt</a> <a href="/v1/movements">Movements as JSON</a> <a href="/v1/payment-requirements">Prices as JSON</a> <a href="/v1/health">Health</a></p>
</footer>
</body>
</html>
`.text
  return belowPrefix(whole, site)
}

/**
 * Pages are written with links from the root. Where a proxy serves the service under the path of its public URL, that
 * path comes before each of them. What a page quotes is escaped, so only its own attributes match.
 */
function belowPrefix(text: string, { publicUrl }: Site): string {
  return text.replace(/(?<=\s(?:href|src|data-catalogue)=")\//g, rootPath(publicUrl))
}

/** The path of the service's root, with a slash at its end: `/`, or `/power/` behind a proxy. */
export function rootPath(publicUrl: string): string {
  return `${new URL(publicUrl).pathname.replace(/\/$/, '')}/`
}
