import { Refusal } from '../errors.ts'
import { type Person, rolesIn, type Team } from '../people/person.ts'
import { peopleOf, personByName, teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { doneText, listText, pointsText } from '../settlement/answering.ts'
import type { MonthRecord } from '../settlement/closing.ts'
import { monthsFrom } from '../settlement/days.ts'
import { changeMonth, rulesOfMonth, settles } from '../settlement/flow.ts'
import { keepsPoints, pointsNow } from '../settlement/pointsnow.ts'
import { monthById, monthOfTeam, monthsOf, ownMonths, resultOf, slipOf, slipsOf } from '../settlement/rows.ts'
import { groupText, lineText, monthName, slipText } from '../settlement/saying.ts'
import type { Slip } from '../settlement/slip.ts'
import type { MonthWish } from './intent.ts'
import { type Reply, say, type Talk } from './talk.ts'

type Of<Do extends MonthWish['do']> = Extract<MonthWish, { do: Do }>

/** What is said of a month: 月结, 发布, 改, 申诉, 我的工资, 我的积分 … */
export async function monthWish(talk: Talk, wish: MonthWish): Promise<Reply> {
  const open = wish.do === 'ranking'
  if (talk.inbound.chat.kind === 'group' && !open)
    throw new Refusal('group', '工资、积分和月结不在群里说。请在和派工的单聊里再说一次。')
  switch (wish.do) {
    case 'draft':
    case 'publish':
    case 'lock':
      return close(talk, wish)
    case 'adjust':
      return adjust(talk, wish)
    case 'appeal':
      return appeal(talk, wish)
    case 'keep':
      return keep(talk, wish)
    case 'pay':
      return pay(talk, wish)
    case 'points':
      return points(talk, wish)
    case 'ranking':
      return ranking(talk, wish)
  }
}

const today = ({ ctx }: Talk, team: Team): string => {
  const policy = ctx.policy(team.policy)
  return calendarOf(policy).dayOf(ctx.clock.now())
}

/** The month before this one: what is settled when no other is named. */
const lastMonth = (talk: Talk, team: Team): string => monthsFrom(today(talk, team).slice(0, 7), -1)

async function teamsWhere(talk: Talk, is: (team: Team) => boolean): Promise<Team[]> {
  const ids = [...new Set(talk.person.memberships.map(({ teamId }) => teamId))]
  const teams: Team[] = []
  for (const id of ids) {
    const team = await teamById(talk.tx, talk.ctx.company, id)
    if (team && is(team)) teams.push(team)
  }
  return teams
}

/** Teams he manages that have months; the one he names where there are several. */
async function managedTeam(talk: Talk, named?: string): Promise<Team> {
  const { ctx, person } = talk
  const managed = await teamsWhere(talk, team => rolesIn(person, team.id).includes('manager'))
  if (managed.length === 0) throw new Refusal('role', '月结由班组经理办理。看自己的请回复「我的工资」或「我的积分」。')
  const teams = managed.filter(team => settles(ctx.policy(team.policy)))
  const fitting = named === undefined ? teams : teams.filter(({ name }) => named.includes(name))
  const [only, second] = fitting.length > 0 ? fitting : teams
  if (!only) throw new Refusal('policy', '你的班组的制度没有工资、积分或考核，没有可月结的。')
  if (second)
    throw new Refusal(
      'team',
      `你管着几个班组，请带上班组名，比如：月结 ${only.name} 10月。班组：${teams.map(({ name }) => name).join('、')}。`,
    )
  return only
}

async function close(talk: Talk, wish: Of<'draft' | 'publish' | 'lock'>): Promise<Reply> {
  const { tx, ctx, person, speech } = talk
  const team = await managedTeam(talk, wish.team)
  const month = wish.month ?? lastMonth(talk, team)
  const { after } = await changeMonth(tx, ctx, { team, month, command: { do: wish.do }, by: person, speech })
  return say(doneText(after, wish.do, rulesOfMonth(ctx, team, month).zone))
}

/** The month that changes are for: the one named, else the latest that is not locked. */
async function openMonthOf(talk: Talk, team: Team, named: string | undefined): Promise<string> {
  if (named !== undefined) return named
  const months = await monthsOf(talk.tx, talk.ctx.company, team.id, 12)
  return months.find(({ state }) => state !== 'locked')?.month ?? months[0]?.month ?? lastMonth(talk, team)
}

async function adjust(talk: Talk, wish: Of<'adjust'>): Promise<Reply> {
  const { tx, ctx, person, speech } = talk
  const team = await managedTeam(talk)
  const who = await inTeam(talk, team, wish.who)
  const month = await openMonthOf(talk, team, wish.month)
  const fen = wish.fen === null ? null : BigInt(wish.fen)
  const command = { do: 'adjust' as const, person: who.id, item: wish.item, fen, reason: wish.reason }
  const { after } = await changeMonth(tx, ctx, { team, month, command, by: person, speech })
  return say(doneText(after, 'adjust', rulesOfMonth(ctx, team, month).zone, { who: who.name, item: wish.item, fen }))
}

async function inTeam({ tx, ctx }: Talk, team: Team, name: string): Promise<Person> {
  const who = await personByName(tx, ctx.company, name)
  const gone = who && (await monthsOf(tx, ctx.company, team.id, 3))
  const known = who?.memberships.some(({ teamId }) => teamId === team.id)
  const paid = who && gone ? await anySlip({ tx, ctx }, gone, who.id) : false
  if (!who || (!known && !paid)) throw new Refusal('person', `「${team.name}」里没有「${name}」。请写全名。`)
  return who
}

async function anySlip(
  { tx, ctx }: Pick<Talk, 'tx' | 'ctx'>,
  months: ReadonlyArray<{ id: string }>,
  person: string,
): Promise<boolean> {
  for (const { id } of months) if (await slipOf(tx, ctx.company, id, person)) return true
  return false
}

async function appeal(talk: Talk, wish: Of<'appeal'>): Promise<Reply> {
  const { tx, ctx, person, speech } = talk
  const { record } = await ownSlip(talk, wish.month)
  const team = await needTeam(talk, record.teamId)
  const command = { do: 'appeal' as const, item: wish.item, reason: wish.reason }
  const { after } = await changeMonth(tx, ctx, { team, month: record.month, command, by: person, speech })
  return say(doneText(after, 'appeal', rulesOfMonth(ctx, team, record.month).zone, { item: wish.item }))
}

async function needTeam({ tx, ctx }: Pick<Talk, 'tx' | 'ctx'>, id: string): Promise<Team> {
  const team = await teamById(tx, ctx.company, id)
  if (!team) throw new Refusal('team', '这个班组已经不在了。')
  return team
}

async function keep(talk: Talk, { nr, reason, month: named }: Of<'keep'>): Promise<Reply> {
  const { tx, ctx, person, speech } = talk
  const team = await managedTeam(talk)
  const month = await openMonthOf(talk, team, named)
  const command = { do: 'answer' as const, nr, upheld: false, reason }
  const { after } = await changeMonth(tx, ctx, { team, month, command, by: person, speech })
  return say(doneText(after, 'answer', rulesOfMonth(ctx, team, month).zone))
}

/** His latest payslip that he may see, or that of the month he names. */
export async function ownSlip(talk: Talk, month: string | undefined): Promise<{ record: MonthRecord; slip: Slip }> {
  const { tx, ctx, person } = talk
  const [found] = await ownMonths(tx, ctx.company, person.id, month ?? null)
  const record = found && (await monthById(tx, ctx.company, found.record.id))
  if (!found || !record)
    throw new Refusal(
      'none',
      month === undefined
        ? '还没有发布过你的工资条。经理发布以后，这里会发给你。'
        : `${monthName(month)}的工资条还没有发布，或没有你的。`,
    )
  return { record, slip: found.slip }
}

/** 我的工资, 工资 全勤奖, and for a manager 工资 张三, 工资 10月. */
async function pay(talk: Talk, { words, month }: Of<'pay'>): Promise<Reply> {
  const { tx, ctx, person } = talk
  const managed = await teamsWhere(talk, team => rolesIn(person, team.id).includes('manager'))
  const members =
    managed.length > 0
      ? await peopleOf(
          tx,
          ctx.company,
          managed.map(({ id }) => id),
        )
      : []
  const other = words === undefined ? undefined : members.find(({ name }) => words.startsWith(name))
  if (other) return ofOther(talk, managed, other, words?.slice(other.name.length).trim(), month)
  const own = await ownMonths(tx, ctx.company, person.id, month ?? null)
  if (managed.length > 0 && words === undefined && own.length === 0) return teamPay(talk, managed, month)
  const { record, slip } = await ownSlip(talk, month)
  return say(await slipWords(talk, record, slip, words))
}

async function ofOther(
  talk: Talk,
  managed: readonly Team[],
  other: Person,
  item: string | undefined,
  month: string | undefined,
): Promise<Reply> {
  const { tx, ctx } = talk
  for (const team of managed) {
    for (const row of await monthsOf(tx, ctx.company, team.id, 12)) {
      if (month !== undefined && row.month !== month) continue
      const slip = await slipOf(tx, ctx.company, row.id, other.id)
      const record = slip && (await monthById(tx, ctx.company, row.id))
      if (slip && record) return say(await slipWords(talk, record, slip, item || undefined))
    }
  }
  throw new Refusal(
    'none',
    `${other.name} ${month === undefined ? '' : monthName(month)}还没有工资条。先回复「月结 ${month === undefined ? '10月' : monthName(month)}」。`,
  )
}

async function slipWords(talk: Talk, record: MonthRecord, slip: Slip, item: string | undefined): Promise<string> {
  const { zone } = rulesOfMonth(talk.ctx, await needTeam(talk, record.teamId), record.month)
  if (item === undefined) return slipText(slip, record, zone)
  const line = slip.lines.find(one => one.item === item) ?? slip.lines.find(one => one.item.includes(item))
  if (!line)
    throw new Refusal(
      'item',
      `${monthName(slip.month)}的工资条没有「${item}」。有的是：${slip.lines.map(one => one.item).join('、')}。`,
    )
  return lineText(slip, line)
}

async function teamPay(talk: Talk, managed: readonly Team[], month: string | undefined): Promise<Reply> {
  const { tx, ctx } = talk
  for (const team of managed) {
    const of = await openMonthOf(talk, team, month)
    const record = await monthOfTeam(tx, ctx.company, team.id, of)
    if (!record) continue
    const slips = await slipsOf(tx, ctx.company, record.id, { limit: 60 })
    return say(listText(record, slips))
  }
  throw new Refusal('none', '还没有月结过。经理回复「月结 10月」开始。')
}

/** 我的积分: the ledger brought up to now. */
async function points(talk: Talk, { words, month: named }: Of<'points'>): Promise<Reply> {
  const { tx, ctx, person } = talk
  const teams = await teamsWhere(talk, team => keepsPoints(ctx.policy(team.policy)))
  const [first] = teams
  if (!first) throw new Refusal('policy', '你的班组的制度没有积分。')
  const who = words === undefined ? person : await managedPerson(talk, teams, words)
  const team = teams.find(one => who.memberships.some(({ teamId }) => teamId === one.id)) ?? first
  const month = named ?? today(talk, team).slice(0, 7)
  if (month > today(talk, team).slice(0, 7)) throw new Refusal('month', `${monthName(month)}还没到。`)
  const { policy, entries, codes } = await pointsNow(tx, ctx, { team, month, person: who.id })
  return say(pointsText(who.id === person.id ? '你' : who.name, month, policy, entries, codes))
}

async function managedPerson(talk: Talk, teams: readonly Team[], name: string): Promise<Person> {
  const { tx, ctx, person } = talk
  const who = await personByName(tx, ctx.company, name)
  const mine = teams.some(({ id }) => rolesIn(person, id).includes('manager') && who && rolesIn(who, id).length > 0)
  if (who?.id === person.id) return who
  if (!who || !mine)
    throw new Refusal('person', `看不到「${name}」的积分：只有班组经理能看本班组的人。看自己的请回复「我的积分」。`)
  return who
}

async function ranking(talk: Talk, { month: named }: Of<'ranking'>): Promise<Reply> {
  const { tx, ctx } = talk
  const teams = await teamsWhere(talk, team => settles(ctx.policy(team.policy)))
  for (const team of teams) {
    const shown = (await monthsOf(tx, ctx.company, team.id, 12)).find(
      ({ state, month }) => state !== 'draft' && (named === undefined || month === named),
    )
    const result = shown && (await resultOf(tx, ctx.company, shown.id)).result
    if (!shown || !result) continue
    const { targets, zone } = rulesOfMonth(ctx, team, shown.month)
    return say(groupText(result, targets, null, zone))
  }
  throw new Refusal('none', `${named === undefined ? '' : monthName(named)}还没有发布过排名。`)
}
