import { durationText } from './svg.ts'

/** A number line mapped onto a range of pixels. */
export interface Scale {
  readonly place: (value: number) => number
  readonly ticks: readonly Tick[]
}

export interface Tick {
  readonly place: number
  readonly text: string
}

/** Durations that people name. */
const NAMED_SECONDS = [
  1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800, 2_592_000
]
const LEAST_GAP_PX = 46
const POWER_TICKS = 5

/** Log time from `first` to `last` seconds, on the pixels from `left` to `right`. */
export function timeScale(first: number, last: number, left: number, right: number): Scale {
  const width = Math.log(last / first)
  const place = (seconds: number) => left + ((right - left) * Math.log(seconds / first)) / width
  const ticks: Tick[] = []
  for (const seconds of [0.001, 0.01, 0.1, ...NAMED_SECONDS]) {
    const at = place(seconds)
    const before = ticks.at(-1)?.place ?? Number.NEGATIVE_INFINITY
    if (seconds >= first && seconds <= last && at - before >= LEAST_GAP_PX) {
      ticks.push({ place: at, text: durationText(seconds) })
    }
  }
  return { place, ticks }
}

/** Power from 0 to at least `highest` watts, which is above 0, on the pixels from `bottom` up to `top`. */
export function powerScale(highest: number, bottom: number, top: number): Scale {
  const step = roundStep(highest / POWER_TICKS)
  const steps = Math.ceil(highest / step)
  const place = (watts: number) => bottom - ((bottom - top) * watts) / (steps * step)
  const ticks = Array.from({ length: steps + 1 }, (_, index) => {
    const watts = Number((index * step).toPrecision(12))
    return { place: place(watts), text: String(watts) }
  })
  return { place, ticks }
}

/** The next step of 1, 2 or 5 times a power of ten. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * (([1, 2, 5] as const).find((factor) => factor * power >= least) ?? 10)
}
