import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

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

/** When, where and how large a run was. @param beganMs of `performance.now()` */
export function describeRun<Facts extends object>(beganMs: number, facts: Facts) {
  return {
    date: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    ...facts,
    seconds: Math.round((performance.now() - beganMs) / 1000)
  }
}

/** Prints the figures and, where a file is named, writes them there as JSON. @param summary one line below the table */
export function report(
  run: ReturnType<typeof describeRun>,
  figures: readonly Figure[],
  summary: string,
  file: string | undefined
): void {
  if (file !== undefined) {
    const listed = figures.map((figure) => ({ ...figure, within: isWithin(figure) }))
    writeFileSync(file, `${JSON.stringify({ run, figures: listed }, null, 2)}\n`)
  }
  process.stdout.write(
    `${table(figures)}\n\n${summary}; ${run.seconds} s, Node ${run.node}, ${run.cores} cores (${run.cpu})\n`
  )
}
