import { type Html, html, prose } from '../html/html.ts'
import { nameOf, type Schema } from './openapi-parts.ts'

type Schemas = Readonly<Record<string, Schema>>

interface Field {
  /** As a reader writes it: `splits[].work.movements[].reps`. */
  readonly path: string
  readonly isRequired: boolean
  readonly schema: Schema
  /** The description at the place, which precedes the component's own. */
  readonly description: string | undefined
  /** The component's name, if it has its own section. */
  readonly type: string | undefined
}

/** Deeper than any schema of this service; bounds the recursion. */
const DEEPEST = 8

/**
 * The fields of a schema as a list of definitions, nested objects written out.
 * @param prefix of the anchors, such as `computePower-request`
 * @param linked names of components that have their own section and are linked instead
 */
export function fieldList(schema: Schema, schemas: Schemas, prefix: string, linked: ReadonlySet<string>): Html {
  const fields = fieldsOf(schema, schemas, linked, '', 0)
  if (fields.length === 0) return html``
  return html`<dl class="fields">${fields.map(({ path, isRequired, schema: own, description, type }) => {
    const anchor = `${prefix}.${path.replace(/[[\]{}]/g, '')}`
    return html`<div class="field">
<dt id="${anchor}"><a class="anchor" href="#${anchor}"><code>${path}</code></a> <span class="type">${typeWords(own, schemas, type)}</span>${isRequired && html` <span class="required">required</span>`}</dt>
<dd>${description !== undefined && html`${prose(description)} `}${limitWords(own)}</dd>
</div>`
  })}</dl>`
}

function fieldsOf(schema: Schema, schemas: Schemas, linked: ReadonlySet<string>, path: string, depth: number): Field[] {
  const { node } = follow(schema, schemas)
  const fields: Field[] = []
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    const own = path === '' ? name : `${path}.${name}`
    fields.push(...branch(property, schemas, linked, own, node.required?.includes(name) ?? false, depth))
  }
  if (typeof node.additionalProperties === 'object')
    fields.push(
      ...branch(node.additionalProperties, schemas, linked, path === '' ? '{name}' : `${path}.{name}`, false, depth)
    )
  return fields
}

function branch(
  schema: Schema,
  schemas: Schemas,
  linked: ReadonlySet<string>,
  path: string,
  isRequired: boolean,
  depth: number
): Field[] {
  const { node, name } = follow(schema, schemas)
  const type = name !== undefined && linked.has(name) ? name : undefined
  const own: Field = { path, isRequired, schema: node, description: schema.description ?? node.description, type }
  if (type !== undefined || depth >= DEEPEST) return [own]
  if (node.items !== undefined) {
    const items = follow(node.items, schemas)
    if (items.name !== undefined && linked.has(items.name)) return [{ ...own, path: `${path}[]`, type: items.name }]
    return [{ ...own, path: `${path}[]` }, ...fieldsOf(node.items, schemas, linked, `${path}[]`, depth + 1)]
  }
  const forms = node.oneOf ?? node.anyOf
  if (forms !== undefined)
    return [own, ...forms.flatMap((form) => fieldsOf(form, schemas, linked, path, depth + 1).map(asAlternative))]
  return [own, ...fieldsOf(node, schemas, linked, path, depth + 1)]
}

/** A field of one alternative is required only in that alternative. */
function asAlternative(field: Field): Field {
  return { ...field, isRequired: false }
}

function follow(schema: Schema, schemas: Schemas): { readonly node: Schema; readonly name: string | undefined } {
  if (schema.$ref === undefined) return { node: schema, name: undefined }
  const name = nameOf(schema.$ref)
  return { node: schemas[name] ?? {}, name }
}

function typeWords(schema: Schema, schemas: Schemas, type: string | undefined): Html {
  const list = schema.items !== undefined && 'list of '
  if (type !== undefined) return html`${list}<a href="#type-${type}">${type}</a>`
  if (schema.items !== undefined) return html`${list}${plainType(follow(schema.items, schemas).node)}s`
  return html`${plainType(schema)}`
}

function plainType(schema: Schema): string {
  const { type, properties, oneOf, anyOf, format } = schema
  const forms = oneOf ?? anyOf
  if (forms !== undefined)
    return forms.some((form) => form.$ref !== undefined) ? 'one of several forms' : forms.map(plainType).join(' or ')
  if (properties !== undefined) return 'object'
  if (Array.isArray(type)) return type.join(' or ')
  if (format === 'date' || format === 'date-time') return format
  return typeof type === 'string' ? type : 'any value'
}

/** Limits, values and default in words. */
function limitWords(schema: Schema): Html {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, maxProperties } = schema
  const words: (string | undefined)[] = [
    between(minimum, maximum, ''),
    between(minLength, maxLength, ' characters'),
    between(minItems, maxItems, ' items'),
    maxProperties === undefined ? undefined : `at most ${number(maxProperties)} members`
  ]
  const limits = sentence(words.filter((word) => word !== undefined).join('; '))
  const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const])
  return html`${limits !== '' && html`<span class="limits">${limits}</span> `}${
    values.length > 0 &&
    html`<span class="limits">One of ${values.map((value, index) => html`${index > 0 && ' '}<code>${String(value)}</code>`)}.</span> `
  }${schema.default !== undefined && html`<span class="limits">Default <code>${JSON.stringify(schema.default)}</code>.</span>`}`
}

function sentence(words: string): string {
  return words === '' ? '' : `${words[0]!.toUpperCase()}${words.slice(1)}.`
}

function between(least: number | undefined, most: number | undefined, what: string): string | undefined {
  if (least === undefined && most === undefined) return undefined
  if (most === undefined) return `at least ${number(least!)}${what}`
  return least === undefined ? `at most ${number(most)}${what}` : `${number(least)} to ${number(most)}${what}`
}

function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 })
}
