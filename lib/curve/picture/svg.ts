import type { SampleKind } from '../sample.ts'

/** Light, unless the reader's system is dark. Lines differ in dashes and marks in form: no meaning rests on colour. */
export const SVG_STYLE = `<style>
.paper{fill:#fff}
text{fill:#1c1c1c;font:13px system-ui,sans-serif}
.title{font-size:17px;font-weight:600}
.grid{stroke:#dcdcdc;fill:none}
.axis{stroke:#1c1c1c;fill:none}
.area{fill:#1f5fa8;fill-opacity:.12}
.envelope{stroke:#1f5fa8;stroke-width:2.5;fill:none}
.fit{stroke:#a33b00;stroke-width:1.8;stroke-dasharray:8 4;fill:none}
.cp{stroke:#a33b00;stroke-width:1.8;stroke-dasharray:2 4;fill:none}
.mark{stroke:#6a6a6a;fill:none}
.on{stroke:#1f5fa8;fill:#1f5fa8}
@media(prefers-color-scheme:dark){
.paper{fill:#141414}
text{fill:#eaeaea}
.grid{stroke:#363636}
.axis{stroke:#eaeaea}
.area{fill:#7db4f0}
.envelope{stroke:#7db4f0}
.fit,.cp{stroke:#ff9d66}
.mark{stroke:#a8a8a8}
.on{stroke:#7db4f0;fill:#7db4f0}
}
</style>`

/** One path per kind of sample. */
const MARKS: Readonly<Record<SampleKind, (x: number, y: number) => string>> = {
  session: (x, y) => `M${px(x - 4)} ${px(y - 4)}h8v8h-8z`,
  split: (x, y) => `M${px(x - 4)} ${px(y)}a4 4 0 1 0 8 0a4 4 0 1 0-8 0z`,
  run: (x, y) => `M${px(x)} ${px(y - 5)}l4.5 8.5h-9z`
}

/** Marks of one kind as one path; filled marks are on the envelope. */
export function marks(
  kind: SampleKind,
  areOnEnvelope: boolean,
  places: readonly (readonly [number, number])[]
): string {
  const path = places.map(([x, y]) => MARKS[kind](x, y)).join('')
  return `<path class="${areOnEnvelope ? 'mark on' : 'mark'}" d="${path}"/>`
}

export function text(className: string, x: number, y: number, words: string, anchor = 'start'): string {
  return `<text class="${className}" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escaped(words)}</text>`
}

export function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** A pixel to two decimals; equal numbers give equal text. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** Three significant digits, such as 271 or 0.5. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}

export function durationText(seconds: number): string {
  if (seconds < 60) return `${short(seconds)} s`
  if (seconds < 3600) return `${short(seconds / 60)} min`
  return seconds < 86_400 ? `${short(seconds / 3600)} h` : `${short(seconds / 86_400)} d`
}
