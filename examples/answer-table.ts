import type { ComputePowerAnswer } from '../schemas/compute-power.ts'

const BAR_WIDTH = 30

interface Quantity {
  readonly value: number
  readonly unit: string
  readonly uncertainty: number
}

/** An answer as a table for a terminal, with a bar for the power of each split. */
export function answerTable({ results, notes, model }: ComputePowerAnswer): string {
  const { session, splits, summary } = results
  const rows = [
    ['total work', told(session.total_work)],
    ['power, elapsed', told(session.average_power_elapsed)],
    ['power, active', told(session.average_power_active)],
    [
      'time',
      `${session.duration_seconds} s = ${session.active_duration_seconds} active + ` +
        `${session.rest_duration_seconds} rest + ${session.unattributed_duration_seconds} unattributed`
    ],
    ['drop-off', told(summary.dropoff)],
    ['consistency', told(summary.consistency)]
  ]
  const bars = splits.map(({ index, label, average_power: power, movements }) => {
    const bar = '█'.repeat(Math.round((BAR_WIDTH * power.value) / (summary.peak.value || 1))).padEnd(BAR_WIDTH, '·')
    const lines = movements.map(
      ({ movement, reps, work, confidence }) =>
        `     ${`${reps} ${movement}`.padEnd(24)} ${told(work)}  (${confidence})`
    )
    return [`   ${label ?? `split ${index + 1}`}  ${bar}  ${told(power)}`, ...lines].join('\n')
  })
  return [
    '',
    ...rows.map(([name, value]) => `   ${name!.padEnd(15)} ${value}`),
    '',
    ...bars,
    '',
    ...notes.map(({ message }) => `   note: ${message}`),
    `   model ${model.version}, catalogue ${model.catalogue_digest.slice(0, 12)}`,
    ''
  ].join('\n')
}

function told({ value, unit, uncertainty }: Quantity): string {
  const digits = Math.abs(value) < 10 ? 3 : 0
  return `${value.toFixed(digits)} ± ${uncertainty.toFixed(digits)}${unit === '1' ? '' : ` ${unit}`}`
}
