import { type Html, html } from './html.ts'

/**
 * Code with a button to copy it, which its script shows.
 * @param label for screen readers
 */
export function codeBlock(code: string, label: string): Html {
  return html`<div class="code"><pre tabindex="0" role="region" aria-label="${label}"><code>${code}</code></pre></div>`
}

export interface Sample {
  readonly language: string
  readonly code: string
}

/** One example in several languages. Without script all are shown, one below the other. */
export function codeTabs(name: string, samples: readonly Sample[]): Html {
  return html`<div class="tabs" data-tabs="${name}">${samples.map(
    ({ language, code }) =>
      html`<section class="tab" data-language="${language}"><p class="language">${language}</p>${codeBlock(code, `${name}: ${language}`)}</section>`
  )}</div>`
}
