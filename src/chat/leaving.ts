import { Refusal } from '../errors.ts'
import { needSetting } from '../leave/enact.ts'
import { extensionOf } from '../leave/extend.ts'
import { homeTeam, type Setting } from '../leave/look.ts'
import type { LeaveAsk } from '../leave/prepare.ts'
import type { LeaveRecord } from '../leave/request.ts'
import { personByName } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { type LeaveType, leaveTypeOf } from '../policy/leaverule.ts'
import type { LeaveWish, SaidDays, SaidLength } from './intent.ts'
import { changed, decided, proofAwaited } from './leaveacts.ts'
import { changedForm, type LeaveDraft, propose } from './leavedraft.ts'
import { named, ownLeave } from './leavefind.ts'
import { mine, pending, shown, who } from './leavelists.ts'
import { howToAsk } from './leavewords.ts'
import type { Draft } from './store.ts'
import { type Reply, say, type Talk } from './talk.ts'

/** What people say about leave. */

export async function leaveWish(talk: Talk, wish: LeaveWish): Promise<Reply | null> {
  switch (wish.do) {
    case 'how':
      return say(howToAsk)
    case 'ask':
      return asked(talk, wish)
    case 'extend':
      return extended(talk, wish)
    case 'mine':
      return mine(talk)
    case 'pending':
      return pending(talk)
    case 'who':
      return who(talk, wish.when)
    case 'show':
      return shown(talk, await named(talk, wish.code))
    case 'return':
    case 'cancel':
    case 'withdraw':
      return changed(talk, wish)
    case 'proof':
      return proofAwaited(talk, await named(talk, wish.code))
    default:
      return decided(talk, wish)
  }
}

async function asked(talk: Talk, wish: Extract<LeaveWish, { do: 'ask' }>): Promise<Reply> {
  const { tx, ctx, person } = talk
  const applicant = wish.who ? await personByName(tx, ctx.company, wish.who) : person
  if (!applicant) throw new Refusal('person', `没有找到「${wish.who}」，请核对名字。`)
  const teamId = homeTeam(applicant)
  if (!teamId || !person.memberships.some(one => one.teamId === teamId))
    throw new Refusal('team', `${applicant.name}不在你的班组里，请让他自己或他的派工员来请。`)
  const setting = await needSetting(tx, ctx, teamId)
  const { rule } = setting
  const named = wish.type === undefined ? undefined : leaveTypeOf(rule, wish.type)
  const type = named ?? rule.types[0]
  if (!type) throw new Refusal('type', '制度里没有假别，请管理员补上。')
  const { when, length } = wish
  if (!when && length) return say(`${type.name}从哪天开始？请连着说，比如：请假 明天起 ${sayLength(length)}。`)
  return propose(talk, setting, {
    ...{ kind: 'leave', teamId, applicant: applicant.id, type: type.name, typeNamed: named !== undefined },
    ...(when && { span: { from: when.from, until: untilOf(when, length, type, setting) } }),
    ...{ reason: wish.reason ?? '', came: wish.came === true, words: talk.speech.words ?? '' },
  })
}

const sayLength = (length: SaidLength): string => ('days' in length ? `${length.days}天` : `${length.hours}小时`)

function untilOf(
  when: SaidDays,
  length: SaidLength | undefined,
  type: LeaveType,
  { rule }: Setting,
): LeaveAsk['until'] {
  if (when.to) return { to: when.to }
  if (!length) return { to: { day: when.from.day, minute: 1440 } }
  if ('days' in length) return { days: length.days }
  if (type.unit === 'day') return { days: Math.max(1, Math.ceil(length.hours / rule.hoursPerDay)) }
  const end = when.from.minute + Math.round(length.hours * 60)
  return { to: { day: when.from.day, minute: Math.min(end, 1440) } }
}

/** Plain words while the form is open: the day it lacks, else the reason. Null when they are neither. */
export async function completeLeave(
  talk: Talk,
  draft: Draft,
  text: string,
  more: LeaveWish | null,
): Promise<Reply | null> {
  const held = draft.data as LeaveDraft
  const setting = await needSetting(talk.tx, talk.ctx, held.teamId)
  const type = leaveTypeOf(setting.rule, held.type)
  if (!held.span && more?.do === 'ask' && more.when && type) {
    const span = { from: more.when.from, until: untilOf(more.when, more.length, type, setting) }
    return changedForm(talk, draft, { ...held, span, reason: more.reason ?? held.reason })
  }
  if (!held.span || held.reason) return null
  return changedForm(talk, draft, { ...held, reason: text.trim().slice(0, 200) })
}

/** 续假: from the end of the leave on, asked before that is over (R4.8). */
async function extended(talk: Talk, wish: Extract<LeaveWish, { do: 'extend' }>): Promise<Reply> {
  const { tx, ctx, person } = talk
  const leave = await ownLeave(talk, wish.code, record => record.view.state === 'granted' && !isOver(record))
  const setting = await needSetting(tx, ctx, leave.teamId)
  const { view, code } = leave
  const { type, from: end } = extensionOf(leave, setting, person)
  if (!wish.when && !wish.length) return say(`续到什么时候？请连着说，比如：续假 ${code} 1天 原因。`)
  const until =
    wish.length && 'days' in wish.length
      ? { days: wish.length.days }
      : untilOf({ from: end, ...(wish.when?.to && { to: wish.when.to }) }, wish.length, type, setting)
  return propose(talk, setting, {
    ...{ kind: 'extend', teamId: leave.teamId, applicant: person.id, type: view.type, typeNamed: true },
    span: { from: end, until },
    ...{ of: { id: leave.id, code }, reason: wish.reason ?? '', came: true, words: talk.speech.words ?? '' },
  })

  function isOver(record: LeaveRecord): boolean {
    return (record.view.days.at(-1)?.day ?? '') < calendarOf(ctx.policy('default')).dayOf(ctx.clock.now())
  }
}
