import type { MovementsDocument } from '../../schemas/movements.ts'
import { AMBIGUOUS_NAMES, EVERYDAY_NAMES } from '../compute/names/everyday-names.ts'
import { UNMEASURED } from '../compute/names/unmeasured.ts'
import { TEMPLATE } from './guides/sample-template.ts'
import { serviceOf } from './guides/samples.ts'
import type { Sample } from './html/code.ts'
import { html } from './html/html.ts'
import { page, type Site } from './html/page.ts'
import type { RailDocs } from './rail-docs.ts'

/** The URL of the form's movement list. */
export const CATALOGUE_PATH = '/try/movements.json'

/**
 * The try page. Its form needs JavaScript; without it the page links to a guide.
 * @param sold the rails that are configured
 */
export function tryPage(site: Site, priceUsd: string, sold: readonly RailDocs[]): string {
  const rails = sold.map((rail) => soldRail(site, rail))
  const body = html`<main id="main" class="try-main" tabindex="-1">
<div class="hero">
<h1>How much work was that workout?</h1>
<p class="lead">Write it as on the whiteboard. Get the work and power of every split, with uncertainties. <strong>$${priceUsd}</strong> an answer, ${sold.length > 0 && html`paid ${sold.map(({ way }) => way).join(' or ')}; `}no account.${rails.some(({ hasDevelopmentWallet }) => hasDevelopmentWallet) && html` <span class="play">This service takes play money.</span>`}</p>
</div>
<div id="try" data-catalogue="${CATALOGUE_PATH}" data-rails="${JSON.stringify(rails)}"><noscript><p>This form needs JavaScript. <a href="/docs/guides/curl">Buying with curl</a> does not.</p></noscript></div>
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

/** A rail as the page's script knows it; the script puts service and workout into the samples. */
export interface SoldRail {
  readonly name: string
  readonly title: string
  /** Whether it has a wallet with play money in the service. */
  readonly hasDevelopmentWallet: boolean
  readonly samples: readonly Sample[]
}

function soldRail(site: Site, rail: RailDocs): SoldRail {
  const { publicUrl, workout } = TEMPLATE
  const service = serviceOf({ ...site, publicUrl }, rail)
  const { name, title, samples } = rail
  return { name, title, hasDevelopmentWallet: service.hasDevelopmentWallet, samples: samples(service, workout) }
}

/** The movements for the form: how to send each, its everyday names, and what other names mean. */
export function tryCatalogue(movements: MovementsDocument): string {
  return JSON.stringify({
    movements: Object.entries(movements).map(([name, { per, inputs, exactly_one_of: oneOf, aliases }]) => ({
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
    })),
    ambiguous: AMBIGUOUS_NAMES,
    unmeasured: [...UNMEASURED]
  })
}
