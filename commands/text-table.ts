/** Rows of the same columns, for a terminal. */
export function textTable(rows: readonly Readonly<Record<string, string>>[]): string {
  const [first] = rows
  if (first === undefined) return '  none\n'
  const columns = Object.keys(first)
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, index) => cell.padEnd(widths[index]!)).join('  ')}`.trimEnd()
  return [line(columns), ...rows.map((row) => line(columns.map((column) => row[column]!)))]
    .map((text) => `${text}\n`)
    .join('')
}
