import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { rolesIn } from '../people/person.ts'
import { calendarOf } from '../policy/business.ts'
import { awayDays } from './find.ts'
import { rhythmOf, type Setting } from './look.ts'

/** Part of a day somebody of the team is not there. Minutes since midnight; `share` in ten-thousandths of a day. */
export interface LeaveTime {
  person: { id: string; name: string }
  /** Type of leave, `轮休` or `休息`. */
  why: string
  from: number
  to: number
  share: number
  /** Not decided yet. */
  asked: boolean
  /** Null: a day of rest of his own. */
  leaveId: string | null
}

export interface TeamDay {
  day: string
  works: boolean
  /** 周日, 国庆放假, 工作日 … */
  why: string
  away: LeaveTime[]
}

/** Who of a team is away on which day, from one to another, both inside. */
export async function teamDays(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  { from, to }: { from: string; to: string },
): Promise<TeamDay[]> {
  const { circle, teamId, policy } = setting
  const calendar = calendarOf(policy)
  const people = circle.people.filter(one => rolesIn(one, teamId).length > 0)
  const ids = people.map(({ id }) => id)
  const held = await awayDays(tx, ctx.company, ids, from, to)
  const days: TeamDay[] = []
  for (let day = from; day <= to; day = calendar.dayAfter(day, 1)) {
    const away = people.flatMap((one): LeaveTime[] => {
      const person = { id: one.id, name: one.name }
      const own = held.filter(({ personId, day: date }) => personId === one.id && date === day)
      if (own.length > 0)
        return own.map(({ type, from: begins, to: ends, share, state, leaveId }) => ({
          ...{ person, why: type, from: begins, to: ends, share, asked: state === 'asked', leaveId },
        }))
      const rest = rhythmOf(setting, one).rests(day)
      return rest === null ? [] : [{ person, why: rest, from: 0, to: 1440, share: 0, asked: false, leaveId: null }]
    })
    days.push({ day, works: calendar.isWorkday(day), why: calendar.describe(day), away })
  }
  return days
}
