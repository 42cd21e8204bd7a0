import { Refusal } from '../errors.ts'
import type { LeaveSpan } from '../leave/count.ts'
import { needSetting } from '../leave/enact.ts'
import { askLeave, planLeave } from '../leave/flow.ts'
import type { Setting } from '../leave/look.ts'
import type { LeaveAsk } from '../leave/prepare.ts'
import { cameToday, onJobNow } from '../leave/presence.ts'
import { put } from '../outbox/store.ts'
import { calendarOf } from '../policy/business.ts'
import { leaveTypeOf } from '../policy/leaverule.ts'
import { needScene } from './leavefind.ts'
import { askedText, chooseDayCard, confirmLeaveCard, type DayChoice } from './leavewords.ts'
import type { Payload } from './payload.ts'
import { closeDraft, type Draft, openDraft, updateDraft } from './store.ts'
import { type Reply, say, show, type Talk } from './talk.ts'
import { closedCard } from './words.ts'

/** A request for leave until it is confirmed: the form in the chat. */

/** What is kept of a request until it is confirmed: said again with the same words it comes to the same days. */
export interface LeaveDraft {
  kind: 'leave' | 'extend'
  teamId: string
  applicant: string
  of?: { id: string; code: string }
  type: string
  /** Missing while the day is still to be chosen. */
  span?: { from: LeaveSpan['from']; until: LeaveAsk['until'] }
  /** He named the type himself. */
  typeNamed: boolean
  reason: string
  came: boolean
  words: string
}

const openMinutes = 60

/** What is held of a request, as of now. @throws Refusal */
export async function askOf(
  talk: Pick<Talk, 'tx' | 'ctx' | 'person'>,
  held: LeaveDraft,
  setting: Setting,
  agreed: boolean,
): Promise<LeaveAsk> {
  const { tx, ctx, person } = talk
  const applicant = setting.circle.people.find(({ id }) => id === held.applicant)
  const type = leaveTypeOf(setting.rule, held.type)
  if (!applicant || !type) throw new Refusal('draft', '班组的人或制度变了，请重新说一次。')
  const { kind, span, reason, of } = held
  if (!span) throw new Refusal('draft', '还没说哪天，请点一个日子，或直接回复，比如：明天下午。')
  const came = held.came || (await cameToday(tx, ctx, setting, applicant.id))
  const onJob = await onJobNow(tx, ctx, applicant.id)
  return { ...{ kind, applicant, by: person, type, ...span, reason, came, onJob, agreed }, ...(of && { of }) }
}

/** Shows what was understood; in a group the card goes to the person alone, since why somebody is away is his own matter. */
export async function propose(talk: Talk, setting: Setting, held: LeaveDraft): Promise<Reply> {
  const { tx, ctx, person, inbound } = talk
  // Refuses now what can't be had, before anybody confirms anything.
  if (held.span) await planLeave(tx, ctx, setting, await askOf(talk, held, setting, false))
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
  const applicant = setting.circle.people.find(({ id }) => id === held.applicant)
  if (!held.span) return chooseDayCard(draft, applicant?.name ?? '', setting.team, dayChoices(setting))
  const plan = await planLeave(tx, ctx, setting, await askOf({ tx, ctx, person }, held, setting, false))
  const nameOf = (id: string) => setting.circle.people.find(one => one.id === id)?.name ?? ''
  const others = held.typeNamed || held.kind === 'extend' ? [] : setting.rule.types.map(({ name }) => name)
  return confirmLeaveCard(draft, plan, nameOf, others.filter(name => name !== held.type).slice(0, 3))
}

/** The days most people ask for: the next two that are worked, in parts, and what is left of today. */
function dayChoices({ policy, today, minute, rule }: Setting): DayChoice[] {
  const calendar = calendarOf(policy)
  const first = calendar.workdayAfter(today, 1)
  const second = calendar.workdayAfter(first, 1)
  const { noon } = rule
  const afternoon = { day: today, from: noon, to: 1440 }
  return [
    { day: first, from: 0, to: 1440 },
    { day: first, from: 0, to: noon },
    { day: first, from: noon, to: 1440 },
    { day: second, from: 0, to: 1440 },
    ...(minute < noon && calendar.isWorkday(today) ? [afternoon] : []),
  ].map(choice => ({ ...choice, today, noon }))
}

/** A day or another type was tapped on the form. */
export async function leaveFormTap(talk: Talk, draft: Draft, { action, arg = '' }: Payload): Promise<Reply> {
  const held = draft.data as LeaveDraft
  if (action === 'confirm') return confirmLeave(talk, draft)
  if (action === 'type') return changedForm(talk, draft, { ...held, type: arg, typeNamed: true })
  const [, day = '', from, to] = /^(\d{4}-\d\d-\d\d) (\d{1,4}) (\d{1,4})$/.exec(arg) ?? []
  if (action !== 'day' || !day) return dismissLeave(talk, draft)
  const span = { from: { day, minute: Number(from) }, until: { to: { day, minute: Number(to) } } }
  return changedForm(talk, draft, { ...held, span })
}

/** The form with something more filled in; what can't be had is refused before it is kept. */
export async function changedForm(talk: Talk, draft: Draft, held: LeaveDraft): Promise<Reply> {
  const { tx, ctx } = talk
  const setting = await needSetting(tx, ctx, held.teamId)
  await planLeave(tx, ctx, setting, await askOf(talk, held, setting, false))
  const updated = await updateDraft(tx, ctx.company, draft.id, held)
  return show(await leaveDraftCard(talk, updated))
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
