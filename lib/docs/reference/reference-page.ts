import { hypotheticalExample } from '../../../schemas/listing-examples.ts'
import { samplesOf } from '../guides/samples.ts'
import { codeBlock, codeTabs } from '../html/code.ts'
import { docsLayout } from '../html/docs-layout.ts'
import { type Html, html, prose } from '../html/html.ts'
import { page, type Site } from '../html/page.ts'
import { fieldList } from './fields.ts'
import {
  type Content,
  type Header,
  isPaid,
  type NamedOperation,
  nameOf,
  type OpenApi,
  operationsOf,
  type Parameter,
  type Response,
  resolved,
  type Schema,
  type Shared,
  sharedTypes
} from './openapi-parts.ts'

const TAG_TITLES: Readonly<Record<string, string>> = {
  measure: 'Measure a workout',
  records: "An athlete's records",
  discover: 'Discover',
  develop: 'Development only'
}

/** The reference: every operation with its fields, limits, examples and answers, made from the OpenAPI document. */
export function referencePage(document: OpenApi, site: Site, priceUsd: string): string {
  const operations = operationsOf(document)
  const types = sharedTypes(document)
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? ''))]
  const [what = '', how = '', ...conventions] = (document.info.description ?? '').split(/(?<=\.) /)
  const body = html`<h1>API reference</h1>
<p class="lead">${what} ${how} An answer costs <strong>$${priceUsd}</strong>. Every problem with a request is reported before payment is requested.</p>
<ol class="steps">
<li><strong>Ask.</strong> Send the workout. All its problems are reported at once, free of charge.</li>
<li><strong>Pay.</strong> A valid request without payment gets <code>402</code> with an offer for each payment method.</li>
<li><strong>Ask again.</strong> Send the same request with the proof of payment. One payment buys one answer.</li>
</ol>
<p>${conventions.join(' ')}</p>
${tags.map(
  (tag) =>
    html`<h2 class="group" id="${tag}">${TAG_TITLES[tag] ?? tag}</h2>${operations
      .filter(({ operation }) => (operation.tags?.[0] ?? '') === tag)
      .map((operation) => section(operation, document, types, site))}`
)}
${paymentSection(document, site, types)}
<h2 class="group" id="types">Types</h2>
<p>Objects that occur in several places. Every figure of an answer has a unit and an uncertainty of one standard deviation.</p>
${[...types].map((name) => {
  const schema = document.components.schemas[name]!
  return html`<section class="type-section"><h3 id="type-${name}"><a class="anchor" href="#type-${name}">${name}</a></h3>${schema.description !== undefined && html`<p>${prose(schema.description)}</p>`}${fieldList(schema, document.components.schemas, `type-${name}`, without(types, name))}</section>`
})}`
  const contents = [
    ...tags.map((tag) => ({
      title: TAG_TITLES[tag] ?? tag,
      links: operations
        .filter(({ operation }) => (operation.tags?.[0] ?? '') === tag)
        .map(
          ({ operation, method, path }) =>
            [`#${operation.operationId}`, operation.summary ?? `${method} ${path}`] as const
        )
    })),
    { title: 'Payment', links: [['#payment-required', 'The 402 on each rail']] as const },
    { title: 'Types', links: [...types].map((name) => [`#type-${name}`, name] as const) }
  ]
  return page(site, {
    path: '/docs',
    title: 'API reference — Power Oracle',
    description: 'Every route of Power Oracle with its fields, limits, examples, answers and errors.',
    layout: 'docs',
    script: 'docs.js',
    body: docsLayout(site, '/docs', body, contents)
  })
}

function without(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  return new Set([...names].filter((other) => other !== name))
}

function section(
  { method, path, operation }: NamedOperation,
  document: OpenApi,
  types: ReadonlySet<string>,
  site: Site
): Html {
  const { schemas, parameters: sharedParameters } = document.components
  const { operationId, summary, description, parameters = [], requestBody, responses = {} } = operation
  const body = Object.values(requestBody?.content ?? {})[0]?.schema
  const all = parameters.map((part) => resolved<Parameter>(part, sharedParameters))
  return html`<section class="operation" aria-labelledby="${operationId}">
<h3 id="${operationId}"><a class="anchor" href="#${operationId}"><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></a> <span class="price">${isPaid(operation) ? 'paid' : 'free'}</span></h3>
<p>${summary ?? ''}.${description !== undefined && html` ${prose(description)}`}</p>
${operationId === 'computePower' && html`<h4>Buy it</h4>${site.rails.map((rail) => html`<h5>${rail.title}</h5>${codeTabs(`Buy an answer ${rail.way}`, samplesOf(site, rail, hypotheticalExample))}`)}`}
${body !== undefined && html`<h4>Request body</h4>${fieldList(body, schemas, `${operationId}-request`, new Set())}${example(body, schemas, `Example request of ${operationId}`)}`}
${all.length > 0 && html`<h4>${all.every((one) => one.in === 'header') ? 'Headers' : 'Parameters'}</h4>${parameterList(all, operationId)}`}
<h4>Answers</h4>
${Object.entries(responses).map(([status, part]) => answer(status, part, operationId, document.components, types))}
</section>`
}

function parameterList(parameters: readonly Parameter[], operationId: string): Html {
  const properties = Object.fromEntries(
    parameters.map(({ name, description, schema }) => [
      name,
      { ...schema, ...(description !== undefined && { description }) }
    ])
  )
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name)
  return fieldList({ properties, required }, {}, `${operationId}-parameter`, new Set())
}

function answer(
  status: string,
  part: Shared<Response>,
  operationId: string,
  { schemas, responses, headers: sharedHeaders }: OpenApi['components'],
  types: ReadonlySet<string>
): Html {
  const { description, headers: own = {}, content = {} } = resolved<Response>(part, responses)
  const headers = Object.entries(own).map(([name, header]) => ({ name, ...resolved<Header>(header, sharedHeaders) }))
  const [mediaType, { schema = undefined } = {}] = Object.entries(content as Content)[0] ?? []
  const isGood = status.startsWith('2')
  const summary = html`<summary><span class="status s${status[0]!}">${status}</span> ${prose(description ?? '')}</summary>`
  if (schema === undefined && headers.length === 0)
    return html`<p class="answer">${summary.text.includes('<code>') ? prose(description ?? '') : `${status} ${description ?? ''}`}</p>`
  return html`<details class="answer"${isGood && html` open`}>${summary}
${mediaType !== undefined && html`<p class="media"><code>${mediaType}</code>${!isGood && status !== '402' && html`: a <a href="/docs/errors">problem document</a>`}${status === '402' && html`: see <a href="#payment-required">the 402</a>`}</p>`}
${headers.length > 0 && html`<dl class="fields">${headers.map(({ name, description: words, required }) => html`<div class="field"><dt><code>${name}</code> <span class="type">header</span>${required === true && html` <span class="required">always</span>`}</dt><dd>${prose(words ?? '')}</dd></div>`)}</dl>`}
${isGood && schema !== undefined && html`${fieldList(schema, schemas, `${operationId}-${status}`, types)}${example(schema, schemas, `Example answer of ${operationId}`)}`}
</details>`
}

function example(schema: Schema, schemas: Readonly<Record<string, Schema>>, label: string): Html {
  const node = schema.$ref === undefined ? schema : schemas[nameOf(schema.$ref)]
  const [first] = node?.examples ?? []
  if (first === undefined) return html``
  return html`<details class="example"><summary>Example</summary>${codeBlock(JSON.stringify(first, null, 2), label)}</details>`
}

function paymentSection({ components: { schemas } }: OpenApi, { rails }: Site, types: ReadonlySet<string>): Html {
  const required = schemas.PaymentRequired
  return html`<h2 class="group" id="payment-required">The 402 on each rail</h2>
<p>The answer to a valid request without payment. It contains an offer of every available rail, in headers and in the body; <code>unavailable</code> lists the other rails with the reason.</p>
${rails.map(({ title, example: { words, lines } }) => html`<h3>${title}</h3><p>${prose(words)}</p>${codeBlock(lines, `${title}, headers`)}`)}
<h3>The body</h3>
${required !== undefined && fieldList(required, schemas, 'payment-required', types)}`
}
