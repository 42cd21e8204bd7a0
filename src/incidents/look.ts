import { decidersOf } from '../attendance/look.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import type { Team } from '../people/person.ts'
import { namesOf, teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import type { IncidentItem, IncidentsRule } from '../policy/incidentrule.ts'
import type { Policy } from '../policy/schema.ts'
import type { IncidentRecord } from './incident.ts'
import { answerDay, lastAppealDay } from './next.ts'

/** What a team's incidents are judged by. */
export interface Setting {
  team: Pick<Team, 'id' | 'name'>
  /** Name of the rule book. */
  name: string
  policy: Policy
  rule: IncidentsRule
  now: Date
  today: string
}

/** Null where the rule book knows no incidents. */
export function settingBy(ctx: Context, team: Pick<Team, 'id' | 'name'>, name: string, policy: Policy): Setting | null {
  const { incidents: rule } = policy
  const now = ctx.clock.now()
  return rule && { team, name, policy, rule, now, today: calendarOf(policy).dayOf(now) }
}

export async function needSetting(tx: Tx, ctx: Context, teamId: string): Promise<Setting> {
  const team = await teamById(tx, ctx.company, teamId)
  const setting = team && settingBy(ctx, team, team.policy, ctx.policy(team.policy))
  if (setting) return setting
  throw new Refusal('none', '你们班组的制度里没有奖惩项目，没有记录。要用请让管理员在制度里加上 incidents。')
}

/** The rules an incident was entered by. */
export const rulesOf = (ctx: Context, { view, facts }: Pick<IncidentRecord, 'view' | 'facts'>): Policy =>
  ctx.policy(view.policy.name, new Date(facts[0]?.at ?? ''))

/** All that cards and sentences about an incident are made from, as of now. */
export interface IncidentScene {
  incident: IncidentRecord
  policy: Policy
  /** Its item, as the rule book has it; undefined where it is gone from there. */
  item: IncidentItem | undefined
  now: Date
  today: string
  deciders: string[]
  /** The last day he may appeal, null while it does not count; the last one to answer an appeal that waits. */
  lastAppealDay: string | null
  answerDay: string | null
  nameOf(person: string): string
}

export async function incidentScene(tx: Tx, ctx: Context, incident: IncidentRecord): Promise<IncidentScene> {
  const policy = rulesOf(ctx, incident)
  const { view } = incident
  const now = ctx.clock.now()
  const deciders = await decidersOf(tx, ctx, incident.teamId, view.person)
  const people = [view.person, ...deciders, ...incident.facts.flatMap(({ by }) => by ?? [])]
  const names = await namesOf(tx, ctx.company, people)
  return {
    ...{ incident, policy, now, today: calendarOf(policy).dayOf(now), deciders },
    item: policy.incidents?.items.find(({ name }) => name === view.item),
    ...{ lastAppealDay: lastAppealDay(view, policy), answerDay: answerDay(view, policy) },
    nameOf: id => names.get(id) ?? '（已离职）',
  }
}
