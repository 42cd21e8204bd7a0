import { Refusal } from '../errors.ts'
import type { LeaveSpan } from '../leave/count.ts'
import { needSetting } from '../leave/enact.ts'
import { askLeave, planLeave } from '../leave/flow.ts'
import { homeTeam, type Setting } from '../leave/look.ts'
import { type LeaveAsk, standing } from '../leave/prepare.ts'
import { cameToday, onJobNow } from '../leave/presence.ts'
import { isPending, type LeaveRecord } from '../leave/request.ts'
import { put } from '../outbox/store.ts'
import { personByName } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { type LeaveType, leaveTypeOf } from '../policy/leaverule.ts'
import type { LeaveWish, SaidDays, SaidLength } from './intent.ts'
import { changed, decided, proofAwaited } from './leaveacts.ts'
import { named, needScene, ownLeave } from './leavefind.ts'
import { mine, pending, shown, who } from './leavelists.ts'
import { askedText, confirmLeaveCard, howToAsk } from './leavewords.ts'
import { closeDraft, type Draft, openDraft } from './store.ts'
import { type Reply, say, show, type Talk } from './talk.ts'
import { closedCard } from './words.ts'

/** What is kept of a request until it is confirmed: said again with the same words it comes to the same days. */
export interface LeaveDraft {
  kind: 'leave' | 'extend'
  teamId: string
  applicant: string
  of?: { id: string; code: string }
  type: string
  from: LeaveSpan['from']
  until: LeaveAsk['until']
  reason: string
  came: boolean
  words: string
}

const openMinutes = 60

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
  if (!wish.when) {
    const length = wish.length ? `${type.name} ` : ''
    return say(
      `${length}从哪天开始？请连着说，比如：请假 明天${wish.length ? '起' : ''} ${sayLength(wish.length) || '家里有事'}。`,
    )
  }
  const until = untilOf(wish.when, wish.length, type, setting)
  return propose(talk, setting, {
    ...{ kind: 'leave', teamId, applicant: applicant.id, type: type.name, from: wish.when.from, until },
    ...{ reason: wish.reason ?? '', came: wish.came === true, words: talk.speech.words ?? '' },
  })
}

const sayLength = (length: SaidLength | undefined): string =>
  length === undefined ? '' : 'days' in length ? `${length.days}天` : `${length.hours}小时`

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

/** 续假: from the end of the leave on, asked before that is over (R4.8). */
async function extended(talk: Talk, wish: Extract<LeaveWish, { do: 'extend' }>): Promise<Reply> {
  const { tx, ctx, person } = talk
  const leave = await ownLeave(talk, wish.code, record => record.view.state === 'granted' && !isOver(record))
  const setting = await needSetting(tx, ctx, leave.teamId)
  const { view, code } = leave
  if (view.person !== person.id) throw new Refusal('role', `${code} 不是你的假，只有本人能续。`)
  if (isPending(view)) throw new Refusal('pending', `${code} 还没批，先等批下来，或回复「撤回 ${code}」重新请。`)
  if (view.state !== 'granted') throw new Refusal('decided', `${code} 已经不算数了，不能续。请重新请假。`)
  if (standing(view.days, setting) === 'over')
    throw new Refusal('over', `${code} 已经休完了，不能再续。还要休请重新请假；到期没上班的那段找经理说明。`)
  const type = leaveTypeOf(setting.rule, view.type)
  const last = view.days.at(-1)
  if (!type || !last) throw new Refusal('type', `${code} 的假别制度里已经没有了，请重新请假。`)
  if (!wish.when && !wish.length) return say(`续到什么时候？请连着说，比如：续假 ${code} 1天 原因。`)
  const calendar = calendarOf(setting.policy)
  const end = last.to < 1440 ? { day: last.day, minute: last.to } : { day: calendar.dayAfter(last.day, 1), minute: 0 }
  const until =
    wish.length && 'days' in wish.length
      ? { days: wish.length.days }
      : untilOf({ from: end, ...(wish.when?.to && { to: wish.when.to }) }, wish.length, type, setting)
  return propose(talk, setting, {
    ...{ kind: 'extend', teamId: leave.teamId, applicant: person.id, type: view.type, from: end, until },
    ...{ of: { id: leave.id, code }, reason: wish.reason ?? '', came: true, words: talk.speech.words ?? '' },
  })

  function isOver(record: LeaveRecord): boolean {
    return (record.view.days.at(-1)?.day ?? '') < calendarOf(ctx.policy('default')).dayOf(ctx.clock.now())
  }
}

async function askOf(
  talk: Pick<Talk, 'tx' | 'ctx' | 'person'>,
  held: LeaveDraft,
  setting: Setting,
  agreed: boolean,
): Promise<LeaveAsk> {
  const { tx, ctx, person } = talk
  const applicant = setting.circle.people.find(({ id }) => id === held.applicant)
  const type = leaveTypeOf(setting.rule, held.type)
  if (!applicant || !type) throw new Refusal('draft', '班组的人或制度变了，请重新说一次。')
  const { kind, from, until, reason, of } = held
  const came = held.came || (await cameToday(tx, ctx, setting, applicant.id))
  const onJob = await onJobNow(tx, ctx, applicant.id)
  return { ...{ kind, applicant, by: person, type, from, until, reason, came, onJob, agreed }, ...(of && { of }) }
}

/** Shows what was understood; in a group the card goes to the person alone, since why somebody is away is his own matter. */
async function propose(talk: Talk, setting: Setting, held: LeaveDraft): Promise<Reply> {
  const { tx, ctx, person, inbound } = talk
  // Refuses now what can't be had, before anybody confirms anything.
  await planLeave(tx, ctx, setting, await askOf(talk, held, setting, false))
  const now = ctx.clock.now()
  const expiresAt = new Date(now.getTime() + openMinutes * 60_000)
  const draft = await openDraft(
    tx,
    ctx.company,
    { personId: person.id, chatKey: talk.chatKey, kind: 'leave', data: held, expiresAt },
    now,
  )
  if (inbound.chat.kind === 'single') return show(await leaveDraftCard(talk, draft))
  const dedupeKey = `draft:${draft.id}:${draft.version}`
  await put(
    tx,
    ctx.company,
    [{ kind: 'draft.card', to: { person: person.id }, data: { draft: draft.id }, dedupeKey }],
    now,
  )
  return say('看懂了，请假核对卡片已单独发给你，点「确认」才会送批。下次请假直接和我单聊就行。')
}

export async function leaveDraftCard({ tx, ctx, person }: Pick<Talk, 'tx' | 'ctx' | 'person'>, draft: Draft) {
  const held = draft.data as LeaveDraft
  const setting = await needSetting(tx, ctx, held.teamId)
  const plan = await planLeave(tx, ctx, setting, await askOf({ tx, ctx, person }, held, setting, false))
  const nameOf = (id: string) => setting.circle.people.find(one => one.id === id)?.name ?? ''
  return confirmLeaveCard(draft, plan, nameOf, setting.team)
}

/** 确认: asked from here on. */
export async function confirmLeave(talk: Talk, draft: Draft): Promise<Reply> {
  const { tx, ctx } = talk
  const held = draft.data as LeaveDraft
  const setting = await needSetting(tx, ctx, held.teamId)
  const agreed = leaveTypeOf(setting.rule, held.type)?.agreed ?? false
  const ask = await askOf(talk, held, setting, agreed)
  const made = await askLeave(tx, ctx, ask, held.teamId, { ...talk.speech, words: held.words })
  await closeDraft(tx, ctx.company, draft.id, `已提交 ${made.code}`, ctx.clock.now())
  const scene = await needScene(talk, made)
  const text = askedText(scene)
  return { ...show(closedCard(`请假 ${made.code}`, '已提交', draft.version, text)), fallback: { kind: 'text', text } }
}

export async function dismissLeave({ tx, ctx }: Talk, draft: Draft): Promise<Reply> {
  await closeDraft(tx, ctx.company, draft.id, '已取消，没有提交', ctx.clock.now())
  const text = '已取消，没有提交请假。'
  return { ...show(closedCard('已取消，没有提交', '已取消', draft.version)), fallback: { kind: 'text', text } }
}
