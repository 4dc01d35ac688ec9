import type { MovementEntry, MovementsDocument } from '../../../schemas/movements.ts'
import { docsLayout } from '../html/docs-layout.ts'
import { type Html, html } from '../html/html.ts'
import { page, type Site } from '../html/page.ts'

/** Every movement with its formula, coefficients, sigma and sources; the page's script adds a filter. */
export function movementsPage(site: Site, movements: MovementsDocument): string {
  const entries = Object.entries(movements)
  const sources = [
    ...new Set(entries.flatMap(([, { coefficients }]) => Object.values(coefficients).flatMap((one) => one.sources)))
  ]
  const body = html`<h1>Movements</h1>
<p class="lead">${entries.length} movements. The work of a rep is the least positive work against gravity that a valid rep costs. <var>H</var> is the body height, <var>g</var> 9.80665 m/s². Uncertainties are one standard deviation; the class, A to D, is their relative size.</p>
<p class="filter" hidden><label for="filter">Find a movement</label> <input id="filter" type="search" autocomplete="off" placeholder="thruster, T2B, row…"> <output id="filtered" for="filter"></output></p>
<div class="wide" tabindex="0" role="region" aria-label="Movements">
<table id="movements"><thead><tr><th scope="col">Movement</th><th scope="col">Inputs</th><th scope="col">Work of one rep, and its coefficients</th></tr></thead>
<tbody>${entries.map(([name, entry]) => row(name, entry, sources))}</tbody></table></div>
<h2 id="sources">Sources</h2>
<ol class="sources">${sources.map((source, index) => html`<li id="source-${index + 1}">${source}</li>`)}</ol>`
  return page(site, {
    path: '/docs/movements',
    title: 'Movements — Power Oracle',
    description: 'Every movement that Power Oracle measures: formula, coefficients, uncertainty and sources.',
    layout: 'docs',
    script: 'docs.js',
    body: docsLayout(site, '/docs/movements', body, [
      {
        title: 'On this page',
        links: [
          ['#movements', 'Movements'],
          ['#sources', 'Sources']
        ]
      }
    ])
  })
}

function row(name: string, entry: MovementEntry, sources: readonly string[]): Html {
  const inputs = Object.entries(entry.inputs)
  return html`<tr id="${name}" data-names="${[name.replaceAll('_', ' '), ...entry.aliases.map((alias) => alias.replaceAll('_', ' '))].join(' | ')}">
<th scope="row"><a class="anchor" href="#${name}"><code>${name}</code></a><br><small>${entry.domain.replaceAll('_', ' ')}, per ${entry.per.replaceAll('_', ' ')}; class ${entry.confidence}${entry.proxy && html`, <a href="/docs/guides/agents#proxies">proxy</a>`}</small>${entry.aliases.length > 0 && html`<br><small>not ${entry.aliases.map((alias, index) => html`${index > 0 && ', '}<code>${alias}</code>`)}</small>`}</th>
<td><ul class="plain">${inputs.map(
    ([input, { required, si_unit, minimum_si, maximum_si, default_si }]) =>
      html`<li><code>${input}</code>${required && html` <span class="required">required</span>`} <small>${minimum_si} to ${maximum_si} ${si_unit}${default_si !== undefined && `, else ${default_si}`}</small></li>`
  )}</ul>${entry.exactly_one_of.length > 0 && html`<small>exactly one of ${entry.exactly_one_of.join(', ')}</small>`}</td>
<td><code class="formula">${breakable(entry.formula)}</code><br><small>${Math.round(entry.example.work.value)} ± ${Math.round(entry.example.work.uncertainty)} J of the reference athlete</small><ul class="plain">${Object.entries(
    entry.coefficients
  ).map(
    ([coefficient, { value, unit, uncertainty, sources: own, note }]) =>
      html`<li><code>${coefficient}</code> ${value} ± ${uncertainty} ${unit}${own.map((source) => {
        const number = sources.indexOf(source) + 1
        return html` <a class="source" href="#source-${number}" aria-label="Source ${number}">[${number}]</a>`
      })}${note !== undefined && html` <small>${note}</small>`}</li>`
  )}</ul></td></tr>`
}

/** A formula may be broken after each of its operators. */
function breakable(formula: string): Html {
  return html`${formula.split(/(?<=[*+(])/).map((part, index) => html`${index > 0 && html`<wbr>`}${part}`)}`
}
