import { isDeepStrictEqual } from 'node:util'
import { JsonObject, NAMING_KEYWORDS, named } from '../../schemas/naming.ts'

type Node = Readonly<Record<string, unknown>>

/** Whether a client sends or receives a value: requests are closed, answers stay open for later versions. */
export type Direction = 'request' | 'answer'

/** How a schema with a title appears where it is used. */
type Place = (title: string, content: Node, usage: unknown) => Node

/** Keywords that control a schema's publication and are not part of it (schemas/naming.ts). */
const STEERING = new Set(NAMING_KEYWORDS)
/** Keywords whose values are data, not schemas. */
const DATA = new Set(['const', 'default', 'enum', 'examples', 'required'])
/** TypeBox's pattern of a map with any keys. */
const ANY_KEY = '^(.*)$'

/**
 * The named schemas of an OpenAPI document. A schema with a `title` becomes a component of that name at its first use
 * and a reference everywhere; two different schemas with one name are a programming error.
 */
export class Components {
  readonly schemas: Record<string, Node> = {}

  /** A route's schema as published: named parts are references, and an answer admits further members. */
  published(schema: unknown, direction: Direction): unknown {
    return published(schema, direction, (title, content, usage) => {
      const known = this.schemas[title]
      if (known === undefined) this.schemas[title] = content
      else if (!isDeepStrictEqual(known, content)) throw new Error(`two different schemas are named ${title}`)
      return { $ref: `#/components/schemas/${title}`, ...(usage !== undefined && { description: usage }) }
    })
  }
}

/** A schema published outside an OpenAPI document: complete, without references. */
export function inlineSchema(schema: object, direction: Direction): Record<string, unknown> {
  const place: Place = (_title, content, usage) => (usage === undefined ? content : { ...content, description: usage })
  return published(schema, direction, place) as Record<string, unknown>
}

function published(schema: unknown, direction: Direction, place: Place): unknown {
  if (Array.isArray(schema)) return schema.map((member) => published(member, direction, place))
  if (!isNode(schema)) return schema
  const { title, usage, opaque, description } = schema
  if (opaque === true) return published(named(JsonObject, String(description)), direction, place)
  const content = contentOf(schema, direction, place)
  return typeof title === 'string' ? place(title, content, usage) : content
}

function contentOf(schema: Node, direction: Direction, place: Place): Node {
  const content: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (STEERING.has(keyword)) continue
    if (keyword === 'additionalProperties' && value === false && direction === 'answer') continue
    if (keyword === 'properties') {
      const members = Object.entries(value as Node)
      content.properties = Object.fromEntries(
        members.map(([name, member]) => [name, published(member, direction, place)])
      )
    } else if (keyword === 'patternProperties' && ANY_KEY in (value as Node)) {
      content.additionalProperties = published((value as Node)[ANY_KEY], direction, place)
    } else content[keyword] = DATA.has(keyword) ? value : published(value, direction, place)
  }
  return schema.open === undefined ? literal(exclusive(content)) : opened(content, schema.open === 'here')
}

/** The alternatives of a union without null: TypeBox writes a union as `anyOf`, which some generators reject. */
function exclusive({ anyOf: members, ...rest }: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(members)) return rest
  return { ...rest, [members.some(({ type }) => type === 'null') ? 'anyOf' : 'oneOf']: members }
}

/** Generators create a type for every `enum`; a single value is a `const`. */
function literal({ enum: values, ...rest }: Record<string, unknown>): Node {
  if (!Array.isArray(values)) return rest
  return values.length === 1 ? { ...rest, const: values[0] } : { ...rest, enum: values }
}

/** An extensible list of values, as a plain string. */
function opened({ enum: values, ...rest }: Record<string, unknown>, namesValues: boolean): Node {
  if (!namesValues) return rest
  const known = (values as string[]).map((value) => `\`${value}\``).join(', ')
  return { ...rest, description: [rest.description, `Known values: ${known}.`].filter(Boolean).join(' ') }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}
