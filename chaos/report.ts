import { cpus, loadavg, totalmem } from 'node:os'
import type { Outcome } from './stage.ts'

export interface Report extends Outcome {
  name: string
  database: string
  seconds: number
}

export const failed = ({ findings, errors }: Outcome): boolean =>
  errors.length > 0 || findings.some(({ violations }) => violations.length > 0)

const columns = ['scenario', 'database', 'what has to be so', 'checked', 'broken', 'besides'] as const

function cells({ name, database, findings, errors, expected }: Report): string[][] {
  const rows = findings.map(({ what, checked, violations, note }) => [
    what,
    `${checked}`,
    `${violations.length}`,
    note ?? '',
  ])
  const log = ['no error is logged but the fault’s own', `${errors.length + expected}`, `${errors.length}`, '']
  return [...rows, log].map((row, at) => [at === 0 ? name : '', at === 0 ? database : '', ...row])
}

/** Markdown, so that it can be kept as it was printed. */
export function drawTable(reports: readonly Report[]): string {
  const lines = [[...columns], columns.map(() => '---'), ...reports.flatMap(cells)]
  return lines.map(line => `| ${line.join(' | ')} |`).join('\n')
}

/** What happened, and every violated row. */
export function tell(report: Report): string {
  const { name, database, seconds, said, findings, errors } = report
  const head = `${name} on ${database}: ${failed(report) ? 'BROKEN' : 'held'} after ${seconds.toFixed(0)} s`
  const broken = findings.flatMap(({ what, violations }) => violations.map(row => `  ✗ ${what}: ${row}`))
  const logged = errors.map(line => `  ✗ logged: ${line.slice(0, 1_500)}`)
  return [head, ...said.map(words => `  ${words}`), ...broken.slice(0, 60), ...logged.slice(0, 20)].join('\n')
}

export const machine = (): string =>
  `${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}, load ${(loadavg()[0] ?? 0).toFixed(1)}`
