// Rows as an aligned table: text to the left, figures to the right, columns in the order in which rows name them.
import type { Row } from './bench.ts'

/** Formats rows as a Markdown table that is also aligned in a terminal, one line each, without a final newline. */
export function formatTable(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = rows.map((row) => columns.map((column) => formatCell(row[column] ?? null)))
  const isFigure = columns.map((column) => rows.some((row) => typeof row[column] === 'number'))
  const widths = columns.map((column, index) =>
    Math.max(3, column.length, ...cells.map((line) => line[index]?.length ?? 0)),
  )
  const align = (text: string, index: number) =>
    isFigure[index] ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)
  const rule = widths.map((width, index) => (isFigure[index] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [columns.map(align), rule, ...cells.map((line) => line.map(align))]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n')
}

/** Three significant digits for fractions, all digits for whole numbers. */
function formatCell(value: string | number | null): string {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  if (Number.isInteger(value)) return String(value)
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
