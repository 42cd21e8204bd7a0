import { partWords } from '../leave/daywords.ts'
import { needSetting } from '../leave/enact.ts'
import { awayDays, leavesOf } from '../leave/find.ts'
import { homeTeam, type LeaveScene } from '../leave/look.ts'
import { teamDays } from '../leave/overview.ts'
import { periodOf } from '../leave/periods.ts'
import type { LeaveRecord } from '../leave/request.ts'
import { usedLines } from '../leave/used.ts'
import { put } from '../outbox/store.ts'
import { deskTeams, runsDesk } from '../people/person.ts'
import { calendarOf } from '../policy/business.ts'
import type { SaidDays } from './intent.ts'
import { needScene, pendingFor, toDecide } from './leavefind.ts'
import { type AwayLine, leaveLine, myLeaveText, whoText } from './leavewords.ts'
import { type Reply, say, type Talk } from './talk.ts'

/** Lists of leave: 我的假, 待批, 谁休息. */

export async function pending(talk: Talk): Promise<Reply> {
  const scenes = await pendingFor(talk)
  const mineToDecide = toDecide(talk, scenes)
  const desk = scenes.filter(({ leave }) => runsDesk(talk.person, leave.teamId))
  const shownScenes = mineToDecide.length > 0 ? mineToDecide : desk
  if (shownScenes.length === 0) return say('没有待批的假。')
  for (const { leave } of mineToDecide.slice(0, 3)) await sendCard(talk, leave)
  const lines = shownScenes.slice(0, 15).map(scene => leaveLine(scene, { named: true }))
  const more = shownScenes.length > 15 ? `还有 ${shownScenes.length - 15} 个。` : ''
  return say([`待批 ${shownScenes.length} 个：`, ...lines, more].filter(Boolean).join('\n'))
}

export async function sendCard({ tx, ctx, person }: Talk, leave: LeaveRecord): Promise<void> {
  const now = ctx.clock.now()
  const dedupeKey = `leaveCard:${leave.id}:${now.getTime()}:${person.id}`
  await put(
    tx,
    ctx.company,
    [{ kind: 'leave.card', to: { person: person.id }, subject: leave.id, data: { asked: true }, dedupeKey }],
    now,
  )
}

export async function shown(talk: Talk, leave: LeaveRecord): Promise<Reply> {
  await sendCard(talk, leave)
  return say(`${leaveLine(await needScene(talk, leave), { named: true })}\n卡片马上到。`)
}

export async function mine(talk: Talk): Promise<Reply> {
  const { tx, ctx, person } = talk
  const teamId = homeTeam(person)
  const setting = await needSetting(tx, ctx, teamId ?? '')
  const scenes: LeaveScene[] = []
  for (const leave of await leavesOf(tx, ctx.company, person.id, setting.today))
    scenes.push(await needScene(talk, leave))
  for (const { leave } of scenes.slice(0, 2)) await sendCard(talk, leave)
  const year = periodOf('year', setting.today)
  const days = await awayDays(tx, ctx.company, [person.id], year.from, year.to)
  const used = usedLines(setting.rule, days, setting.today)
  return say(myLeaveText(scenes, used))
}

/** Days 谁休息 answers for at once. */
const mostShown = 7

const shortDay = (day: string): string => `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`

export async function who(talk: Talk, when: SaidDays | undefined): Promise<Reply> {
  const { tx, ctx, person } = talk
  const teamId = deskTeams(person)[0] ?? homeTeam(person) ?? ''
  const setting = await needSetting(tx, ctx, teamId)
  const first = when?.from.day ?? setting.today
  const last = when?.to && when.to.day > first ? when.to.day : first
  const calendar = calendarOf(setting.policy)
  const week = calendar.dayAfter(first, mostShown - 1)
  const days = await teamDays(tx, ctx, setting, { from: first, to: last < week ? last : week })
  const desk = runsDesk(person, teamId)
  const texts = days.map(({ day, works, why, away }) => {
    const lines = away.map((one): AwayLine => {
      const part = partWords(one.from, one.to, setting.rule.noon)
      return { name: one.person.name, why: one.why, part, asked: one.asked }
    })
    return whoText(day, setting, lines, desk, works ? null : why)
  })
  const next = shortDay(calendar.dayAfter(week, 1))
  const rest = last > week ? [`一次看 ${mostShown} 天，往后的请再问，比如：谁休息 ${next}。`] : []
  return say([`${setting.team} 休息和请假：`, ...texts, ...rest].join('\n'))
}
