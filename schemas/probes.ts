import { type Static, Type } from '@sinclair/typebox'
import { componentStatuses } from './health.ts'
import { named } from './naming.ts'
import { problemFields } from './problem.ts'
import { IntegerLiteral } from './quantity.ts'

/** The process serves requests. */
export const Liveness = Type.Object(
  { status: Type.String({ description: 'Always `alive`.' }) },
  { title: 'Liveness', additionalProperties: false, examples: [{ status: 'alive' }] }
)

const components = named(
  componentStatuses(['ok', 'degraded', 'off', 'starting']),
  '`ok`, `degraded`, `off` (not configured or currently unusable) or `starting` (configured, not yet available).'
)

/** The service can sell now; the status of each part. */
export const Readiness = Type.Object(
  { status: Type.String({ description: 'Always `ready`.' }), components },
  {
    title: 'Readiness',
    additionalProperties: false,
    examples: [{ status: 'ready', components: { ledger: 'ok', price: 'ok', l402: 'ok', x402: 'off' } }]
  }
)

/** The service cannot sell now: `detail` says why. */
export const NotReady = Type.Object(
  { ...problemFields, status: IntegerLiteral(503), components },
  {
    title: 'NotReady',
    examples: [
      {
        type: 'https://power.example/docs/errors/not_ready',
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
export type Readiness = Static<typeof Readiness>
export type NotReady = Static<typeof NotReady>
