/** One measured figure beside what it should be. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** `undefined` where the figure only informs. */
  readonly target: { readonly atMost: number } | { readonly atLeast: number } | undefined
  readonly note: string
}

export function isWithin({ value, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast
}

/** A table for people. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${short(figure.value)} ${figure.unit}`,
    targetOf(figure),
    { true: 'ok', false: 'MISSED', undefined: '' }[String(isWithin(figure))]!,
    figure.note
  ])
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

function targetOf({ target }: Figure): string {
  if (target === undefined) return ''
  return 'atMost' in target ? `<= ${short(target.atMost)}` : `>= ${short(target.atLeast)}`
}

function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2)
}
