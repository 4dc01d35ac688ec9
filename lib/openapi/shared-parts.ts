import { isDeepStrictEqual } from 'node:util'

interface Operation {
  parameters?: unknown[]
  responses?: Record<string, unknown>
}

/** The parts of an OpenAPI document that this module reads and rewrites. */
export interface Described {
  tags?: { readonly name: string }[]
  paths?: Record<string, Record<string, unknown>>
  components?: Record<string, Record<string, unknown> | undefined>
}

/** Names of the responses of a status. No schema has any of these names: generators put both in one namespace. */
const RESPONSES: Readonly<Record<string, string>> = {
  400: 'BadRequest',
  402: 'PaymentOffers',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'ContentTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'RateLimited',
  503: 'Unavailable'
}

/**
 * Moves parameters and error responses that several operations share into `components`, under stable names: a
 * parameter's own name, and a status's name. Of several versions under one name the most frequent is the component; the
 * others stay in place.
 */
export function shareParts(document: Described): void {
  const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item) as Operation[])
  document.components ??= {}
  const parameters = new Shared('parameters')
  const responses = new Shared('responses')
  for (const operation of operations) {
    for (const parameter of operation.parameters ?? [])
      parameters.count(pascalCase((parameter as { name: string }).name), parameter)
    for (const [status, response] of Object.entries(operation.responses ?? {}))
      if (RESPONSES[status] !== undefined) responses.count(RESPONSES[status], response)
  }
  for (const operation of operations) {
    if (operation.parameters)
      operation.parameters = operation.parameters.map((parameter) =>
        parameters.reference(pascalCase((parameter as { name: string }).name), parameter)
      )
    for (const [status, response] of Object.entries(operation.responses ?? {}))
      if (RESPONSES[status] !== undefined)
        operation.responses![status] = responses.reference(RESPONSES[status], response)
  }
  document.components.parameters = parameters.components()
  document.components.responses = responses.components()
}

/** Equal parts under one name, with their number of uses. */
class Shared {
  readonly #kind: string
  readonly #versions = new Map<string, { readonly part: unknown; uses: number }[]>()

  constructor(kind: string) {
    this.#kind = kind
  }

  count(name: string, part: unknown): void {
    const versions = this.#versions.get(name) ?? []
    this.#versions.set(name, versions)
    const known = versions.find((version) => isDeepStrictEqual(version.part, part))
    if (known === undefined) versions.push({ part, uses: 1 })
    else known.uses++
  }

  /** A reference to the component, if it equals the part. */
  reference(name: string, part: unknown): unknown {
    const component = this.#component(name)
    return component !== undefined && isDeepStrictEqual(component, part)
      ? { $ref: `#/components/${this.#kind}/${name}` }
      : part
  }

  components(): Record<string, unknown> {
    const named = [...this.#versions.keys()].sort().map((name) => [name, this.#component(name)] as const)
    return Object.fromEntries(named.filter(([, part]) => part !== undefined))
  }

  #component(name: string): unknown {
    const [most] = [...(this.#versions.get(name) ?? [])].sort((one, other) => other.uses - one.uses)
    return most !== undefined && most.uses > 1 ? most.part : undefined
  }
}

function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
