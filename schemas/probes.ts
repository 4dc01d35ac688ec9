import { type Static, Type } from '@sinclair/typebox'
import { namedStatuses } from './health.ts'

/** The process serves requests. */
export const Liveness = Type.Object(
  { status: Type.String({ description: 'Always `alive`.' }) },
  {
    title: 'Liveness',
    description: 'The process serves.',
    additionalProperties: false,
    examples: [{ status: 'alive' }]
  }
)

/** The status of each part, with those that are still starting. */
export const components = namedStatuses(
  ['ok', 'degraded', 'off', 'starting'],
  '`ok`, `degraded`, `off` (not configured or currently unusable) or `starting` (configured, not yet available).'
)

/** The service can sell now; the status of each part. */
export const Readiness = Type.Object(
  { status: Type.String({ description: 'Always `ready`.' }), components },
  {
    title: 'Readiness',
    description: 'The service can sell.',
    additionalProperties: false,
    examples: [{ status: 'ready', components: { ledger: 'ok', price: 'ok', l402: 'ok', x402: 'off' } }]
  }
)

export type Readiness = Static<typeof Readiness>
