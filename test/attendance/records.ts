import type { Mark, MarkKind, Records } from '../../src/attendance/record.ts'
import type { AwayDay } from '../../src/leave/away.ts'
import type { AttendanceRule } from '../../src/policy/attendancerule.ts'
import { readPolicy } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'

/** A rule book with attendance, hours 09:00–12:00 and 13:30–18:00, all days worked unless told. */
export function keeps(section: string, more = ''): { policy: Policy; rule: AttendanceRule } {
  const hours = 'hours: ["09:00-12:00", "13:30-18:00"]'
  const policy = readPolicy(`name: x\nversion: 1\n${hours}\nattendance: ${section}\n${more}`, 'x.yaml')
  if (!policy.attendance) throw new Error('no attendance in it')
  return { policy, rule: policy.attendance }
}

export const local = (text: string): Date => new Date(`${text.replace(' ', 'T')}+08:00`)

export const mark = (kind: MarkKind, at: string, more: Partial<Mark> = {}): Mark => ({
  ...{ kind, at: local(at), source: 'chat', place: null, flags: [], seenAt: local(at) },
  ...more,
})

export const away = (day: string, [from, to, share] = [0, 1440, 10_000]): AwayDay => ({
  ...{ leaveId: day, personId: 'p', teamId: 't', type: 'personal' },
  ...{ day, from: from ?? 0, to: to ?? 1440, share: share ?? 10_000, state: 'granted' },
})

/** Nothing but that check-ins were watched for. */
export const watched: Records = {
  person: { restDays: [], daysOff: [] },
  ...{ marks: [], signs: [], corrections: [], away: [], asks: [] },
  watched: [{ from: local('2026-01-01 00:00:00'), to: local('2027-12-31 00:00:00') }],
}
