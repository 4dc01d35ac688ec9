import { type CurveAnswer, SAMPLE_KINDS } from '../../../schemas/curve.ts'
import { powerAt } from '../envelope.ts'
import { powerOf } from '../hyperbola.ts'
import type { SampleKind } from '../sample.ts'
import { powerScale, type Scale, timeScale } from './scale.ts'
import { durationText, escaped, marks, px, SVG_STYLE, short, text } from './svg.ts'

const WIDTH = 860
const HEIGHT = 500
const LEFT = 70
const RIGHT = WIDTH - 24
const TOP = 98
const BOTTOM = HEIGHT - 58
/** Distance between two points of a falling line, too small to see the difference from the curve. */
const STEP_PX = 4
const LEGEND_LEFT = 12
const LEGEND_ROW = 66
/** The top of the power axis of an empty picture. */
const EMPTY_POWER_W = 100

type PowerAt = (seconds: number) => number

/** The answer to draw, the scales, and the first and last duration on the axis. */
interface Frame {
  readonly answer: CurveAnswer
  readonly time: Scale
  readonly power: Scale
  readonly first: number
  readonly last: number
}

/**
 * A curve answer as a picture: durations on a log axis, powers on a linear one. Equal answers give equal text, which
 * contains no script and no reference to another resource.
 */
export function curveSvg(answer: CurveAnswer): string {
  const { from_seconds, to_seconds } = answer.work_capacity_auc
  const first = answer.points.reduce((least, point) => Math.min(least, point.duration_seconds), from_seconds)
  const last = answer.points.reduce((most, point) => Math.max(most, point.duration_seconds), to_seconds)
  const model = modelOf(answer)
  const highest = answer.points.reduce((most, { average_power }) => Math.max(most, average_power.value), 0)
  const time = timeScale(first, last, LEFT, RIGHT)
  const power = powerScale(Math.max(highest, model?.powerAt(model.from) ?? 0) || EMPTY_POWER_W, BOTTOM, TOP)
  const frame = { answer, time, power, first, last }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title desc">`,
    '<title id="title">Power-duration curve</title>',
    `<desc id="desc">${escaped(summaryText(answer))}</desc>`,
    SVG_STYLE,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    ...axes(frame),
    ...envelope(frame),
    ...samples(frame),
    ...criticalPower(frame),
    ...legend(answer),
    '</svg>\n'
  ].join('\n')
}

function axes({ time, power }: Frame): string[] {
  const columns = time.ticks.map(({ place }) => `M${px(place)} ${TOP}V${BOTTOM}`)
  const rows = power.ticks.map(({ place }) => `M${LEFT} ${px(place)}H${RIGHT}`)
  return [
    `<path class="grid" d="${[...columns, ...rows].join('')}"/>`,
    `<path class="axis" d="M${LEFT} ${TOP}V${BOTTOM}H${RIGHT}"/>`,
    ...time.ticks.map(({ place, text: words }) => text('tick', place, BOTTOM + 20, words, 'middle')),
    ...power.ticks.map(({ place, text: words }) => text('tick', LEFT - 8, place + 4, words, 'end')),
    text('label', (LEFT + RIGHT) / 2, HEIGHT - 14, 'Duration (log scale)', 'middle'),
    text('label', 12, TOP - 12, 'Average power, W')
  ]
}

/** The envelope, and the area under it within the window. */
function envelope({ answer, time, power, first, last }: Frame): string[] {
  if (answer.envelope_points.length === 0) return []
  const corners = answer.envelope_points.map(({ duration_seconds, average_power, after }) => ({
    durationSeconds: duration_seconds,
    powerW: average_power.value,
    after
  }))
  const turns = corners.map(({ durationSeconds }) => durationSeconds)
  const powerOfEnvelope = (seconds: number) => powerAt(corners, seconds)
  const { from_seconds, to_seconds } = answer.work_capacity_auc
  const under = line(time, power, from_seconds, to_seconds, powerOfEnvelope, turns)
  const [left, right] = [px(time.place(from_seconds)), px(time.place(to_seconds))]
  return [
    `<path class="area" d="M${left} ${BOTTOM}L${under}L${right} ${BOTTOM}z"/>`,
    `<path class="envelope" d="M${line(time, power, first, last, powerOfEnvelope, turns)}"/>`
  ]
}

/** The points of a line, dense enough to look like its curve, and its exact corners. */
function line(
  time: Scale,
  power: Scale,
  from: number,
  to: number,
  powerAtTime: PowerAt,
  corners: readonly number[] = []
): string {
  const steps = Math.max(1, Math.ceil((time.place(to) - time.place(from)) / STEP_PX))
  const even = Array.from({ length: steps + 1 }, (_, step) => from * (to / from) ** (step / steps))
  const inside = corners.filter((seconds) => seconds > from && seconds < to)
  const all = [...even, ...inside].sort((one, other) => one - other)
  return all.map((seconds) => `${px(time.place(seconds))} ${px(power.place(powerAtTime(seconds)))}`).join('L')
}

function samples({ answer, time, power }: Frame): string[] {
  // Samples on the envelope come last, so that no other covers them.
  return [false, true].flatMap((areOn) =>
    SAMPLE_KINDS.flatMap((kind) => {
      const points = answer.points.filter((point) => point.kind === kind && point.on_envelope === areOn)
      if (points.length === 0) return []
      const places = points.map(
        ({ duration_seconds, average_power }) =>
          [time.place(duration_seconds), power.place(average_power.value)] as const
      )
      return [marks(kind, areOn, places)]
    })
  )
}

/** The model from its shortest to its longest effort, and the level that it approaches. */
function criticalPower({ answer, time, power }: Frame): string[] {
  const model = modelOf(answer)
  if (model === undefined) return []
  const level = power.place(model.criticalW)
  return [
    `<path class="fit" d="M${line(time, power, model.from, model.to, model.powerAt)}"/>`,
    `<path class="cp" d="M${LEFT} ${px(level)}H${RIGHT}"/>`,
    text('label', LEFT + 6, level - 6, `CP ${short(model.criticalW)} W`)
  ]
}

function modelOf({ critical_power: fit }: CurveAnswer) {
  if (fit === null) return undefined
  const model = { constantW: fit.cp.value, workJ: fit.w_prime.value }
  return {
    criticalW: fit.cp.value,
    from: fit.efforts[0]!.duration_seconds,
    to: fit.efforts.at(-1)!.duration_seconds,
    powerAt: (seconds: number) => powerOf(model, seconds)
  }
}

/** The curve's figures in one line. */
function summaryText(answer: CurveAnswer): string {
  const { points, work_capacity_auc: area, log_mean_power: mean, critical_power: fit } = answer
  if (points.length === 0) return 'No workout has work yet.'
  const window = `${durationText(area.from_seconds)} to ${durationText(area.to_seconds)}`
  const areas = `${window}: area ${short(area.value / 1000)} kJ, mean over log time ${short(mean.value)} W`
  if (fit === null) return areas
  return `${areas}. Critical power ${short(fit.cp.value)} W, W\u2032 ${short(fit.w_prime.value / 1000)} kJ`
}

/** Title, figures and the key of lines and marks. */
function legend(answer: CurveAnswer): string[] {
  return [
    text('title', LEGEND_LEFT, 24, 'Power-duration curve'),
    text('label', LEGEND_LEFT, 44, summaryText(answer)),
    ...legendLine('envelope', LEGEND_LEFT, 'envelope'),
    ...legendMark('session', 132, 'session'),
    ...legendMark('split', 212, 'split'),
    ...legendMark('run', 272, 'run of splits'),
    marks('split', true, [[386, LEGEND_ROW - 4]]),
    text('label', 396, LEGEND_ROW, 'filled: on the envelope'),
    ...(answer.critical_power === null ? [] : legendLine('fit', 560, 'critical-power model over its efforts'))
  ]
}

function legendLine(className: string, x: number, words: string): string[] {
  return [`<path class="${className}" d="M${x} ${LEGEND_ROW - 4}h26"/>`, text('label', x + 32, LEGEND_ROW, words)]
}

function legendMark(kind: SampleKind, x: number, words: string): string[] {
  return [marks(kind, false, [[x, LEGEND_ROW - 4]]), text('label', x + 10, LEGEND_ROW, words)]
}
