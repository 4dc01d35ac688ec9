import type { SampleKind } from './sample.ts'
import { px } from './svg-text.ts'

/** A path of each kind's mark: they differ in form, so that no colour is needed to tell them apart. */
const MARKS: Readonly<Record<SampleKind, (x: number, y: number) => string>> = {
  session: (x, y) => `M${px(x - 4)} ${px(y - 4)}h8v8h-8z`,
  split: (x, y) => `M${px(x - 4)} ${px(y)}a4 4 0 1 0 8 0a4 4 0 1 0-8 0z`,
  run: (x, y) => `M${px(x)} ${px(y - 5)}l4.5 8.5h-9z`
}

/** Marks of one kind as one path; filled ones are on the envelope. */
export function marks(
  kind: SampleKind,
  areOnEnvelope: boolean,
  places: readonly (readonly [number, number])[]
): string {
  const path = places.map(([x, y]) => MARKS[kind](x, y)).join('')
  return `<path class="${areOnEnvelope ? 'mark on' : 'mark'}" d="${path}"/>`
}
