import type { CurveAnswer } from '../../../schemas/curve.ts'
import type { SampleKind } from '../sample.ts'
import { durationText, marks, short, text } from './svg.ts'

const LEFT = 12
const ROW = 66

/** The curve's figures in one line. */
export function summaryText(answer: CurveAnswer): string {
  const { points, work_capacity_auc: area, log_mean_power: mean, critical_power: fit } = answer
  if (points.length === 0) return 'No workout has work yet.'
  const window = `${durationText(area.from_seconds)} to ${durationText(area.to_seconds)}`
  const areas = `${window}: area ${short(area.value / 1000)} kJ, mean over log time ${short(mean.value)} W`
  if (fit === null) return areas
  return `${areas}. Critical power ${short(fit.cp.value)} W, W\u2032 ${short(fit.w_prime.value / 1000)} kJ`
}

/** Title, figures and the key of lines and marks. */
export function legend(answer: CurveAnswer): string[] {
  return [
    text('title', LEFT, 24, 'Power-duration curve'),
    text('label', LEFT, 44, summaryText(answer)),
    ...line('envelope', LEFT, 'envelope'),
    ...mark('session', 132, 'session'),
    ...mark('split', 212, 'split'),
    ...mark('run', 272, 'run of splits'),
    marks('split', true, [[386, ROW - 4]]),
    text('label', 396, ROW, 'filled: on the envelope'),
    ...(answer.critical_power === null ? [] : line('fit', 560, 'critical-power model over its efforts'))
  ]
}

function line(className: string, x: number, words: string): string[] {
  return [`<path class="${className}" d="M${x} ${ROW - 4}h26"/>`, text('label', x + 32, ROW, words)]
}

function mark(kind: SampleKind, x: number, words: string): string[] {
  return [marks(kind, false, [[x, ROW - 4]]), text('label', x + 10, ROW, words)]
}
