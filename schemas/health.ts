import { type Static, Type } from '@sinclair/typebox'
import { named } from './naming.ts'
import { StringEnum } from './quantity.ts'

/** A status per component. @param usage names the statuses that there are at this place */
export function namedStatuses<const Statuses extends readonly string[]>(statuses: Statuses, usage: string) {
  const schema = Type.Record(Type.String(), StringEnum(statuses, { open: 'elsewhere' }), {
    title: 'ComponentStatuses',
    description: 'A status per component.'
  })
  return named(schema, usage)
}

/** Liveness, and one entry per component. */
export const Health = Type.Object(
  {
    status: StringEnum(['ok', 'degraded'], { open: 'here' }),
    components: namedStatuses(
      ['ok', 'degraded', 'off'],
      '`ok`, `degraded`, or `off` (not configured or currently unusable).'
    )
  },
  {
    title: 'Health',
    description: 'The status of the service and of its parts.',
    additionalProperties: false,
    examples: [{ status: 'ok', components: { ledger: 'ok', price: 'ok', l402: 'ok', x402: 'off' } }]
  }
)
export type Health = Static<typeof Health>
