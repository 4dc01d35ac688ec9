import { type Static, Type } from '@sinclair/typebox'
import { named } from './naming.ts'
import { StringEnum } from './quantity.ts'

/** A status per component. Which statuses there are is part of the description at each place. */
export function componentStatuses<const Statuses extends readonly string[]>(statuses: Statuses) {
  return Type.Record(Type.String(), StringEnum(statuses, { open: 'elsewhere' }), {
    title: 'ComponentStatuses',
    description: 'A status per component.'
  })
}

/** Liveness, and one entry per component. */
export const Health = Type.Object(
  {
    status: StringEnum(['ok', 'degraded'], { open: 'here' }),
    components: named(
      componentStatuses(['ok', 'degraded', 'off']),
      '`ok`, `degraded`, or `off` (not configured or currently unusable).'
    )
  },
  {
    title: 'Health',
    additionalProperties: false,
    examples: [{ status: 'ok', components: { ledger: 'ok', price: 'ok', l402: 'ok', x402: 'off' } }]
  }
)
export type Health = Static<typeof Health>
