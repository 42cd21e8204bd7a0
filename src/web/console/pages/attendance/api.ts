import type { AttendanceDay, AttendanceTable } from '../../../../console/attendancewire.ts'
import { ask } from '../../../shared/ask.ts'

export const loadTable = (query: Record<string, string>): Promise<AttendanceTable> =>
  ask(`/console/api/attendance?${new URLSearchParams(query)}`)

export const loadDay = (query: { team: string; person: string; day: string }): Promise<AttendanceDay> =>
  ask(`/console/api/attendance/day?${new URLSearchParams(query)}`)
