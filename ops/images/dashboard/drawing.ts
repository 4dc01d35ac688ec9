import { type Dashboard, type Panel, queryOf, type Target } from './dashboard.ts'

const UNIT_PX = { x: 62, y: 30 }
const COLORS = [
  '#73bf69',
  '#f2cc0c',
  '#5794f2',
  '#ff9830',
  '#f2495c',
  '#b877d9',
  '#8ab8ff',
  '#96d98d',
  '#ffa6b0',
  '#fade2a'
]
const POINTS = 120
const QUERY_LIMIT_MS = 10_000
const MIN_RATE_SECONDS = 20

interface Series {
  readonly name: string
  readonly points: readonly (readonly [seconds: number, value: number])[]
}

interface Span {
  /** Base URL of the Prometheus that is asked. */
  readonly prometheus: string
  readonly endSeconds: number
  readonly rangeSeconds: number
  readonly stepSeconds: number
  readonly rateSeconds: number
}

interface Answer {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly values: [number, string][] }[]
  }
}

/**
 * Draws a dashboard from a Prometheus, for where there is no Grafana: each panel at its place, with the answers to its
 * own queries, up to now.
 * @param prometheus its base URL
 * @returns an SVG document
 * @throws Error where Prometheus does not answer, or rejects a query
 */
export async function drawDashboard(dashboard: Dashboard, prometheus: string, rangeSeconds: number): Promise<string> {
  const stepSeconds = Math.max(1, Math.round(rangeSeconds / POINTS))
  const span: Span = {
    prometheus,
    endSeconds: Math.floor(Date.now() / 1000),
    rangeSeconds,
    stepSeconds,
    rateSeconds: Math.max(MIN_RATE_SECONDS, 4 * stepSeconds)
  }
  const drawn: string[] = []
  for (const panel of dashboard.panels) drawn.push(await draw(panel, span))
  const width = 24 * UNIT_PX.x
  const height = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h)) * UNIT_PX.y
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" fill="#ccccdc">` +
    `<rect width="100%" height="100%" fill="#111217"/>${drawn.join('\n')}</svg>\n`
  )
}

async function draw(panel: Panel, span: Span): Promise<string> {
  const { gridPos, type, title } = panel
  const left = gridPos.x * UNIT_PX.x
  const top = gridPos.y * UNIT_PX.y
  if (type === 'row')
    return `<text x="${left + 8}" y="${top + 20}" font-size="15" font-weight="bold">${escaped(title)}</text>`
  const [w, h] = [gridPos.w * UNIT_PX.x - 8, gridPos.h * UNIT_PX.y - 8]
  const series = (await Promise.all((panel.targets ?? []).map((target) => ask(target, span)))).flat()
  const unit = panel.fieldConfig?.defaults.unit ?? 'short'
  const inner = type === 'stat' ? stat(series, unit, w, h) : chart(series, unit, w, h, span)
  return (
    `<g transform="translate(${left + 4} ${top + 4})"><rect width="${w}" height="${h}" rx="2" fill="#181b1f" stroke="#2c3235"/>` +
    `<text x="8" y="18" font-size="12" font-weight="bold">${escaped(title)}</text>${inner}</g>`
  )
}

async function ask(
  target: Target,
  { prometheus, endSeconds, rangeSeconds, stepSeconds, rateSeconds }: Span
): Promise<Series[]> {
  const query = new URLSearchParams({
    query: queryOf(target, rangeSeconds, rateSeconds),
    start: String(endSeconds - rangeSeconds),
    end: String(endSeconds),
    step: String(stepSeconds)
  })
  const response = await fetch(`${prometheus}/api/v1/query_range?${query}`, {
    signal: AbortSignal.timeout(QUERY_LIMIT_MS)
  })
  if (!response.ok) throw new Error(`${target.expr}: ${await response.text()}`)
  const { data } = (await response.json()) as Answer
  return data.result.map(({ metric, values }) => ({
    name: target.legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '').trim(),
    points: values
      .map(([seconds, text]) => [seconds, Number(text)] as const)
      .filter(([, value]) => Number.isFinite(value))
  }))
}

function stat(series: readonly Series[], unit: string, w: number, h: number): string {
  const value = series[0]?.points.at(-1)?.[1]
  const text = value === undefined ? 'No data' : inUnit(value, unit)
  return `<text x="${w / 2}" y="${h / 2 + 22}" font-size="30" text-anchor="middle" fill="#73bf69">${escaped(text)}</text>`
}

function chart(
  series: readonly Series[],
  unit: string,
  w: number,
  h: number,
  { endSeconds, rangeSeconds, stepSeconds }: Span
): string {
  const seen = series.filter(({ points }) => points.length > 0)
  const [x0, x1, y0, y1] = [56, w - 10, h - 46, 30]
  if (seen.length === 0) return `<text x="${w / 2}" y="${h / 2}" font-size="13" text-anchor="middle">No data</text>`
  const top = Math.max(...seen.flatMap(({ points }) => points.map(([, value]) => value))) || 1
  const x = (seconds: number) => x0 + ((seconds - endSeconds + rangeSeconds) / rangeSeconds) * (x1 - x0)
  const y = (value: number) => y0 - (Math.max(0, value) / top) * (y0 - y1)
  const grid = [0, 0.5, 1].map(
    (share) =>
      `<line x1="${x0}" x2="${x1}" y1="${y(top * share)}" y2="${y(top * share)}" stroke="#2c3235"/>` +
      `<text x="${x0 - 6}" y="${y(top * share) + 4}" font-size="10" text-anchor="end">${escaped(inUnit(top * share, unit))}</text>`
  )
  const times = [0, 0.5, 1].map((share) => {
    const seconds = endSeconds - rangeSeconds * (1 - share)
    return `<text x="${x(seconds)}" y="${y0 + 14}" font-size="10" text-anchor="middle">${new Date(seconds * 1000).toISOString().slice(11, 19)}</text>`
  })
  const lines = seen.map(({ points }, index) => {
    const path = points.map(([seconds, value], at) => {
      // A gap stays one.
      const isNext = at > 0 && seconds - points[at - 1]![0] <= stepSeconds * 1.5
      return `${isNext ? 'L' : 'M'}${x(seconds).toFixed(1)} ${y(value).toFixed(1)}`
    })
    return `<path d="${path.join('')}" fill="none" stroke="${COLORS[index % COLORS.length]}" stroke-width="1.5"/>`
  })
  return [...grid, ...times, ...lines, legend(seen, w, h)].join('')
}

function legend(series: readonly Series[], w: number, h: number): string {
  let left = 10
  let top = h - 16
  const entries: string[] = []
  for (const [index, { name }] of series.entries()) {
    const width = 22 + name.length * 5.6
    if (left + width > w) {
      if (top > h - 10) break
      left = 10
      top += 12
    }
    entries.push(
      `<rect x="${left}" y="${top - 4}" width="10" height="3" fill="${COLORS[index % COLORS.length]}"/>` +
        `<text x="${left + 14}" y="${top}" font-size="10">${escaped(name)}</text>`
    )
    left += width
  }
  return entries.join('')
}

function inUnit(value: number, unit: string): string {
  const short = Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 })
  switch (unit) {
    case 's':
      return value < 1 ? `${Number((value * 1000).toPrecision(3))} ms` : `${short} s`
    case 'bytes':
      return `${Math.round(value / 2 ** 20)} MiB`
    case 'reqps':
      return `${short}/s`
    case 'currencyUSD':
      return `$${value.toFixed(2)}`
    case 'sats':
      return `${Math.round(value).toLocaleString('en-US')} sats`
    default:
      return short
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
