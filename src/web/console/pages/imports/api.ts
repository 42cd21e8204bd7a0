import { ask, change } from '../../../shared/ask.ts'

export type Kind = 'orders' | 'people'

/** As `GET /api/v1/imports` has them. */
export interface ImportLine {
  id: string
  kind: Kind
  state: 'ready' | 'faulty' | 'importing' | 'imported' | 'expired'
  team: { id: string; name: string } | null
  fileName: string | null
  total: number
  good: number
  known: number
  bad: number
  done: number
  result: { imported: number; updated: number; skipped: number; failed: number; notes: Note[]; sameAs?: string } | null
  by: { id: string; name: string } | null
  createdAt: string
  importedAt: string | null
}

export interface Note {
  row: number
  message: string
}

export interface Import extends ImportLine {
  badRows: number[]
  faults: Array<{ row: number; column: string | null; value: string; message: string }>
  warnings: string[]
  notes: Note[]
  sample: Array<{ row: number; values: Record<string, string> }>
}

const api = '/console/api'

export const listImports = (): Promise<{ items: ImportLine[] }> => ask(`${api}/imports`)
export const loadImport = (id: string): Promise<Import> => ask(`${api}/imports/${id}`)
export const confirmImport = (id: string): Promise<Import> => ask(`${api}/imports/${id}/confirm`, change('POST', {}))
export const discardImport = (id: string): Promise<unknown> => ask(`${api}/imports/${id}`, change('DELETE'))

export function sendTable(kind: Kind, team: string, file: File): Promise<Import> {
  const query = new URLSearchParams({ kind, team, fileName: file.name })
  const type = /\.csv$/i.test(file.name) ? 'text/csv' : 'application/octet-stream'
  return ask(`${api}/imports?${query}`, change('POST', new Blob([file], { type })))
}

export const templateAt = (kind: Kind): string => `${api}/imports/template?kind=${kind}`
export const exportAt = (kind: Kind, given: Record<string, string>): string =>
  `${api}/exports/${kind}?${new URLSearchParams(given)}`
