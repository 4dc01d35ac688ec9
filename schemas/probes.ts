import { type Static, Type } from '@sinclair/typebox'
import { ProblemDocument } from './problem.ts'

/** The process serves requests. */
export const Liveness = Type.Object(
  { status: Type.Literal('alive') },
  { $id: 'Liveness', title: 'Liveness', additionalProperties: false, examples: [{ status: 'alive' }] }
)

const components = Type.Record(
  Type.String(),
  Type.Unsafe<'ok' | 'degraded' | 'off' | 'starting'>({
    type: 'string',
    enum: ['ok', 'degraded', 'off', 'starting'],
    description: 'off: not configured or not to be trusted now. starting: configured and not up yet.'
  })
)

/** The service can sell now; the status of each part. */
export const Readiness = Type.Object(
  { status: Type.Literal('ready'), components },
  {
    $id: 'Readiness',
    title: 'Readiness',
    additionalProperties: false,
    examples: [{ status: 'ready', components: { ledger: 'ok', price: 'ok', l402: 'ok', x402: 'off' } }]
  }
)

/** The service cannot sell now: `detail` says why. */
export const NotReady = Type.Object(
  { ...ProblemDocument.properties, components },
  {
    $id: 'NotReady',
    title: 'NotReady',
    examples: [
      {
        type: 'urn:power-oracle:problem:not_ready',
        title: 'Service Unavailable',
        status: 503,
        detail: 'Not ready: x402 is starting.',
        code: 'not_ready',
        retryable: true,
        components: { ledger: 'ok', price: 'ok', l402: 'ok', x402: 'starting' }
      }
    ]
  }
)
export type NotReady = Static<typeof NotReady>
