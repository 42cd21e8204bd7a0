import { type WriteSheet, writeXlsx } from 'hucre/xlsx'
import { promised } from '../support/promised.ts'
import { apiToken, type World } from '../support/world.ts'

/** Tables sent and fetched through the API, as programs do. */

export const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
export const csv = 'text/csv'

export interface Fault {
  row: number
  column: string | null
  value: string
  message: string
}

export interface Preview {
  id: string
  kind: string
  state: string
  total: number
  good: number
  known: number
  bad: number
  badRows: number[]
  done: number
  faults: Fault[]
  warnings: string[]
  notes: Array<{ row: number; message: string }>
  sample: Array<{ row: number; values: Record<string, string> }>
  result: null | {
    imported: number
    updated: number
    skipped: number
    failed: number
    notes: Array<{ row: number; message: string }>
    sameAs?: string
  }
  detail?: string
  errors?: Array<{ path: string; message: string }>
}

type Value = string | number | boolean | Date | null
export type Rows = ReadonlyArray<readonly Value[]>
type Answer = { status: number; body: Preview }

export async function book(rows: Rows, more: Partial<WriteSheet> = {}): Promise<Buffer> {
  return Buffer.from(await writeXlsx({ sheets: [{ name: '表', rows: rows.map(row => [...row]), ...more }] }))
}

export const bearer = (token: string = apiToken) => ({ Authorization: `Bearer ${token}` })

/** Sends a table of 一班 unless the query says otherwise. */
export async function send(
  { url }: Pick<World, 'url'>,
  query: Record<string, string>,
  body: Buffer | string,
  token?: string,
): Promise<Answer> {
  const path = `/imports?${new URLSearchParams(query)}`
  const bytes = Buffer.from(body)
  const headers = { ...bearer(token), 'Content-Type': bytes.subarray(0, 2).toString() === 'PK' ? xlsx : csv }
  return promised('POST', path, await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: bytes }))
}

export const orders = { kind: 'orders', team: '一班' }

export async function confirm({ url }: Pick<World, 'url'>, id: string): Promise<Answer> {
  const path = `/imports/${id}/confirm`
  return promised('POST', path, await fetch(`${url}/api/v1${path}`, { method: 'POST', headers: bearer() }))
}

/** A preview that is good, confirmed. */
export async function imported(
  world: Pick<World, 'url'>,
  query: Record<string, string>,
  body: Buffer | string,
): Promise<Preview> {
  const preview = await send(world, query, body)
  if (preview.body.state !== 'ready') throw new Error(JSON.stringify(preview.body.faults ?? preview.body))
  const answer = await confirm(world, preview.body.id)
  if (answer.status !== 200) throw new Error(JSON.stringify(answer))
  return answer.body
}
