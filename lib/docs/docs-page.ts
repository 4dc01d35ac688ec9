/** The parts of an OpenAPI document that this page reads. */
interface Described {
  readonly info: { readonly title: string; readonly description?: string }
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation | undefined>>>>
  readonly components?: {
    readonly parameters?: Readonly<Record<string, Parameter>>
    readonly responses?: Readonly<Record<string, Response>>
  }
}

type Components = NonNullable<Described['components']>

/** A part of an operation, or a reference to the component that operations share. */
type Shared<Part> = Part | { readonly $ref: string }

interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly security?: readonly unknown[]
  readonly parameters?: readonly Shared<Parameter>[]
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> }
  readonly responses?: Readonly<Record<string, Shared<Response>>>
}

interface Response {
  readonly description?: string
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: { readonly description?: string }
}

const METHODS = ['get', 'post', 'delete']

const STYLE = `
:root { color-scheme: light dark; --line: #8886; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid var(--line); border-radius: .25rem; }
section { border-top: 1px solid var(--line); margin-top: 1.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
.paid { border: 1px solid; border-radius: .25rem; padding: 0 .375rem; font-size: .875rem; }
`

/**
 * One page for people, made from the OpenAPI document, without script or external resources.
 * @param priceUsd decimal dollars
 * @param exampleBody the docs' first example, pretty JSON
 */
export function docsPage(document: unknown, url: string, priceUsd: string, exampleBody: string): string {
  const { info, paths = {}, components = {} } = document as Described
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method]
      return operation === undefined ? [] : [section(method, path, operation, components)]
    })
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(info.title)}</h1>
<p>${escapeHtml(info.description ?? '')}</p>
<p>An answer costs ${escapeHtml(priceUsd)} US dollars. Every problem with a request is reported before payment is requested.</p>
<ol>
<li>Send the request. All its problems are reported at once, at no cost.</li>
<li>A valid request without payment returns <code>402</code> with an offer for each way to pay.</li>
<li>Pay the invoice (L402) or sign the transfer (x402), and send the same request again with the proof of payment.</li>
</ol>
<pre><code>curl -i ${escapeHtml(url)}/v1/compute-power -H 'content-type: application/json' -d '${escapeHtml(exampleBody)}'</code></pre>
<p><a href="/openapi.json">OpenAPI 3.1</a> for generators, <a href="/llms.txt">llms.txt</a> for agents.</p>
${operations.join('\n')}
</body>
</html>
`
}

function section(method: string, path: string, operation: Operation, components: Components): string {
  const isPaid = (operation.security ?? []).length > 0
  const paid = isPaid ? ' <span class="paid">paid</span>' : ''
  const description = operation.description === undefined ? '' : `<p>${escapeHtml(operation.description)}</p>`
  const parameters = (operation.parameters ?? []).map((part) => {
    const { name, in: place, required, description: own, schema } = placed(part, components.parameters)
    return [`${name}${required ? '' : ' (optional)'}`, place, own ?? schema?.description ?? '']
  })
  const answers = Object.entries(operation.responses ?? {}).map(([status, response]) => [
    status,
    placed(response, components.responses).description ?? ''
  ])
  return `<section>
<h2><code>${method.toUpperCase()} ${escapeHtml(path)}</code>${paid}</h2>
<p>${escapeHtml(operation.summary ?? '')}</p>${description}
${table(['parameter', 'in', ''], parameters)}
${table(['status', ''], answers)}
</section>`
}

function placed<Part extends object>(part: Shared<Part>, components: Readonly<Record<string, Part>> = {}): Part {
  return '$ref' in part ? components[part.$ref.split('/').at(-1)!]! : part
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`
  return `<table>${line(head, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
