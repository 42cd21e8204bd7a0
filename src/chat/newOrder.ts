import { Refusal } from '../errors.ts'
import type { KeptSpan, OrderFields } from '../orders/fact.ts'
import { openCodesWithPhone } from '../orders/find.ts'
import { openOrder } from '../orders/flow.ts'
import { sceneOf } from '../orders/look.ts'
import { loadOrder } from '../orders/rows.ts'
import { saySpan } from '../orders/timewords.ts'
import { confirmation } from '../orders/words.ts'
import { put } from '../outbox/store.ts'
import { deskTeams, rolesIn } from '../people/person.ts'
import { peopleOf, personByName, teamById } from '../people/store.ts'
import { columnTapped } from './figuring.ts'
import { itemChosen } from './incidententer.ts'
import type { JobDraft, OrderWish, Span } from './intent.ts'
import { leaveDraftCard, leaveFormTap } from './leavedraft.ts'
import { readPaste } from './paste.ts'
import type { Payload } from './payload.ts'
import { graded } from './revisiting.ts'
import { closeDraft, type Draft, lockDraft, openDraft, updateDraft } from './store.ts'
import { type Reply, say, show, type Talk } from './talk.ts'
import { doToOrder } from './wishes.ts'
import { closedCard, confirmOrderCard, type fieldNames, missingText } from './words.ts'

/** A job pasted by the dispatcher, kept as JSON until he confirms it. */
export interface NewOrder {
  teamId: string
  job: Omit<JobDraft, 'wanted'> & { wanted?: KeptSpan }
  words: string
}

const openMinutes = 60
const needed = ['name', 'phone', 'address', 'fault'] as const

/** 派单 …: reads the text, asks for what is missing, shows what was understood. Nothing is created yet. */
export async function newOrder(talk: Talk, job: JobDraft): Promise<Reply | null> {
  const teamId = deskTeams(talk.person)[0]
  if (!teamId) throw new Refusal('role', '只有派工员和经理能派单。有客户要报修，请转给派工员。')
  if (job.technician) await mustBeTechnician(talk, teamId, job.technician)
  return propose(talk, { teamId, job: keepJob(job), words: talk.speech.words ?? '' }, null)
}

/** More about an order that still lacks something: the words fill what is missing. */
export async function completeOrder(talk: Talk, draft: Draft, text: string): Promise<Reply | null> {
  const held = draft.data as NewOrder
  const names = (await peopleOf(talk.tx, talk.ctx.company, [held.teamId])).map(person => person.name)
  const zone = await zoneOf(talk, held.teamId)
  const more = readPaste(text, { now: talk.ctx.clock.now(), zone, names })
  const missing = lacking(held.job)
  const only = missing.length === 1 ? missing[0] : undefined
  const read = keepJob(more)
  const filled: NewOrder['job'] = { ...read, ...held.job }
  if (only && filled[only] === undefined && only !== 'phone') filled[only] = text.trim()
  return propose(talk, { ...held, job: filled, words: `${held.words}\n${text}` }, draft)
}

/** True while the draft waits for a missing piece, so that plain words are an answer to it. */
export function waitsForMore(draft: Draft): boolean {
  return draft.kind === 'newOrder' && lacking((draft.data as NewOrder).job).length > 0
}

function lacking(job: NewOrder['job']): Array<keyof typeof fieldNames> {
  return needed.filter(field => !job[field])
}

async function propose(talk: Talk, order: NewOrder, draft: Draft | null): Promise<Reply | null> {
  const { tx, ctx, person, inbound } = talk
  const now = ctx.clock.now()
  const expiresAt = new Date(now.getTime() + openMinutes * 60_000)
  const held = draft
    ? await updateDraft(tx, ctx.company, draft.id, order)
    : await openDraft(
        tx,
        ctx.company,
        { personId: person.id, chatKey: talk.chatKey, kind: 'newOrder', data: order, expiresAt },
        now,
      )
  const missing = lacking(order.job)
  if (missing.length > 0) return say(missingText(order.job, missing))
  const card = await draftCard(talk, held)
  if (inbound.chat.kind === 'single') return show(card)
  // A customer's number does not belong in the group: the card to confirm goes to the dispatcher alone.
  const dedupeKey = `draft:${held.id}:${held.version}`
  await put(
    tx,
    ctx.company,
    [{ kind: 'draft.card', to: { person: person.id }, data: { draft: held.id }, dedupeKey }],
    now,
  )
  return say(
    '看懂了，核对卡片已单独发给你，点「确认」后派出。下次请直接在和派工的单聊里发「派单」，客户电话就不会出现在群里。',
  )
}

export async function draftCard({ tx, ctx }: Pick<Talk, 'tx' | 'ctx'>, draft: Draft) {
  const { job, teamId } = draft.data as NewOrder
  const now = ctx.clock.now()
  const zone = await zoneOf({ tx, ctx }, teamId)
  const wanted = job.wanted ? saySpan(job.wanted, now, zone) : (job.wantedWords ?? '没说')
  const others = await openCodesWithPhone(tx, ctx.company, job.phone ?? '')
  return confirmOrderCard(draft, job, { wanted, others })
}

/** A tap on 确认 / 取消 of a pasted order, or on one of the orders a sentence could mean. */
export async function draftTap(talk: Talk, payload: Extract<Payload, { about: 'draft' }>): Promise<Reply> {
  const { tx, ctx, person } = talk
  const draft = await lockDraft(tx, ctx.company, payload.id)
  if (!draft || draft.personId !== person.id) throw new Refusal('draft', '这张卡片不是发给你的，不能操作。')
  if (draft.closedAt) return show(closedCard('这件事已经处理过', draft.outcome ?? '已处理', draft.version))
  if (draft.expiresAt < ctx.clock.now())
    return show(closedCard('放太久了，没有创建', '已过期', draft.version, '请重新说一次。'))
  if (payload.version !== draft.version && draft.kind === 'leave') return show(await leaveDraftCard(talk, draft))
  if (payload.version !== draft.version)
    return draft.kind === 'newOrder'
      ? show(await draftCard(talk, draft))
      : show(closedCard('卡片已更新', '已过期', draft.version))
  if (draft.kind === 'leave') return leaveFormTap(talk, draft, payload)
  if (draft.kind === 'marks') return columnTapped(talk, draft, payload.arg ?? '')
  if (draft.kind === 'incident') return itemChosen(talk, draft, payload.arg ?? '')
  if (draft.kind === 'ask') return graded(talk, draft, payload.arg)
  if (draft.kind === 'choose') return choose(talk, draft, payload.arg ?? '')
  return payload.action === 'confirm' ? confirmed(talk, draft) : dismissed(talk, draft)
}

async function choose(talk: Talk, draft: Draft, orderId: string): Promise<Reply> {
  const { tx, ctx } = talk
  const order = await loadOrder(tx, ctx.company, orderId)
  if (!order) throw new Refusal('unknown', '找不到这张单。回复「我的单」看看。')
  const { wish, words } = draft.data as { wish: OrderWish; words: string }
  await closeDraft(tx, ctx.company, draft.id, `已选 ${order.code}`, ctx.clock.now())
  const revived = reviveDates(wish) as OrderWish
  const done = await doToOrder({ ...talk, speech: { ...talk.speech, via: 'text', words } }, order, revived)
  const text = done?.message.kind === 'text' ? done.message.text : `${order.code} 的卡片马上到。`
  return {
    ...show(closedCard(`你选了 ${order.code}`, `已选 ${order.code}`, draft.version, text)),
    fallback: { kind: 'text', text },
  }
}

/** Spans of a wish went through JSON: their dates come back as dates. */
function reviveDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reviveDates)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      (key === 'from' || key === 'to') && typeof inner === 'string' && /^\d{4}-.*Z$/.test(inner)
        ? new Date(inner)
        : reviveDates(inner),
    ]),
  )
}

/** 确认: the order exists from here on, and goes out if a technician was named. */
export async function confirmed(talk: Talk, draft: Draft): Promise<Reply> {
  const { tx, ctx, person } = talk
  const held = draft.data as NewOrder
  const team = await teamById(tx, ctx.company, held.teamId)
  if (!team || lacking(held.job).length > 0) throw new Refusal('draft', '这张单还缺内容，请重新发「派单」。')
  const assignTo = held.job.technician ? await mustBeTechnician(talk, held.teamId, held.job.technician) : undefined
  const speech = { ...talk.speech, words: held.words }
  const opened = await openOrder(tx, ctx, {
    teamId: team.id,
    policy: team.policy,
    fields: fieldsOf(held.job),
    by: person,
    assignTo,
    speech,
  })
  await closeDraft(tx, ctx.company, draft.id, `已开单 ${opened.order.code}`, ctx.clock.now())
  const scene = await sceneOf(tx, ctx, opened.order)
  const text =
    confirmation(scene, opened.added, { technician: false }) + (assignTo ? '' : '\n卡片马上到，点姓名就能派。')
  return {
    ...show(closedCard(`已开单 ${opened.order.code}`, `已开单 ${opened.order.code}`, draft.version, text)),
    fallback: { kind: 'text', text },
  }
}

export async function dismissed({ tx, ctx }: Talk, draft: Draft): Promise<Reply> {
  await closeDraft(tx, ctx.company, draft.id, '已取消，没有开单', ctx.clock.now())
  return {
    ...show(closedCard('已取消，没有开单', '已取消', draft.version)),
    fallback: { kind: 'text', text: '已取消，没有开单。' },
  }
}

async function mustBeTechnician({ tx, ctx }: Talk, teamId: string, name: string): Promise<string> {
  const person = await personByName(tx, ctx.company, name)
  if (person && rolesIn(person, teamId).includes('technician')) return person.id
  throw new Refusal('person', `「${name}」不是本班组的技术员，没有开单。请换个人再发一次，或先不写派给谁。`)
}

async function zoneOf({ tx, ctx }: Pick<Talk, 'tx' | 'ctx'>, teamId: string): Promise<string> {
  const team = await teamById(tx, ctx.company, teamId)
  return ctx.policy(team?.policy ?? 'default').zone
}

function keepJob({ wanted, ...rest }: JobDraft): NewOrder['job'] {
  return { ...rest, ...(wanted && { wanted: keepSpan(wanted) }) }
}

export function keepSpan(span: Span): KeptSpan {
  return {
    from: span.from.toISOString(),
    ...(span.to && { to: span.to.toISOString() }),
    exact: span.exact,
    words: span.words,
  }
}

function fieldsOf(job: NewOrder['job']): OrderFields {
  const { brand, model, serial, warranty, wanted } = job
  return {
    kind: job.kind ?? 'repair',
    urgent: job.urgent ?? false,
    customer: { name: job.name ?? '', phone: job.phone ?? '', address: job.address ?? '' },
    product: { ...(brand && { brand }), ...(model && { model }), ...(serial && { serial }) },
    fault: job.fault ?? '',
    ...(warranty && { warranty }),
    ...(wanted && { wanted }),
  }
}
