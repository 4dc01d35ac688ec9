import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import { Components, inlineSchema } from '../../lib/openapi/components.ts'
import { packageVersion } from '../../lib/openapi/package-version.ts'
import { type Described, shareParts } from '../../lib/openapi/shared-parts.ts'

interface QuerySchema {
  readonly properties: Readonly<Record<string, { readonly default?: unknown; readonly unpublished?: boolean }>>
  readonly required?: readonly string[]
}

/** Describes every route as OpenAPI 3.1, from the schemas that validate and serialise. */
export default fp(
  async (app) => {
    const components = new Components()
    await app.register(swagger, {
      convertConstToEnum: false,
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Power Oracle',
          version: packageVersion(),
          description:
            'Mechanical work and power of a described workout. Paid per request, without an account or API key. In a request, null for an optional member counts as absent. Every error is a problem document (RFC 9457). On any path, malformed HTTP is rejected with 400, 405, 408, 417 or 431.',
          license: { name: 'MIT', identifier: 'MIT' }
        },
        tags: [
          { name: 'measure', description: 'Paid: measures a workout.' },
          { name: 'records', description: 'Free: the records of an athlete, for holders of the UUID.' },
          { name: 'discover', description: 'Free: movements, prices and descriptions.' },
          { name: 'develop', description: 'Available in development only.' }
        ]
      },
      transform: ({ schema, url, route, ...of }) => {
        if (schema?.hide === true) return { schema, url }
        const { openapiObject } = of as { openapiObject: Described }
        // The rails have registered by now.
        openapiObject.components = { ...openapiObject.components, securitySchemes: proofSchemes(app) }
        const isPaid = route.config?.paid !== undefined
        return { schema: { security: isPaid ? paidSecurity(app) : [], ...published(schema, components) }, url }
      },
      transformObject: (document) => {
        const { openapiObject } = document as { openapiObject: Described }
        const { schemas } = components
        openapiObject.components = {
          ...openapiObject.components,
          schemas: Object.fromEntries(
            Object.keys(schemas)
              .sort()
              .map((name) => [name, schemas[name]])
          )
        }
        openapiObject.paths = inOrderOfTags(openapiObject)
        shareParts(openapiObject)
        return openapiObject as object
      }
    })
  },
  { name: 'openapi', dependencies: ['config', 'rails'] }
)

/** Paid routes come first, whatever the order in which plugins add their routes. */
function inOrderOfTags({ paths = {}, tags = [] }: Described): NonNullable<Described['paths']> {
  const rank = new Map(tags.map(({ name }, index) => [name, index]))
  const rankOf = (item: Readonly<Record<string, unknown>>) =>
    Math.min(
      ...(Object.values(item) as { tags?: string[] }[]).map((operation) => rank.get(operation.tags?.[0] ?? '') ?? 0)
    )
  return Object.fromEntries(Object.entries(paths).sort(([, one], [, other]) => rankOf(one) - rankOf(other)))
}

/** The security schemes of proofs, by rail. */
function proofSchemes({ railDescriptions }: FastifyInstance): Readonly<Record<string, object>> {
  return Object.fromEntries(
    railDescriptions.flatMap(({ name, securityScheme }) =>
      securityScheme === undefined ? [] : [[name, securityScheme]]
    )
  )
}

/** The first call is unpaid; a retry carries one proof. */
function paidSecurity(app: FastifyInstance): Readonly<Record<string, string[]>>[] {
  return [{}, ...Object.keys(proofSchemes(app)).map((name) => ({ [name]: [] }))]
}

/** A route's schema as the document has it. */
function published(schema: FastifySchema, components: Components): FastifySchema {
  const { body, querystring, response } = schema
  const { 200: success } = (response ?? {}) as { readonly 200?: { readonly description?: string } }
  return {
    // The summary names the operation; its description is that of the success response, unless the route has its own.
    description: success?.description,
    ...schema,
    ...(body !== undefined && { body: components.published(body, 'request') }),
    ...(querystring !== undefined && { querystring: publishedQuery(querystring as QuerySchema) }),
    ...(response !== undefined && { response: components.published(response, 'answer') })
  } as FastifySchema
}

/** A parameter with a default is optional, although the validated query always has it. */
function publishedQuery(query: QuerySchema): object {
  const properties = Object.entries(query.properties).filter(([, { unpublished }]) => unpublished !== true)
  const required = (query.required ?? []).filter((name) => {
    const property = query.properties[name]!
    return property.unpublished !== true && !('default' in property)
  })
  return inlineSchema({ ...query, properties: Object.fromEntries(properties), required }, 'request')
}
