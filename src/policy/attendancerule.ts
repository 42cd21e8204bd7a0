import { z } from 'zod'
import type { Segment } from './calendarrule.ts'
import { duration, factName, factWords, listOf, oneOf, role, timeOfDay } from './terms.ts'

/** Where it is known from who was at work. */
const sources = { chat: '聊天', platform: '平台', import: '导入' } as const
/** `noShow`: did not come at all; `tooLate`: came so late, or was late so often, that it counts as a day off duty (R5.1). */
const absences = { noShow: '旷工', tooLate: '缺勤' } as const

export type AttendanceSource = keyof typeof sources
export type AbsenceKind = keyof typeof absences

const moneyHelp = 'must be an amount above zero in quotes like "10.00"'

/** Read to fen. */
const money = z.string({ error: moneyHelp }).transform((text, context) => {
  const fen = /^\d{1,6}\.\d\d$/.test(text) ? Number(text.replace('.', '')) : 0
  if (fen === 0) context.addIssue({ code: 'custom', message: `${moneyHelp}, not "${text}"` })
  return fen
})
const pointsHelp = 'must be whole points, 1 to 100'
const points = z.int({ error: pointsHelp }).min(1, pointsHelp).max(100, pointsHelp)
const timesHelp = 'must be a whole number, 1 to 31'
const times = z.int({ error: timesHelp }).min(1, timesHelp).max(31, timesHelp)
const multipleHelp = "must be how many of a day's base wage, 1 to 10"
const multiple = z.int({ error: multipleHelp }).min(1, multipleHelp).max(10, multipleHelp)

/** What each time costs. */
const costs = { fine: money.optional(), points: points.optional() }

/** Facts of an order that show that he who reports them is on the road, where the policy names none. */
const onTheRoad = ['accepted', 'departed', 'arrived', 'completed', 'emptyRun'] as const

const attendanceFile = z.strictObject({
  /** The first day that counts; without it the day of a team's first check-in. */
  since: z.iso.date({ error: 'must be a day like "2026-12-01"' }).optional(),
  source: listOf(oneOf(sources)).default(['chat']),
  /** Whose hours are kept: who has one of these roles in the team. */
  roles: listOf(role).default(['technician', 'dispatcher']),
  /** When work begins and ends; the calendar's opening and closing when missing. */
  start: timeOfDay.optional(),
  end: timeOfDay.optional(),
  /** So much later is not late, so much earlier not early. */
  grace: duration.default(0),
  late: z
    .strictObject({
      ...costs,
      /** So many lates of a month are one day off duty. */
      perAbsence: times.optional(),
      /** Who comes later than this counts as off duty that day. */
      absentAfter: timeOfDay.optional(),
    })
    .optional(),
  early: z.strictObject(costs).optional(),
  offPost: z.strictObject({ ...costs, propose: times.optional() }).optional(),
  absence: z
    .strictObject({
      ...costs,
      /** What of it costs and is counted. */
      of: listOf(oneOf(absences)).default(['noShow']),
      /** R4.3: in days of base wage, for who asked that very day without having come, and who neither asked nor came. */
      wage: z.strictObject({ asked: multiple, silent: multiple }).optional(),
      /** When dismissal is proposed to the manager: working days on end, and times in a month (R4.9, R11). */
      propose: z.strictObject({ running: times.optional(), month: times.optional() }).optional(),
    })
    .optional(),
  /** Reports on orders by which somebody was at work, from so long before it begins; an empty list: none. */
  orders: z
    .strictObject({ facts: listOf(factName).default([...onTheRoad]), before: duration.default(2 * 3_600_000) })
    .prefault({}),
})

type AttendanceFile = z.output<typeof attendanceFile>
type Say = (path: PropertyKey[], message: string) => void

function contradictions(rule: AttendanceFile, say: Say): void {
  const { source, roles, start, end, late, early, offPost, absence, orders } = rule
  if (source.length === 0) say(['source'], 'is empty: name chat (聊天), platform (平台) or import (导入)')
  if (roles.length === 0)
    say(['roles'], 'is empty: name technician (技术员), dispatcher (派工员), manager (经理) or finance (财务)')
  if (start !== undefined && end !== undefined && end <= start) say(['end'], 'is not after `start`')
  if (!late && !early && !offPost && !absence)
    say([], 'has no rule: give `late`, `early`, `offPost` or `absence`, or leave it out')
  if (absence?.of.length === 0) say(['absence', 'of'], 'is empty: name noShow (旷工) or tooLate (缺勤)')
  if (absence?.wage && !absence.of.includes('noShow'))
    say(['absence', 'wage'], 'is never used: `of` does not name noShow (旷工)')
  if (absence?.of.includes('tooLate') && !late?.absentAfter && !late?.perAbsence)
    say(['absence', 'of'], 'names tooLate (缺勤): nothing is, without `late.absentAfter` or `late.perAbsence`')
  if (absence?.propose && !absence.propose.running && !absence.propose.month)
    say(['absence', 'propose'], 'is empty: give `running` or `month`, or leave it out')
  for (const [index, fact] of orders.facts.entries())
    if (['created', 'offered', 'dispatched', 'withdrawn', 'closed', 'urged'].includes(fact))
      say(['orders', 'facts', index], `is nothing a technician on the road reports: ${factWords[fact] ?? fact}`)
}

/** `attendance` of a policy file: when somebody is late, early, off his post or absent, and what follows (domain.md R5, R4.3, R4.9). */
export const attendanceRule = attendanceFile
  .check(context => {
    contradictions(context.value, (path, message) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path }),
    )
  })
  .transform(({ since, start, end, grace, late, early, offPost, absence, orders, source, roles }) => ({
    source,
    roles,
    since: since ?? null,
    start: start ?? null,
    end: end ?? null,
    graceMs: grace,
    late: late ? { ...cost(late), per: late.perAbsence ?? null, absentAfter: late.absentAfter ?? null } : null,
    early: early ? cost(early) : null,
    offPost: offPost ? { ...cost(offPost), propose: offPost.propose ?? null } : null,
    absence: absence
      ? {
          ...cost(absence),
          of: absence.of,
          wage: absence.wage ?? null,
          running: absence.propose?.running ?? null,
          inMonth: absence.propose?.month ?? null,
        }
      : null,
    orders: { facts: orders.facts, beforeMs: orders.before },
  }))

const cost = ({ fine, points }: { fine?: number | undefined; points?: number | undefined }) => ({
  fen: fine ?? 0,
  points: points ?? 0,
})

export type AttendanceRule = z.output<typeof attendanceRule>

/** What contradicts `attendance` in the rest of a policy; hours as they were given, undefined where not. */
export function attendanceContradictions(
  { start, end, late, graceMs }: AttendanceRule,
  usual: readonly Segment[],
  roundTheClock: boolean,
): Array<{ path: PropertyKey[]; message: string }> {
  const missing = (['start', 'end'] as const).filter(key => ({ start, end })[key] === null)
  if (roundTheClock && missing.length > 0)
    return missing.map(key => ({ path: [key], message: 'is missing: with roundTheClock no day opens or closes' }))
  const [opens, closes] = [start ?? usual[0]?.[0] ?? 0, end ?? usual.at(-1)?.[1] ?? 1440]
  const found: Array<{ path: PropertyKey[]; message: string }> = []
  if (closes <= opens) found.push({ path: [end === null ? 'start' : 'end'], message: 'leaves no time between' })
  const after = late?.absentAfter ?? null
  if (after !== null && after * 60_000 <= opens * 60_000 + graceMs)
    found.push({ path: ['late', 'absentAfter'], message: 'is no later than what is late: nobody could be late' })
  return found
}

export const absenceNames: Readonly<Record<AbsenceKind, string>> = absences
