import { Refusal } from '../errors.ts'
import { knownCodes, lastTouched, openOrdersOf } from '../orders/find.ts'
import { attach } from '../orders/flow.ts'
import { helpedOrdersOf } from '../orders/happened.ts'
import { isOpen, worksOn } from '../orders/order.ts'
import type { OrderRecord } from '../orders/record.ts'
import { loadOrder, orderByCode } from '../orders/rows.ts'
import { bindGroup, bindSpeaker, issueCode } from '../people/flow.ts'
import { peopleOf, teamsById } from '../people/store.ts'
import { attendanceWish, correctionPhotos, punchPlace } from './attending.ts'
import { figureNames, figureWish } from './figuring.ts'
import type { MediaRef } from './inbound.ts'
import { type HeldEntry, howMuch, incidentPhotos } from './incidententer.ts'
import { incidentWish } from './incidenting.ts'
import type { Understood, Wish } from './intent.ts'
import { proofGiven } from './leaveacts.ts'
import { confirmLeave, dismissLeave } from './leavedraft.ts'
import { completeLeave, leaveWish } from './leaving.ts'
import { keepMedia } from './media.ts'
import { monthWish } from './monthly.ts'
import { completeOrder, confirmed, dismissed, newOrder, waitsForMore } from './newOrder.ts'
import { postWish } from './posting.ts'
import { quotedCard } from './quoted.ts'
import { revisitsWish, withNote } from './revisiting.ts'
import { closeDraft, type Draft, dropQuestions, openDraftOf } from './store.ts'
import { type Reply, say, type Talk } from './talk.ts'
import { tapped } from './taps.ts'
import { understand } from './understand.ts'
import { helpWish, listWish, orderWish, undoWish } from './wishes.ts'
import { notUnderstood } from './words.ts'

/** Names the bot is addressed by in groups. */
export interface Ears {
  botNames: readonly string[]
}

/** What a bound person said or did, and what to answer. Throws `Refusal`; changes happen in the talk's transaction. */
export async function converse(talk: Talk, ears: Ears): Promise<Reply | null> {
  const { said } = talk.inbound
  switch (said.kind) {
    case 'button':
      return tapped(talk)
    case 'text':
      return heard(talk, said.text, said.quote ?? (await quotedCard(talk, said.quoteOf)), said.media ?? [], ears)
    case 'media':
      return (
        (await correctionPhotos(talk, said.media)) ??
        (await incidentPhotos(talk, said.media)) ??
        evidence(talk, said.media)
      )
    case 'location':
      return located(talk, said)
    case 'event':
      return null
  }
}

async function heard(
  talk: Talk,
  text: string,
  quote: string | undefined,
  media: readonly MediaRef[],
  ears: Ears,
): Promise<Reply | null> {
  const { tx, ctx, person } = talk
  const now = ctx.clock.now()
  const [draft, understood] = await Promise.all([
    openDraftOf(tx, ctx.company, person.id, talk.chatKey, now),
    listen(talk, text, quote, ears),
  ])
  const asked = draft?.kind === 'ask' ? (draft.data as Asked) : null
  if (asked && draft && answers(understood, asked, text)) {
    await closeDraft(tx, ctx.company, draft.id, '已回答', now)
    if (understood.kind === 'wish' && understood.wish.about === 'confirm' && !understood.wish.yes)
      return say('好的，没有改动。')
    return answerTo(talk, asked, text, ears, media)
  }
  if (asked) await dropQuestions(tx, ctx.company, person.id, talk.chatKey, now)
  const code = understood.kind === 'wish' && understood.wish.about === 'order' ? understood.wish.code : undefined
  if (understood.kind === 'wish' && understood.wish.about === 'attendance')
    return attendanceWish(talk, understood.wish.wish, media)
  if (understood.kind === 'wish' && understood.wish.about === 'incident')
    return incidentWish(talk, understood.wish.wish, media)
  const photos = media.length > 0 ? await evidence(talk, media, code) : null
  const form =
    draft?.kind === 'leave' && talk.inbound.chat.kind === 'single'
      ? await formWords(talk, draft, understood, text, ears)
      : null
  if (form) return form
  if (understood.kind === 'unsure') return say(understood.say)
  if (understood.kind === 'chatter') {
    if (draft && waitsForMore(draft)) return completeOrder(talk, draft, text)
    return photos ?? (addressed(talk) ? say(notUnderstood) : null)
  }
  if (understood.wish.about === 'order' && draft && waitsForMore(draft) && !understood.wish.code)
    return completeOrder(talk, draft, text)
  return grant(talk, understood.wish, draft)
}

/** Words that are none of ours while a request for leave is being filled in. */
async function formWords(talk: Talk, draft: Draft, heard: Understood, text: string, ears: Ears): Promise<Reply | null> {
  if (heard.kind === 'wish') return null
  const more = await listen(talk, `请假 ${text}`, undefined, ears)
  const wish = more.kind === 'wish' && more.wish.about === 'leave' ? more.wish.wish : null
  return completeLeave(talk, draft, text, wish)
}

function addressed({ inbound }: Talk): boolean {
  return inbound.chat.kind === 'single' || inbound.chat.via === 'bot'
}

/** A question that waits for words; `note` is what was said with it already. */
interface Asked {
  code: string
  action: string
  note?: string
  /** An incident that lacks how much. */
  held?: HeldEntry
}

/**
 * Whether the words answer it, rather than being a wish of their own: 没打通 answers how the call went, and 客户要退货 may
 * well be a reason.
 */
function answers(understood: Understood, { action }: Asked, text: string): boolean {
  if (understood.kind !== 'wish' || understood.wish.about === 'confirm') return true
  const { wish } = understood
  // 我十点就联系了 is why he appeals; a word or two is what it always is.
  if (action.startsWith('incident'))
    return wish.about === 'incident'
      ? !('code' in wish.wish && wish.wish.code)
      : wish.about === 'order' && wish.code === undefined && text.trim().length > 6
  if (action.startsWith('month')) return wish.about === 'order' && wish.code === undefined && text.trim().length > 6
  if (action.startsWith('leave')) return wish.about === 'leave' && !('code' in wish.wish && wish.wish.code)
  if (wish.about !== 'order' || wish.code !== undefined) return false
  return wish.wish.do === 'returns' || (action === 'revisit' && wish.wish.do === 'unreachable')
}

/** The answer to a question asked by a button: its words are read as if the verb stood before them. */
async function answerTo(
  talk: Talk,
  asked: Asked,
  text: string,
  ears: Ears,
  media: readonly MediaRef[],
): Promise<Reply | null> {
  if (asked.held) return howMuch(talk, asked.held, text)
  const verbs: Record<string, string> = {
    ...{ decline: '拒单', suspend: '挂起', contacted: '已联系', complete: '完工', revisit: '回访' },
    ...{ later: '要晚', reschedule: '改约', wait: '再等' },
    ...{ leaveReject: '驳回', leavePropose: '改期', leaveExtend: '续假' },
    ...{ monthAppeal: '申诉', monthKeep: '维持' },
    ...{ incidentDrop: '撤销', incidentReject: '维持', incidentAmend: '改为', incidentAppeal: '申诉' },
  }
  const understood = await listen(talk, `${verbs[asked.action] ?? ''} ${asked.code} ${text}`, undefined, ears)
  if (understood.kind === 'wish' && understood.wish.about === 'order')
    return orderWish(talk, withNote(understood.wish, asked.note))
  if (understood.kind === 'wish' && understood.wish.about === 'leave') return leaveWish(talk, understood.wish.wish)
  if (understood.kind === 'wish' && understood.wish.about === 'incident')
    return incidentWish(talk, understood.wish.wish, media)
  if (understood.kind === 'wish' && understood.wish.about === 'month') return monthWish(talk, understood.wish.wish)
  return say(understood.kind === 'unsure' ? understood.say : notUnderstood)
}

async function listen(talk: Talk, text: string, quote: string | undefined, ears: Ears): Promise<Understood> {
  const { tx, ctx, person } = talk
  const teams = [...new Set(person.memberships.map(m => m.teamId))]
  const numbers = [...new Set(`${text} ${quote ?? ''}`.normalize('NFKC').match(/\d{4,6}/g) ?? [])].slice(0, 50)
  const [people, codes, rules] = await Promise.all([
    peopleOf(tx, ctx.company, teams),
    knownCodes(tx, ctx.company, numbers),
    teamsById(tx, ctx.company, teams),
  ])
  const policy = ctx.policy(rules[0]?.policy ?? 'default')
  return understand({
    ...{ text, direct: addressed(talk), now: ctx.clock.now(), zone: policy.zone, dayParts: policy.dayParts },
    ...(quote !== undefined && { quote }),
    ...{ names: people.map(one => one.name), isCode: digits => codes.has(digits), botNames: ears.botNames },
    leaveTypes: policy.leave?.types ?? [],
    figures: figureNames(ctx, person, rules),
  })
}

async function grant(talk: Talk, wish: Wish, draft: Draft | null): Promise<Reply | null> {
  const { tx, ctx, person, inbound } = talk
  switch (wish.about) {
    case 'order':
      return orderWish(talk, wish)
    case 'newOrder':
      return newOrder(talk, wish.draft)
    case 'list':
      return wish.which === 'revisits' ? revisitsWish(talk) : listWish(talk, wish.which)
    case 'leave':
      return leaveWish(talk, wish.wish)
    case 'attendance':
      return attendanceWish(talk, wish.wish, [])
    case 'figure':
      return figureWish(talk, wish.wish)
    case 'post':
      return postWish(talk, wish.wish)
    case 'month':
      return monthWish(talk, wish.wish)
    case 'incident':
      return incidentWish(talk, wish.wish, [])
    case 'undo':
      return undoWish(talk)
    case 'help':
      return helpWish(talk)
    case 'confirm':
      if (draft?.kind === 'leave') return wish.yes ? confirmLeave(talk, draft) : dismissLeave(talk, draft)
      if (draft?.kind !== 'newOrder') return say(wish.yes ? '没有等你确认的事。' : '没有等你确认的事，什么都没有改。')
      return wish.yes ? inWords(await confirmed(talk, draft)) : inWords(await dismissed(talk, draft))
    case 'bind':
      return say(`你已经绑定为 ${person.name}。要换人请找派工员要绑定码。`)
    case 'bindCode':
      return say(await issueCode(tx, ctx, person, wish.person))
    case 'bindTeam':
      return say(await bindGroup(tx, ctx, person, inbound, wish.team))
  }
}

/** A card that closes a question is only painted where it was tapped; who typed gets its words. */
function inWords(reply: Reply): Reply {
  return reply.fallback ? { message: reply.fallback } : reply
}

export async function bindFirst(
  talk: Omit<Talk, 'person' | 'chatKey' | 'speech'>,
  wish: Wish,
  owner: string | null,
): Promise<string | null> {
  if (wish.about !== 'bind') return null
  return bindSpeaker(talk.tx, talk.ctx, talk.inbound, { code: wish.code, mobile: wish.mobile, owner })
}

/** Photos and files go to the order in hand: the one being worked on, else the only open one, else the last touched. */
async function evidence(talk: Talk, media: readonly MediaRef[], code?: string): Promise<Reply> {
  const { tx, ctx, person } = talk
  const draft = await openDraftOf(tx, ctx.company, person.id, talk.chatKey, ctx.clock.now())
  if (draft?.kind === 'ask' && (draft.data as Asked).action === 'leaveProof') return proofGiven(talk, draft, media)
  const named = code ? await orderByCode(tx, ctx.company, code) : null
  const order = named && worksOn(named.view, person.id) ? named : await inHand(talk)
  for (const ref of media) {
    const id = await keepMedia(
      tx,
      ctx.company,
      { orderId: order.id, personId: person.id, platform: talk.inbound.platform, ref },
      ctx.clock.now(),
    )
    await attach(tx, ctx, {
      orderId: order.id,
      evidence: { fact: 'photo', media: id },
      by: person,
      speech: talk.speech,
    })
  }
  const total = order.view.photos.length + media.length
  return say(`📷 已记到 ${order.code}（${order.view.fields.customer.name}），共 ${total} 张。`)
}

async function located(talk: Talk, place: { lat: number; lng: number; label: string }): Promise<Reply> {
  const { tx, ctx, person } = talk
  const { lat, lng, label } = place
  const draft = await openDraftOf(tx, ctx.company, person.id, talk.chatKey, ctx.clock.now())
  if (draft?.kind === 'punch') return punchPlace(talk, label)
  const order = await inHand(talk)
  await attach(tx, ctx, {
    orderId: order.id,
    evidence: { fact: 'located', lat, lng, label },
    by: person,
    speech: talk.speech,
  })
  const arrive =
    order.view.assignee === person.id && (order.view.state === 'contacted' || order.view.state === 'accepted')
      ? `到了请回复「到达 ${order.code}」。`
      : ''
  return say(`📍 位置已记到 ${order.code}：${label}。${arrive}`)
}

async function inHand(talk: Talk): Promise<OrderRecord> {
  const { tx, ctx, person } = talk
  const own = await openOrdersOf(tx, ctx.company, person.id)
  const teams = [...new Set(person.memberships.map(({ teamId }) => teamId))]
  const open = own.length > 0 ? own : await helpedOrdersOf(tx, ctx.company, [person.id], teams)
  const working = open.filter(order => order.view.state === 'arrived')
  const [first, second] = working.length > 0 ? working : open
  if (first && !second) return first
  const touched = await lastTouched(tx, ctx.company, person.id)
  const last = touched && (await loadOrder(tx, ctx.company, touched.orderId))
  if (first && last && open.some(order => order.id === last.id)) return last
  if (!first && last?.view.assignee === person.id && !isOpen(last.view.state) && last.view.state === 'completed')
    return last
  throw new Refusal(
    'none',
    first
      ? `你手上有几张单（${open.map(order => order.code).join('、')}），先回复「到达 单号」再发，就会记到那一张。`
      : '你现在没有进行中的单，没有记录。',
  )
}
