/** The parts of an OpenAPI document that the reference reads. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation | undefined>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly parameters?: Readonly<Record<string, Parameter>>
    readonly responses?: Readonly<Record<string, Response>>
    readonly headers?: Readonly<Record<string, Header>>
  }
}

/** A part of an operation, or a reference to the component that operations share. */
export type Shared<Part> = Part | { readonly $ref: string; readonly description?: string }

export interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly security?: readonly unknown[]
  readonly parameters?: readonly Shared<Parameter>[]
  readonly requestBody?: { readonly content?: Content }
  readonly responses?: Readonly<Record<string, Shared<Response>>>
}

export interface Response {
  readonly description?: string
  readonly headers?: Readonly<Record<string, Shared<Header>>>
  readonly content?: Content
}

export interface Header {
  readonly description?: string
  readonly required?: boolean
}

export type Content = Readonly<Record<string, { readonly schema?: Schema; readonly example?: unknown }>>

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: Schema
}

export interface Schema {
  readonly $ref?: string
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly maxProperties?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

export interface NamedOperation {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

const METHODS = ['get', 'post', 'put', 'delete']
/** The paid routes come first. */
const TAGS = ['measure', 'records', 'discover', 'develop']

/** Every operation: by tag, in the order of the document within one. */
export function operationsOf({ paths }: OpenApi): NamedOperation[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method]
      return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }]
    })
  )
  const place = ({ operation }: NamedOperation) => TAGS.indexOf(operation.tags?.[0] ?? '')
  return all.sort((one, other) => place(one) - place(other))
}

export function isPaid({ security = [] }: Operation): boolean {
  return security.length > 0
}

/** The last step of a reference: the name of a component. */
export function nameOf($ref: string): string {
  return $ref.slice($ref.lastIndexOf('/') + 1)
}

/** A component's content where something refers to one; a description beside the reference takes precedence. */
export function resolved<Part extends object>(
  part: Shared<Part>,
  components: Readonly<Record<string, Part>> = {}
): Part {
  if (!('$ref' in part) || typeof part.$ref !== 'string') return part as Part
  const { $ref, ...own } = part
  return { ...components[nameOf($ref)]!, ...own }
}

/** Components that several answers share; others are expanded in place. */
export function sharedTypes({ components: { schemas } }: OpenApi): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const schema of Object.values(schemas)) {
    const seen = new Set<string>()
    JSON.stringify(schema, (key, value) => {
      if (key === '$ref') seen.add(nameOf(value))
      return value
    })
    for (const name of seen) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const isObject = (name: string) => schemas[name]?.properties !== undefined
  return new Set(
    [...counts]
      .filter(([name, count]) => count > 1 && isObject(name))
      .map(([name]) => name)
      .sort()
  )
}
