import { type TSchema, Type } from '@sinclair/typebox'

/*
 * How a schema is published. A schema with a `title` is a component of that name in the OpenAPI document; these keywords
 * steer the rest and mean nothing to validators and serialisers:
 *
 * - `usage`: what a component means at one place; published as the description beside the reference.
 * - `open`: an `enum` that later versions may extend; published as a string whose description names the known values,
 *   or, if `elsewhere`, leaves that to the description of the list.
 * - `opaque`: a format that others define, published as `JsonObject`.
 * - `unpublished`: a query parameter that is still accepted and no longer documented.
 */

/** The keywords above, for a validator in strict mode. */
export const NAMING_KEYWORDS = ['usage', 'open', 'opaque', 'unpublished']

/** A component at one place, with its meaning there. */
export function named<T extends TSchema>(schema: T, usage: string): T {
  return { ...schema, usage }
}

/** Any JSON object. */
export const JsonObject = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  title: 'JsonObject',
  description: 'Any JSON object.'
})
