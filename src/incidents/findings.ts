import type { Finding } from '../attendance/day.ts'
import type { MonthVerdict } from '../attendance/month.ts'
import type { IncidentsRule } from '../policy/incidentrule.ts'
import type { Miss } from './misses.ts'

const takes = (rule: IncidentsRule, what: Finding['what']) =>
  rule.items.filter(({ from }) => from && 'attendance' in from && from.attendance === what)

/** Whether a catalogue takes anything from attendance at all. */
export const takesFromAttendance = (rule: IncidentsRule | null): rule is IncidentsRule =>
  rule?.items.some(({ from }) => from && 'attendance' in from) ?? false

/** What a month of attendance tells that the catalogue has an item for (R5.2), day by day. Pure. */
export function findingsOf(person: string, { days }: Pick<MonthVerdict, 'days'>, rule: IncidentsRule): Miss[] {
  return days.flatMap(({ day, findings }) => {
    const seen = new Map<string, number>()
    return findings.flatMap(({ what, at, ms }): Miss[] => {
      if (what === 'tooLate') return []
      const nth = (seen.get(what) ?? 0) + 1
      seen.set(what, nth)
      const ground = { of: 'attendance' as const, what, at: at?.toISOString() ?? null, ms }
      const items = takes(rule, what).map(item => ({ item, ground, day }))
      return items.length > 0 ? [{ source: `attendance:${person}:${day}:${what}:${nth}`, person, items }] : []
    })
  })
}
