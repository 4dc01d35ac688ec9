import type { ComputePowerAnswer, ComputePowerRequest } from '../src/index.ts'

/** One movement for a minute. */
export function workout(more: Partial<ComputePowerRequest> = {}): ComputePowerRequest {
  return {
    athlete_uuid: crypto.randomUUID(),
    evaluation_context: 'completed',
    performed_date: '2026-01-15',
    duration_seconds: 60,
    user: { height: { value: 70, unit: 'in' }, body_mass: { value: 180, unit: 'lb' } },
    splits: [{ duration_seconds: 60, work: { movements: [{ movement: 'pull_up', reps: 20 }] } }],
    ...more
  }
}

const quantity = <Unit extends string>(unit: Unit) => ({ value: 1, unit, uncertainty: 0 })

/** An answer that no service computed. */
export const answer: ComputePowerAnswer = {
  results: {
    session: {
      duration_seconds: 60,
      active_duration_seconds: 60,
      rest_duration_seconds: 0,
      unattributed_duration_seconds: 0,
      total_work: quantity('J'),
      average_power_elapsed: quantity('W'),
      average_power_active: quantity('W')
    },
    splits: [],
    summary: {
      peak: quantity('W'),
      minimum: quantity('W'),
      mean: quantity('W'),
      dropoff: quantity('1'),
      consistency: quantity('1'),
      strongest_split_index: 0,
      weakest_split_index: 0
    },
    movement_rollups: []
  },
  notes: [],
  model: { version: '1', catalogue_digest: '' }
}
