/** One line of the table. Times are milliseconds. */
export interface Row {
  what: string
  /** What it was measured on: open orders, facts. */
  size: string
  database: string
  median: number
  p95?: number
  p99?: number
  max?: number
  /** What it has to stay below. */
  limit?: number
  /** What it has to reach. */
  least?: number
  /** The column the limit is about; the median when missing. */
  judged?: 'p99'
  /** `ms` when missing; `×` for how often one cost goes into another. */
  unit?: 'ms' | '×' | 'MB' | '/s' | 's' | 'cores' | 'statements'
  note?: string
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

/** The same with the 99th percentile, for what has enough of them. */
export function tail(durations: readonly number[]): { median: number; p95: number; p99: number; max: number } {
  const sorted = [...durations].sort((a, b) => a - b)
  return { ...spread(durations), p99: at(sorted, 0.99) }
}

/** What of it is judged: a shared machine has its bad moments, which the other columns show. */
export function isOver({ median, p99, judged, limit, least }: Row): boolean {
  const value = judged === 'p99' ? (p99 ?? median) : median
  return (limit !== undefined && value >= limit) || (least !== undefined && value < least)
}

/** How many times as much the largest size costs as the smallest: what has a limit follows what is due, not what exists. */
export function growth(rows: readonly Row[]): Row[] {
  return [...new Set(rows.map(row => row.what))].flatMap(what => {
    const [first, last] = [rows.find(row => row.what === what), rows.findLast(row => row.what === what)]
    if (!first?.limit || !last || first.size === last.size) return []
    const size = `${first.size} → ${last.size}`
    return [{ what, size, database: first.database, median: last.median / first.median, limit: 2, unit: '×' as const }]
  })
}

/** How often `other` goes into `own`, round by round, so that a machine that gets slower in between tells nothing. */
export function ratio(own: readonly number[], other: readonly number[]): { median: number; p95: number; max: number } {
  return spread(own.map((value, round) => value / (other[round] ?? Number.NaN)))
}

function number(value: number | undefined, unit = 'ms'): string {
  if (value === undefined) return ''
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ${unit}`
}

const heads = ['measured', 'size', 'database', 'median', 'p95', 'p99', 'max', 'limit', '', 'remark']

function cellsOf(row: Row): string[] {
  const { limit, least, unit, judged } = row
  const bound = limit !== undefined ? `< ${limit}` : least !== undefined ? `≥ ${least}` : ''
  return [
    ...[row.what, row.size, row.database],
    ...[row.median, row.p95, row.p99, row.max].map(value => number(value, unit)),
    bound && `${judged ? `${judged} ` : ''}${bound} ${unit ?? 'ms'}`,
    bound && (isOver(row) ? 'OVER' : 'ok'),
    row.note ?? '',
  ]
}

/** The rows as plain text in columns. */
export function drawTable(rows: readonly Row[]): string {
  const cells = rows.map(cellsOf)
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map(line => line[column]?.length ?? 0)))
  const draw = (line: readonly string[]) =>
    line
      .map((cell, column) =>
        column === 0 || column === 2 || column === 9
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [heads, widths.map(width => '-'.repeat(width)), ...cells].map(draw).join('\n')
}

/** The same for a document. */
export function markdownTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(row => line(cellsOf(row)))].join('\n')
}
