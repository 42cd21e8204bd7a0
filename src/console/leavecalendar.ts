import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { HttpProblem } from '../http/problem.ts'
import { partWords, sayDay } from '../leave/daywords.ts'
import { leaveCodes } from '../leave/find.ts'
import { type Setting, settingOf } from '../leave/look.ts'
import { type LeaveTime, type TeamDay, teamDays } from '../leave/overview.ts'
import { rolesIn, type Team } from '../people/person.ts'
import type { AwayCell, CalendarDay, DayKind, LeaveCalendar } from './leavewire.ts'

const weekdays = ['日', '一', '二', '三', '四', '五', '六']

/** @throws HttpProblem 409 where the team's rule book knows no leave */
export async function settingFor(tx: Tx, ctx: Context, team: Pick<Team, 'id' | 'name'>): Promise<Setting> {
  const setting = await settingOf(tx, ctx, team.id)
  if (setting) return setting
  throw new HttpProblem(409, 'No leave', `「${team.name}」的制度里没有请假的规矩。要用请管理员在制度里加上 leave。`)
}

/** A month of a team: who is away on which day, with the days' own kind. `month`: this one when missing. */
export async function leaveCalendar(tx: Tx, ctx: Context, team: Team, month?: string): Promise<LeaveCalendar> {
  const setting = await settingFor(tx, ctx, team)
  const shown = month ?? setting.today.slice(0, 7)
  const [year = 0, number = 0] = shown.split('-').map(Number)
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
  const days = await teamDays(tx, ctx, setting, { from: `${shown}-01`, to: last })
  const ids = days.flatMap(({ away }) => away.flatMap(({ leaveId }) => leaveId ?? []))
  const codes = await leaveCodes(tx, ctx.company, [...new Set(ids)])
  const marks = marksOf(setting.rule.types.map(({ name }) => name))
  const cell = (day: string, one: LeaveTime): AwayCell => {
    const part = partWords(one.from, one.to, setting.rule.noon).trim()
    const says = `${one.person.name} ${sayDay(day, setting.today)} ${[one.why, part].filter(Boolean).join(' ')}${one.asked ? '（待批）' : ''}`
    return {
      ...{ day, type: one.why, part, asked: one.asked, says },
      // A type the rule book has no more is marked by its first letter.
      mark: one.leaveId === null ? '休' : (marks.get(one.why) ?? one.why.slice(0, 1)),
      code: one.leaveId === null ? null : (codes.get(one.leaveId) ?? null),
    }
  }
  const technician = (id: string) =>
    setting.circle.people.some(one => one.id === id && rolesIn(one, team.id).includes('technician'))
  const people = setting.circle.people
    .filter(one => rolesIn(one, team.id).length > 0)
    .sort((a, b) => Number(technician(b.id)) - Number(technician(a.id)) || a.name.localeCompare(b.name, 'zh'))
  return {
    ...{ team: { id: team.id, name: team.name }, month: shown, today: setting.today, days: days.map(dayOf) },
    people: people.map(({ id, name }) => ({
      ...{ id, name },
      cells: days.flatMap(({ day, away }) => away.filter(({ person }) => person.id === id).map(one => cell(day, one))),
    })),
    types: [...marks].map(([name, mark]) => ({ name, mark })),
  }
}

function dayOf({ day, works, why }: TeamDay): CalendarDay {
  const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? ''
  const kind = kindOf(works, why, weekday)
  return { day, weekday, kind, why: usual.has(why) ? null : why }
}

/** Reasons that nobody has to be told. */
const usual = new Set(['工作日', '全天上班'])

function kindOf(works: boolean, why: string, weekday: string): DayKind {
  if (works) return why.includes('补班') || why === '公司安排上班' ? 'makeup' : 'work'
  return why.startsWith(`周${weekday}`) ? 'rest' : 'holiday'
}

/** The first letter of each type, two where one would not tell them apart: 产, 陪产. */
function marksOf(names: readonly string[]): Map<string, string> {
  const marks = new Map<string, string>()
  for (const name of names) {
    const taken = new Set(marks.values())
    const mark = [name.slice(0, 1), name.slice(0, 2), name].find(one => !taken.has(one)) ?? name
    marks.set(name, mark)
  }
  return marks
}
