import swagger from '@fastify/swagger'
import type { TObject, TSchema } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import { ComputePowerAnswer, ComputePowerRequest } from '../../schemas/compute-power.ts'
import { CurveAnswer } from '../../schemas/curve.ts'
import { DevelopmentChain, DevelopmentPayment, DevelopmentReceipt } from '../../schemas/development.ts'
import { Health } from '../../schemas/health.ts'
import { MovementsDocument } from '../../schemas/movements.ts'
import { PaymentRequired } from '../../schemas/payment-required.ts'
import { PaymentRequirements } from '../../schemas/payment-requirements.ts'
import { Liveness, NotReady, Readiness } from '../../schemas/probes.ts'
import { ProblemDocument, ProblemItem } from '../../schemas/problem.ts'
import { ApiCatalog, WellKnownL402, WellKnownX402 } from '../../schemas/well-known.ts'
import {
  ErasureAnswer,
  RevisionRequest,
  VoidAnswer,
  VoidRequest,
  WorkoutDetail,
  WorkoutList
} from '../../schemas/workouts.ts'

const PUBLIC_SCHEMAS = [
  ApiCatalog,
  ComputePowerAnswer,
  ComputePowerRequest,
  CurveAnswer,
  ErasureAnswer,
  Health,
  Liveness,
  MovementsDocument,
  NotReady,
  PaymentRequired,
  PaymentRequirements,
  ProblemDocument,
  ProblemItem,
  Readiness,
  RevisionRequest,
  VoidAnswer,
  VoidRequest,
  WellKnownL402,
  WellKnownX402,
  WorkoutDetail,
  WorkoutList
]

/** Describes every route as OpenAPI 3.1, from the schemas that validate and serialise. */
export default fp(
  async (app) => {
    const schemas: TSchema[] = [...PUBLIC_SCHEMAS]
    if (app.config.lightning.kind === 'embedded') schemas.push(DevelopmentPayment, DevelopmentReceipt)
    if (app.config.x402.kind === 'embedded') schemas.push(DevelopmentChain)
    for (const schema of schemas) app.addSchema(withReferences(schema, true))
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Power Oracle',
          version: '1.0.0',
          description: 'Mechanical work and power in a described workout. Paid per request, without account or key.',
          license: { name: 'MIT', identifier: 'MIT' }
        },
        tags: [
          { name: 'measure', description: 'Paid: measures a workout.' },
          { name: 'records', description: 'Free: what was measured of an athlete, for who has the UUID.' },
          { name: 'discover', description: 'Free: what can be measured, and what it costs.' },
          { name: 'develop', description: 'Only in development.' }
        ],
        components: {
          securitySchemes: {
            // Generators skip http schemes that they do not know, so L402 is told as a header.
            l402: {
              type: 'apiKey',
              in: 'header',
              name: 'Authorization',
              description: 'L402 <macaroon>:<preimage>, from the invoice and the macaroon of a 402.'
            },
            x402: {
              type: 'apiKey',
              in: 'header',
              name: 'PAYMENT-SIGNATURE',
              description: 'x402 version 2: base64 of a signed payment for one of the terms that a 402 accepts.'
            }
          }
        }
      },
      refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`) },
      transform: ({ schema, url }) => ({ schema: withReferences(withOptionalDefaults(schema), false), url })
    })
  },
  { name: 'openapi', dependencies: ['config'] }
)

/** A parameter with a default need not be sent, though the schema that fills it in requires it. */
function withOptionalDefaults(schema: FastifySchema): FastifySchema {
  const query = schema?.querystring as TObject | undefined
  if (query?.required === undefined) return schema
  const required = query.required.filter((name) => !('default' in query.properties[name]!))
  return { ...schema, querystring: { ...query, required } }
}

/** A copy in which each named schema, but for the outermost where that is kept, is a reference to a component. */
function withReferences<T>(node: T, keepOutermost: boolean): T {
  if (Array.isArray(node)) return node.map((member) => withReferences(member, false)) as T
  if (typeof node !== 'object' || node === null) return node
  if (!keepOutermost && '$id' in node) return { $ref: `${node.$id}#` } as T
  return Object.fromEntries(Object.entries(node).map(([key, member]) => [key, withReferences(member, false)])) as T
}
