import { decidersOf } from '../attendance/look.ts'
import { Refusal } from '../errors.ts'
import { incidentsOfPerson, openIncidents } from '../incidents/find.ts'
import type { IncidentRecord } from '../incidents/incident.ts'
import { incidentByCode } from '../incidents/rows.ts'
import { type Person, rolesIn } from '../people/person.ts'
import { personByName } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import type { Talk } from './talk.ts'

/** Which incident is meant, and who may know of it. */

/** It is the matter of the one it is about, of the managers, and of whoever entered it. */
export async function mayKnow({ tx, ctx }: Pick<Talk, 'tx' | 'ctx'>, incident: IncidentRecord, person: Person) {
  const { view, teamId } = incident
  return (
    view.person === person.id ||
    view.by === person.id ||
    rolesIn(person, teamId).includes('manager') ||
    (await decidersOf(tx, ctx, teamId, view.person)).includes(person.id)
  )
}

export async function named(talk: Talk, code: string): Promise<IncidentRecord> {
  const found = await incidentByCode(talk.tx, talk.ctx.company, code)
  if (!found || !(await mayKnow(talk, found, talk.person)))
    throw new Refusal('unknown', `没有找到 ${code}。回复「我的奖惩」看看编号。`)
  return found
}

/** Where no number was said: the only one of his own that can be meant. */
export async function ownToAppeal(talk: Talk): Promise<IncidentRecord> {
  const { tx, ctx, person } = talk
  const own = await incidentsOfPerson(tx, ctx.company, { personId: person.id, from: monthsAgo(talk, 2) })
  const open = own.filter(({ view }) => view.state === 'confirmed' && !view.appeal)
  const [only, second] = open
  if (only && !second) return only
  if (!only) throw new Refusal('none', '你没有可以申诉的奖惩，没有提交。回复「我的奖惩」看看。')
  const codes = open.slice(0, 8).map(({ code, view }) => `${code}（${view.item}）`)
  throw new Refusal('which', `申诉哪一条？${codes.join('、')}。请带上编号，比如：申诉 ${only.code} 原因。`)
}

/** Where no number was said: the only one that waits for this manager. */
export async function waitingForMe(
  talk: Talk,
  state: 'proposed' | 'appealed',
  example: string,
): Promise<IncidentRecord> {
  const open = (await openFor(talk)).filter(({ view }) => view.state === state)
  const [only, second] = open
  if (only && !second) return only
  if (!only) throw new Refusal('none', state === 'proposed' ? '没有等你确认的奖惩。' : '没有等你答复的申诉。')
  throw new Refusal(
    'which',
    `等你处理的有 ${open.map(({ code }) => code).join('、')}，请带上编号，比如：${example} ${only.code}。`,
  )
}

/** What waits in the teams he manages. */
export async function openFor({ tx, ctx, person }: Talk): Promise<IncidentRecord[]> {
  const teams = managedTeams(person)
  const all = teams.length > 0 ? await openIncidents(tx, ctx.company, teams) : []
  return all.filter(({ view }) => view.person !== person.id)
}

export const managedTeams = (person: Person): string[] => [
  ...new Set(person.memberships.filter(({ role }) => role === 'manager').map(({ teamId }) => teamId)),
]

/** The first day of a month so many months ago. */
export function monthsAgo({ ctx }: Pick<Talk, 'ctx'>, months: number): string {
  const today = calendarOf(ctx.policy('default')).dayOf(ctx.clock.now())
  const [year = 0, month = 1] = today.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10)
}

/** Somebody of a team the speaker runs, and which team. */
export async function ofMyTeam(
  { tx, ctx }: Talk,
  name: string,
  teams: readonly string[],
): Promise<{ who: Person; teamId: string }> {
  const who = await personByName(tx, ctx.company, name)
  const home = who?.memberships.find(({ teamId, role }) => role === 'technician' && teams.includes(teamId))
  const any = home ?? who?.memberships.find(({ teamId }) => teams.includes(teamId))
  if (who && any) return { who, teamId: any.teamId }
  throw new Refusal('person', `你的班组里没有叫「${name}」的人，没有记录。请写全名，比如：扣分 张三 2分 迟到。`)
}
