import type { Fault } from './table.ts'

/** An import, from the table somebody sent to what came of it. */

export const importKinds = ['orders', 'people', 'figures'] as const
export type ImportKind = (typeof importKinds)[number]

/** What is said of a single good row: skipped, updated with what. */
export interface Note {
  row: number
  message: string
}

/** A good row as it was understood, by column. */
export interface Sample {
  row: number
  values: Record<string, string>
}

/** What was made of a table. `entries` are its good rows, in the order they will be imported. */
export interface Judged<E> {
  total: number
  /** Rows of what is there already, which will be skipped. */
  known: number
  faults: Fault[]
  warnings: string[]
  notes: Note[]
  sample: Sample[]
  entries: E[]
}

/** What came of an import, so far or in the end. `skipped`: were there already. `failed`: could not be imported any more. */
export interface Result {
  imported: number
  updated: number
  skipped: number
  failed: number
  notes: Note[]
  /** The import of the same file that did it all. */
  sameAs?: string
}

export const nothing: Result = { imported: 0, updated: 0, skipped: 0, failed: 0, notes: [] }

/** Faults and notes kept with a preview; every bad row's number is kept besides. */
export const mostKept = 1_000
export const samples = 5
/** Up to so many orders the desk and the group hear of each, as if they were opened one by one. */
export const fewOrders = 20
export const keptMs = 86_400_000
/** Who works on a confirmed import holds it anew with each part; after so long without one it is the engine's. */
export const heldMs = 60_000

export function added(one: Result, other: Result): Result {
  return {
    ...{ imported: one.imported + other.imported, updated: one.updated + other.updated },
    ...{ skipped: one.skipped + other.skipped, failed: one.failed + other.failed },
    notes: [...one.notes, ...other.notes].slice(0, mostKept),
  }
}

/** Rows that have a fault, each once, from the top. */
export const badRows = (faults: readonly Fault[]): number[] =>
  [...new Set(faults.map(({ row }) => row))].sort((a, b) => a - b)

/** Whole rows as far as there is room: of the last one shown nothing is missing. */
export function keptFaults(faults: readonly Fault[]): Fault[] {
  const kept = new Set(badRows(faults).slice(0, mostKept))
  return faults.filter(({ row }) => kept.has(row))
}
