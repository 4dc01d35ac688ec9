import { isDeepStrictEqual } from 'node:util'

interface Operation {
  parameters?: unknown[]
  responses?: Record<string, unknown>
}

interface Response {
  readonly description?: string
  headers?: Record<string, unknown>
  links?: Record<string, unknown>
}

/** The parts of an OpenAPI document that this module reads and rewrites. */
export interface Described {
  tags?: { readonly name: string }[]
  paths?: Record<string, Record<string, unknown>>
  components?: Record<string, Record<string, unknown> | undefined>
}

/** Names of the responses of a status. No schema has any of these names: generators put both in one namespace. */
const RESPONSES: Readonly<Record<string, string>> = {
  304: 'NotModified',
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
/** Prefix of the name of a rejection that also says where the prices are. */
const PAID = 'Paid'

/**
 * Moves parameters, headers, links and responses that several operations share into `components`, under stable names: a
 * parameter's, header's or link's own name, and a status's name. Of several versions under one name the most frequent is
 * the component; the others stay in place. A response that differs only in its description refers to the component and
 * keeps its description beside the reference (OpenAPI 3.1, 4.8.23).
 */
export function shareParts(document: Described): void {
  const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item) as Operation[])
  const parameters = new Shared('parameters')
  const responses = new Shared('responses')
  for (const operation of operations) {
    for (const parameter of operation.parameters ?? []) parameters.count(parameterName(parameter), parameter)
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      publishHeaders(response as Response)
      responses.count(responseName(status, response), response)
    }
  }
  for (const operation of operations) {
    if (operation.parameters)
      operation.parameters = operation.parameters.map((part) => parameters.placed(parameterName(part), part))
    if (operation.responses)
      operation.responses = mapped(operation.responses, (status, part) =>
        responses.placed(responseName(status, part), part)
      )
  }
  const sharedResponses = responses.components()
  const answers = [...operations.map((operation) => operation.responses ?? {}), sharedResponses].flatMap(
    (all) => Object.values(all) as Response[]
  )
  document.components = {
    ...document.components,
    parameters: parameters.components(),
    headers: shareMembers(answers, 'headers'),
    links: shareMembers(answers, 'links'),
    responses: sharedResponses
  }
}

/** Moves the headers or the links that several responses have into components. @returns the components */
function shareMembers(answers: readonly Response[], kind: 'headers' | 'links'): Record<string, unknown> {
  const shared = new Shared(kind)
  for (const { [kind]: members = {} } of answers)
    for (const [name, part] of Object.entries(members)) shared.count(pascalCase(name), part)
  for (const answer of answers) {
    const { [kind]: members } = answer
    if (members !== undefined) answer[kind] = mapped(members, (name, part) => shared.placed(pascalCase(name), part))
  }
  return shared.components()
}

/** Equal parts under one name, with their number of uses. Parts that differ only in their descriptions are equal. */
class Shared {
  readonly #kind: string
  readonly #versions = new Map<string, { readonly part: unknown; uses: number }[]>()

  constructor(kind: string) {
    this.#kind = kind
  }

  /** @param name undefined for a part that is never shared */
  count(name: string | undefined, part: unknown): void {
    if (name === undefined) return
    const versions = this.#versions.get(name) ?? []
    this.#versions.set(name, versions)
    const known = versions.find((version) => isDeepStrictEqual(version.part, part))
    if (known === undefined) versions.push({ part, uses: 1 })
    else known.uses++
  }

  /** A reference to the component, with the part's own description if it has another one; otherwise the part. */
  placed(name: string | undefined, part: unknown): unknown {
    const component = name === undefined ? undefined : this.#component(name)
    if (component === undefined || !isDeepStrictEqual(undescribed(component), undescribed(part))) return part
    const $ref = `#/components/${this.#kind}/${name}`
    const { description } = part as Response
    return description === (component as Response).description ? { $ref } : { $ref, description }
  }

  components(): Record<string, unknown> {
    const named = [...this.#versions.keys()].sort().map((name) => [name, this.#component(name)] as const)
    return Object.fromEntries(named.filter(([, part]) => part !== undefined))
  }

  /** The most frequent version, if it or a version that differs only in its description occurs more than once. */
  #component(name: string): unknown {
    const versions = [...(this.#versions.get(name) ?? [])].sort((one, other) => other.uses - one.uses)
    const [most] = versions
    if (most === undefined) return undefined
    const alike = versions.filter(({ part }) => isDeepStrictEqual(undescribed(part), undescribed(most.part)))
    return alike.length > 1 || most.uses > 1 ? most.part : undefined
  }
}

/** Routes declare a header as a schema; whether it is always present belongs beside the schema. */
function publishHeaders(response: Response): void {
  const headers = Object.entries(response.headers ?? {}).map(([name, header]) => {
    const { schema, ...rest } = header as { readonly schema: { readonly required?: boolean } }
    const { required, ...type } = schema
    return [name, { ...rest, ...(required === true && { required }), schema: type }] as const
  })
  if (headers.length > 0) response.headers = Object.fromEntries(headers)
  else delete response.headers
}

function responseName(status: string, response: unknown): string | undefined {
  const name = RESPONSES[status]
  const { headers = {} } = response as Response
  return name !== undefined && status !== '402' && 'Link' in headers ? PAID + name : name
}

function parameterName(parameter: unknown): string {
  return pascalCase((parameter as { readonly name: string }).name)
}

function undescribed(part: unknown): unknown {
  const { description: _, ...rest } = part as Response
  return rest
}

function mapped<Value>(parts: Readonly<Record<string, Value>>, change: (key: string, part: Value) => unknown) {
  return Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, change(key, part)]))
}

/** `Retry-After` is RetryAfter, and PAYMENT-RESPONSE is PaymentResponse. */
function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => (/^[A-Z]{5,}$/.test(word) ? word.toLowerCase() : word))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
