import swagger from '@fastify/swagger'
import type { FastifySchema } from 'fastify'
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
          description: 'Mechanical work and power in a described workout. Paid per request, without account or key.',
          license: { name: 'MIT', identifier: 'MIT' }
        },
        tags: [
          { name: 'measure', description: 'Paid: measures a workout.' },
          { name: 'records', description: 'Free: the records of an athlete, for holders of the UUID.' },
          { name: 'discover', description: 'Free: movements, prices and descriptions.' },
          { name: 'develop', description: 'Only in development.' }
        ],
        components: {
          securitySchemes: {
            // Generators skip unknown http schemes, so L402 is described as a header. x402 is a header parameter: a
            // client with a single key would send it in every key header.
            l402: {
              type: 'apiKey',
              in: 'header',
              name: 'Authorization',
              description: '`L402 <macaroon>:<preimage>`, with the macaroon and the paid invoice of a 402.'
            }
          }
        }
      },
      transform: ({ schema, url }) => ({ schema: published(schema, components), url }),
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
        shareParts(openapiObject)
        return openapiObject as object
      }
    })
  },
  { name: 'openapi', dependencies: ['config'] }
)

/** A route's schema as the document has it. An operation without a security requirement of its own is free. */
function published(schema: FastifySchema, components: Components): FastifySchema {
  const { body, querystring, response } = schema
  return {
    security: [],
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
