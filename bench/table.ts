/** One line of the table. Times are milliseconds. */
export interface Row {
  what: string
  /** What it was measured on: open orders, facts. */
  size: string
  database: string
  median: number
  p95?: number
  max?: number
  limit?: number
  /** `ms` when missing; `×` for how often one cost goes into another. */
  unit?: 'ms' | '×' | 'MB'
}

function at(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (value === undefined) throw new Error('nothing was measured')
  return value
}

/** Median, 95th percentile (by nearest rank) and maximum of durations. */
export function spread(durations: readonly number[]): { median: number; p95: number; max: number } {
  const sorted = [...durations].sort((a, b) => a - b)
  return { median: at(sorted, 0.5), p95: at(sorted, 0.95), max: at(sorted, 1) }
}

/** The median decides: a shared machine has its bad moments, which the other columns show. */
export const isOver = ({ median, limit }: Row): boolean => limit !== undefined && median >= limit

/** How many times as much the largest size costs as the smallest: what has a limit follows what is due, not what exists. */
export function growth(rows: readonly Row[]): Row[] {
  return [...new Set(rows.map(row => row.what))].flatMap(what => {
    const [first, last] = [rows.find(row => row.what === what), rows.findLast(row => row.what === what)]
    if (!first?.limit || !last || first.size === last.size) return []
    const size = `${first.size} → ${last.size}`
    return [{ what, size, database: first.database, median: last.median / first.median, limit: 2, unit: '×' as const }]
  })
}

function number(value: number | undefined, unit = 'ms'): string {
  if (value === undefined) return ''
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ${unit}`
}

const heads = ['measured', 'size', 'database', 'median', 'p95', 'max', 'limit', '']

/** The rows as plain text in columns. */
export function drawTable(rows: readonly Row[]): string {
  const cells = rows.map(row => [
    ...[row.what, row.size, row.database],
    ...[row.median, row.p95, row.max].map(value => number(value, row.unit)),
    row.limit === undefined ? '' : `< ${row.limit} ${row.unit ?? 'ms'}`,
    row.limit === undefined ? '' : isOver(row) ? 'OVER' : 'ok',
  ])
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map(line => line[column]?.length ?? 0)))
  const draw = (line: readonly string[]) =>
    line
      .map((cell, column) =>
        column === 0 || column === 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [heads, widths.map(width => '-'.repeat(width)), ...cells].map(draw).join('\n')
}
