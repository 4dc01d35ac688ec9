import type { Ref } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { readable } from '../model/catalogue.ts'
import { clockText } from '../model/time.ts'
import type { Figure, Results } from '../purchase/service.ts'

const HEIGHT = 280
/** Until the room is known. */
const USUAL_WIDTH = 540
const LEFT = 56
const BOTTOM = 36
const TOP = 24
/** A narrower bar has no room for its figures. */
const LEAST_LABELLED_WIDTH = 34

/** A figure with its uncertainty, in the digits that mean something. */
export function figureText({ value, unit, uncertainty }: Figure): string {
  const digits = uncertainty >= 10 || uncertainty === 0 ? 0 : uncertainty >= 1 ? 1 : 2
  const round = (number: number) =>
    number.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits })
  return `${round(value)} ± ${round(uncertainty)}${unit === '1' ? '' : ` ${unit}`}`
}

/** Energy in kilojoules where joules would be long. */
export function workText(work: Figure): string {
  if (work.unit !== 'J' || work.value < 10_000) return figureText(work)
  return figureText({ value: work.value / 1000, unit: 'kJ', uncertainty: work.uncertainty / 1000 })
}

/** A drawing as wide as its place, so that its letters have the size of the page's on a phone too. */
function useWidth(): readonly [Ref<SVGSVGElement>, number] {
  const drawing = useRef<SVGSVGElement>(null)
  const [width, setWidth] = useState(USUAL_WIDTH)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width))
    })
    if (drawing.current !== null) observer.observe(drawing.current)
    return () => observer.disconnect()
  }, [])
  return [drawing, width]
}

/** Power of each split as a bar, with one standard deviation above and below. */
export function PowerChart({ splits }: Pick<Results, 'splits'>) {
  const [chart, width] = useWidth()
  const unit = splits[0]?.average_power.unit ?? 'W'
  const highest = Math.max(
    ...splits.map(({ average_power: { value, uncertainty } }) => value + uncertainty),
    Number.MIN_VALUE
  )
  const step = roundStep(highest / 4)
  const top = Math.ceil(highest / step) * step
  const y = (value: number) => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * value) / top
  const room = (width - LEFT - 12) / splits.length
  const bar = Math.min(72, room * 0.62)
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step)
  return (
    <svg
      ref={chart}
      class="chart"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={`Average power of ${splits.length} splits, in ${unit}; the table below has the figures.`}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="grid" x1={LEFT} x2={width - 12} y1={y(tick)} y2={y(tick)} />
          <text class="tick" x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
            {Number(tick.toPrecision(6))}
          </text>
        </g>
      ))}
      <text class="tick" x={LEFT - 8} y={12} text-anchor="end">
        {unit}
      </text>
      {splits.map(({ index, average_power: { value, uncertainty } }) => {
        const middle = LEFT + room * (index + 0.5)
        return (
          <g key={index}>
            <rect
              class="bar-fill"
              x={middle - bar / 2}
              width={bar}
              y={y(value)}
              height={Math.max(0, y(0) - y(value))}
              rx={Math.min(4, bar / 4)}
            />
            <path
              class="whisker"
              d={`M${middle} ${y(value + uncertainty)}V${y(Math.max(0, value - uncertainty))}m-6 0h12M${middle - 6} ${y(value + uncertainty)}h12`}
            />
            {room >= LEAST_LABELLED_WIDTH && (
              <>
                <text class="tick strong" x={middle} y={y(value + uncertainty) - 7} text-anchor="middle">
                  {Math.round(value)}
                </text>
                <text class="tick" x={middle} y={HEIGHT - 14} text-anchor="middle">
                  {index + 1}
                </text>
              </>
            )}
          </g>
        )
      })}
      <line class="axis" x1={LEFT} x2={width - 12} y1={y(0)} y2={y(0)} />
    </svg>
  )
}

/** Work of each movement as a bar, the largest first. */
export function WorkChart({ rollups }: { readonly rollups: Results['movement_rollups'] }) {
  const [chart, width] = useWidth()
  const sorted = rollups.toSorted((one, other) => other.work.value - one.work.value)
  const most = Math.max(...sorted.map(({ work: { value, uncertainty } }) => value + uncertainty), Number.MIN_VALUE)
  const row = 46
  const x = (value: number) => (width * value) / most
  return (
    <svg
      ref={chart}
      class="chart"
      viewBox={`0 0 ${width} ${row * sorted.length + 4}`}
      role="img"
      aria-label="Work of each movement; the table below has the figures."
    >
      {sorted.map(({ movement, work, work_share: share }, index) => {
        const { value, uncertainty } = work
        const top = row * index
        return (
          <g key={movement}>
            <text class="tick strong" x={0} y={top + 14}>
              {readable(movement)}
            </text>
            <text class="tick" x={width} y={top + 14} text-anchor="end">
              {workText(work)}, {Math.round(share.value * 100)} %
            </text>
            <rect class="bar-track" x={0} width={width} y={top + 21} height={14} rx={4} />
            <rect class="bar-fill" x={0} width={x(value)} y={top + 21} height={14} rx={4} />
            <path
              class="whisker"
              d={`M${x(Math.max(0, value - uncertainty))} ${top + 28}H${x(value + uncertainty) - 1}m0 -5v10M${x(Math.max(0, value - uncertainty))} ${top + 23}v10`}
            />
          </g>
        )
      })}
    </svg>
  )
}

/** The same figures as a table, for screen readers. */
export function SplitTable({ splits }: Pick<Results, 'splits'>) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Split</th>
          <th scope="col">Time</th>
          <th scope="col">Work</th>
          <th scope="col">Power</th>
        </tr>
      </thead>
      <tbody>
        {splits.map(({ index, label, duration_seconds: seconds, total_work: work, average_power: power }) => (
          <tr key={index}>
            <th scope="row">{label ?? index + 1}</th>
            <td>{clockText(seconds)}</td>
            <td>{workText(work)}</td>
            <td>{figureText(power)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The next step of 1, 2 or 5 times a power of ten. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10)
}
