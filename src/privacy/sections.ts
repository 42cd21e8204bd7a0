import { writeTime } from '../imports/times.ts'

/** What is kept of somebody, as tables with Chinese heads: for a workbook he can read, and for programs as they are. */
export interface Section {
  title: string
  columns: readonly string[]
  rows: ReadonlyArray<readonly string[]>
}

/** A moment as it is written in these tables: `2026-11-25 14:05`, in the zone of the business. */
export const momentIn =
  (zone: string) =>
  (at: Date | string | null): string =>
    at === null ? '' : writeTime({ from: new Date(at).toISOString() }, zone)

/** What a person holds in his hand, without sections that are empty. */
export const filled = (sections: readonly Section[]): Section[] => sections.filter(({ rows }) => rows.length > 0)
