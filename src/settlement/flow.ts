import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import type { Speech } from '../orders/announce.ts'
import { type Person, rolesIn, type Team } from '../people/person.ts'
import { namesOf, teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { announceMonth } from './announce.ts'
import type { MonthRecord } from './closing.ts'
import { type Doing, decideMonth, type MonthCommand } from './decide.ts'
import { touchedAfter } from './find.ts'
import { momentsOf } from './look.ts'
import { monthOfTeam, slipOf } from './rows.ts'
import { appendMonth, type Frame, openMonth } from './store.ts'

/** The rule book a month is settled by: the one in force on its last day, in the version that holds for that day. */
export function rulesOfMonth(ctx: Context, team: Pick<Team, 'policy'>, month: string): Policy {
  const current = ctx.policy(team.policy)
  const end = new Date(momentsOf(current, month).to.getTime() - 1)
  const now = ctx.clock.now()
  return ctx.policy(team.policy, end < now ? end : now)
}

/** Whether a rule book has anything a month is settled by. */
export const settles = ({ pay, points, scorecards }: Policy): boolean =>
  pay !== null || points !== null || scorecards.length > 0

export interface MonthRequest {
  team: Team
  month: string
  command: MonthCommand
  /** Who says it; null: the service, or a program. */
  by: Person | null
  speech: Speech
}

/** Does something to a month and tells everybody what it means for them. @throws Refusal */
export async function changeMonth(
  tx: Tx,
  ctx: Context,
  request: MonthRequest,
): Promise<{ before: MonthRecord; after: MonthRecord }> {
  const { team, month, command, by, speech } = request
  const policy = rulesOfMonth(ctx, team, month)
  if (!settles(policy))
    throw new Refusal(
      'policy',
      `「${team.name}」的制度没有工资、积分或考核，没有可月结的。请在制度文件里加上 pay、points 或 scorecards。`,
    )
  const known = await monthOfTeam(tx, ctx.company, team.id, month)
  if (!known && command.do !== 'draft')
    throw new Refusal(
      'none',
      `${Number(month.slice(5))}月还没有月结。经理回复「月结 ${Number(month.slice(5))}月」开始。`,
    )
  const now = ctx.clock.now()
  const doing = await doingOf(tx, ctx, request, known, policy)
  // What can't be asked for leaves no empty month behind.
  if (!known) decideMonth(blank(ctx, team, month), command, doing)
  const before = await openMonth(tx, ctx.company, { teamId: team.id, month, policy: policy.name }, now)
  const bodies = decideMonth(before, command, doing)
  const after = await appendMonth(tx, before, bodies, frameOf(ctx, by, speech))
  await announceMonth(tx, ctx, { record: after, policy, added: after.facts.slice(before.facts.length) })
  ctx.ring()
  return { before, after }
}

const blank = (ctx: Context, team: Team, month: string): MonthRecord => ({
  ...{ company: ctx.company, id: '', teamId: team.id, team: team.name, month, policy: team.policy, facts: [] },
  view: {
    ...{ state: 'draft', wanted: false, reckoned: null, setByHand: [], appeals: [], publishedAt: null },
    ...{ appealsUntil: null, lockedAt: null, version: 0 },
  },
})

async function doingOf(
  tx: Tx,
  ctx: Context,
  { team, command, by, speech }: MonthRequest,
  record: MonthRecord | null,
  policy: Policy,
): Promise<Doing> {
  const now = ctx.clock.now()
  const about = command.do === 'adjust' ? command.person : command.do === 'appeal' ? (by?.id ?? null) : null
  const slip = about !== null && record ? await slipOf(tx, ctx.company, record.id, about) : null
  const asked = command.do === 'answer' ? record?.view.appeals.find(({ nr }) => nr === command.nr) : undefined
  const people = [about, asked?.person, asked?.answer?.by].flatMap(id => id ?? [])
  const names = await namesOf(tx, ctx.company, people)
  return {
    stale: (command.do === 'publish' || command.do === 'lock') && (await isStale(tx, ctx, team, record, policy)),
    ...{ by: by?.id ?? null, now, rule: policy.month, today: calendarOf(policy).dayOf(now) },
    manages: by === null ? speech.via !== 'text' : rolesIn(by, team.id).includes('manager'),
    lines: slip && new Set(slip.lines.filter(({ as }) => as !== 'value').map(({ item }) => item)),
    name: id => names.get(id) ?? '（已离职）',
  }
}

/** Whether a month would come to something else if it were reckoned now: the draft is not true any more. */
export const monthIsStale = (tx: Tx, ctx: Context, team: Team, record: MonthRecord): Promise<boolean> =>
  isStale(tx, ctx, team, record, rulesOfMonth(ctx, team, record.month))

async function isStale(
  tx: Tx,
  { company }: Context,
  team: Team,
  record: MonthRecord | null,
  policy: Policy,
): Promise<boolean> {
  const reckoned = record?.view.reckoned
  if (!record || !reckoned) return false
  if (reckoned.policy !== policy.name || reckoned.rules !== policy.version) return true
  const span = { ...momentsOf(policy, record.month), name: record.month }
  return touchedAfter(tx, company, team.id, span, new Date(reckoned.at))
}

export function frameOf(ctx: Context, by: Person | null, speech: Speech): Frame {
  return {
    ...{ at: ctx.clock.now().toISOString(), by: by?.id ?? null, via: speech.via },
    ...(speech.words !== undefined && { words: speech.words }),
  }
}

/** The team of a month's row. */
export async function teamOfMonth(ctx: Context, teamId: string): Promise<Team | null> {
  return inTransaction(ctx.db, tx => teamById(tx, ctx.company, teamId))
}
