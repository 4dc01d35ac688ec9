import type { MovementsDocument } from '../../schemas/movements.ts'
import { EVERYDAY_NAMES } from '../compute/names/everyday-names.ts'
import type { SampleSite } from './guides/samples.ts'
import { html } from './html/html.ts'
import { page, type Site } from './html/page.ts'
import type { RailDocs } from './rail-docs.ts'

/** The URL of the form's movement list. */
export const CATALOGUE_PATH = '/try/movements.json'

/**
 * The try page. Its form needs JavaScript; without it the page links to a guide.
 * @param sold the rails that are configured
 */
export function tryPage(
  site: Site,
  { hasDevelopmentWallet, hasDevelopmentChain }: SampleSite,
  priceUsd: string,
  sold: readonly RailDocs[]
): string {
  const body = html`<main id="main" class="try-main" tabindex="-1">
<div class="hero">
<h1>How much work was that workout?</h1>
<p class="lead">Write it as on the whiteboard. Get the work and power of every split, with uncertainties. <strong>$${priceUsd}</strong> an answer, ${sold.length > 0 && html`paid ${sold.map(({ way }) => way).join(' or ')}; `}no account.${(hasDevelopmentWallet || hasDevelopmentChain) && html` <span class="play">This service takes play money.</span>`}</p>
</div>
<div id="try" data-catalogue="${CATALOGUE_PATH}" data-rails="${JSON.stringify(sold.map(({ name, title }) => ({ name, title })))}" data-development-wallet="${hasDevelopmentWallet ? 'yes' : 'no'}" data-development-chain="${hasDevelopmentChain ? 'yes' : 'no'}"><noscript><p>This form needs JavaScript. <a href="/docs/guides/curl">Buying with curl</a> does not.</p></noscript></div>
</main>`
  return page(site, {
    path: '/',
    title: 'Power Oracle: work and power of a workout',
    description: `Write a workout as on the whiteboard and buy its mechanical work and power for $${priceUsd}, without an account.`,
    layout: 'try',
    script: 'try.js',
    preloaded: CATALOGUE_PATH,
    body
  })
}

/** The movements for the form: how to send each, and its everyday names. */
export function tryCatalogue(movements: MovementsDocument): string {
  return JSON.stringify(
    Object.entries(movements).map(([name, { per, inputs, exactly_one_of: oneOf, aliases }]) => ({
      name,
      per,
      oneOf,
      inputs: Object.entries(inputs).map(([input, { required, allowed_units: units, description }]) => ({
        name: input,
        isRequired: required,
        units,
        hint: description
      })),
      names: [...aliases, ...(EVERYDAY_NAMES[name]?.split(', ') ?? [])]
    }))
  )
}
