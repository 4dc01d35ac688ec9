import { type Static, Type } from '@sinclair/typebox'

const ComponentStatus = Type.Unsafe<'ok' | 'degraded' | 'off'>({
  type: 'string',
  enum: ['ok', 'degraded', 'off'],
  description: '`off`: not configured, or currently unusable.'
})

/** Liveness, and one entry per component. */
export const Health = Type.Object(
  {
    status: Type.Unsafe<'ok' | 'degraded'>({ type: 'string', enum: ['ok', 'degraded'] }),
    components: Type.Record(Type.String(), ComponentStatus)
  },
  {
    $id: 'Health',
    title: 'Health',
    additionalProperties: false,
    examples: [{ status: 'ok', components: { ledger: 'ok', price: 'ok', l402: 'ok', x402: 'off' } }]
  }
)
export type Health = Static<typeof Health>
