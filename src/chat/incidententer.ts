import { Refusal } from '../errors.ts'
import { chooseItem, toldOf } from '../incidents/choose.ts'
import { postOn } from '../incidents/find.ts'
import { addPhotos, enterIncident } from '../incidents/flow.ts'
import { incidentScene, needSetting, type Setting } from '../incidents/look.ts'
import { sayObjection } from '../incidents/saying.ts'
import { orderByCode } from '../orders/rows.ts'
import { deskTeams, rolesIn } from '../people/person.ts'
import type { IncidentItem } from '../policy/incidentrule.ts'
import { amountsIn } from './grammar/incident.ts'
import { normalise } from './grammar/text.ts'
import type { MediaRef } from './inbound.ts'
import { ofMyTeam } from './incidentfind.ts'
import { chooseItemCard, enteredText, exampleFor, nearText, otherPostText, otherWayText } from './incidentwords.ts'
import type { IncidentWish } from './intent.ts'
import { keepMedia } from './media.ts'
import { closeDraft, type Draft, openDraft, openDraftOf } from './store.ts'
import { type Reply, say, show, type Talk } from './talk.ts'
import { closedCard } from './words.ts'

/** 扣分 张三 2分 迟到: what is entered, and what has to be asked first. */

type EnterWish = Extract<IncidentWish, { do: 'enter' }>

/** What was said of an incident, kept until what is missing is said too. */
export interface HeldEntry {
  wish: EnterWish
  words: string
  media: string[]
  /** Its name in the catalogue, once that is known. */
  item?: string
}

/** So long photos that follow belong to it, and so long an answer is waited for. */
const waitMinutes = 10
const askMinutes = 30

export async function entered(talk: Talk, wish: EnterWish, media: readonly MediaRef[]): Promise<Reply> {
  if (deskTeams(talk.person).length === 0)
    throw new Refusal('role', '奖惩由经理或派工员来记，没有记录。对自己的有异议请回复「申诉 编号 原因」。')
  return enter(talk, { wish, words: talk.speech.words ?? '', media: await kept(talk, media) })
}

async function enter(talk: Talk, held: HeldEntry): Promise<Reply> {
  const { tx, ctx, person } = talk
  const { wish, words, media } = held
  const { who, teamId } = await ofMyTeam(talk, wish.who, deskTeams(person))
  const setting = await needSetting(tx, ctx, teamId)
  const { rule, today } = setting
  const day = wish.day ?? today
  const post = await postOn(tx, ctx.company, { teamId, personId: who.id, day })
  const known = rule.items.find(({ name }) => name === held.item)
  const chosen = known ? noted(known, wish) : chooseItem(rule, { rest: wish.rest, as: wish.as, post })
  if ('among' in chosen) return askWhich(talk, held, chosen.among, setting)
  if ('near' in chosen) return say(nearText(who.name, wish, chosen.near))
  if ('otherPost' in chosen) throw new Refusal('post', otherPostText(who.name, chosen.otherPost, post))
  if ('otherWay' in chosen) throw new Refusal('way', otherWayText(chosen.otherWay, wish))
  const { is: item } = chosen
  const { told, labels } = toldOf(item, wish)
  const note = labels.reduce((left, label) => left.replace(label, '').trim(), chosen.note)
  const order = await orderFor(talk, wish.order, teamId)
  const manager = rolesIn(person, teamId).includes('manager') && person.id !== who.id
  const entry = { person: who, item, day, order, told, note, media, by: person, counts: manager }
  const found = await enterIncident(tx, ctx, setting, entry, { ...talk.speech, words })
  if ('objection' in found) {
    const { objection } = found
    const example = exampleFor(who.name, item, objection)
    if (objection.why !== 'fixed') await ask(talk, { ...held, item: item.name })
    return say(sayObjection(item, objection, example))
  }
  await waitForPhotos(talk, found.made.id)
  return say(enteredText(await incidentScene(tx, ctx, found.made), media.length, waitMinutes))
}

/** The item was chosen before; what else was said is the note. */
function noted(item: IncidentItem, { rest }: EnterWish): { is: IncidentItem; note: string } {
  const word = [item.name, ...item.words].find(one => normalise(rest).includes(normalise(one)))
  return { is: item, note: word ? rest.replace(word, ' ').replace(/\s+/g, ' ').trim() : rest }
}

async function orderFor({ tx, ctx }: Talk, code: string | undefined, teamId: string) {
  if (!code) return undefined
  const order = await orderByCode(tx, ctx.company, code)
  if (order?.teamId === teamId) return { id: order.id, code }
  throw new Refusal('order', `你们班组没有 ${code} 这张单，没有记录。请核对单号，或不写单号再说一次。`)
}

/** Which of these it is, by a button. */
async function askWhich(talk: Talk, held: HeldEntry, among: readonly IncidentItem[], setting: Setting): Promise<Reply> {
  const { tx, ctx, person, chatKey } = talk
  const expiresAt = new Date(setting.now.getTime() + askMinutes * 60_000)
  const draft = await openDraft(
    tx,
    ctx.company,
    { personId: person.id, chatKey, kind: 'incident', data: held, expiresAt },
    setting.now,
  )
  return show(chooseItemCard(draft, held.wish, among, setting.team.name))
}

/** One of them was tapped. */
export async function itemChosen(talk: Talk, draft: Draft, item: string): Promise<Reply> {
  const { tx, ctx } = talk
  if (item === '') {
    await closeDraft(tx, ctx.company, draft.id, '已取消，没有记录', ctx.clock.now())
    return { ...show(closedCard('没有记录', '已取消', draft.version)), fallback: { kind: 'text', text: '没有记录。' } }
  }
  await closeDraft(tx, ctx.company, draft.id, `已选 ${item}`, ctx.clock.now())
  const reply = await enter(
    { ...talk, speech: { ...talk.speech, via: 'text' } },
    { ...(draft.data as HeldEntry), item },
  )
  const text = reply.message.kind === 'text' ? reply.message.text : ''
  return { ...show(closedCard(`你选了「${item}」`, '已选', draft.version, text)), fallback: { kind: 'text', text } }
}

/** How much, when the next words say it. */
async function ask({ tx, ctx, person, chatKey }: Talk, held: HeldEntry): Promise<void> {
  const now = ctx.clock.now()
  const data = { code: '', action: 'incidentMore', held }
  const expiresAt = new Date(now.getTime() + askMinutes * 60_000)
  await openDraft(tx, ctx.company, { personId: person.id, chatKey, kind: 'ask', data, expiresAt }, now)
}

/** The words that say how much. */
export async function howMuch(talk: Talk, held: HeldEntry, text: string): Promise<Reply> {
  const unit = held.wish.points === undefined && held.wish.sums.length === 0 ? unitOf(held) : undefined
  const { points, sums } = amountsIn(normalise(text), unit)
  if (points === undefined && sums.length === 0)
    return say('没看懂是多少，没有记录。请把整句再说一次，比如：扣分 张三 3分 项目；看项目请说「奖惩项目」。')
  const { points: before, ...rest } = held.wish
  const said = points ?? before
  const wish = { ...rest, sums: sums.length > 0 ? sums : rest.sums, ...(said !== undefined && { points: said }) }
  return enter(talk, { ...held, wish, words: `${held.words}\n${text}` })
}

const unitOf = ({ words }: HeldEntry): 'points' | 'yuan' => (/分/.test(words) ? 'points' : 'yuan')

export async function kept({ tx, ctx, person, inbound }: Talk, media: readonly MediaRef[]): Promise<string[]> {
  const ids: string[] = []
  for (const ref of media) {
    const file = { orderId: null, personId: person.id, platform: inbound.platform, ref }
    ids.push(await keepMedia(tx, ctx.company, file, ctx.clock.now()))
  }
  return ids
}

/** Photos sent a moment later belong to it, unless a question is open there already. */
export async function waitForPhotos({ tx, ctx, person, chatKey }: Talk, incidentId: string): Promise<void> {
  const now = ctx.clock.now()
  const open = await openDraftOf(tx, ctx.company, person.id, chatKey, now)
  if (open && !['punch', 'incidentPhotos'].includes(open.kind)) return
  const expiresAt = new Date(now.getTime() + waitMinutes * 60_000)
  const data = { incidentId }
  await openDraft(tx, ctx.company, { personId: person.id, chatKey, kind: 'incidentPhotos', data, expiresAt }, now)
}

/** Photos that belong to what he entered, or appealed against, a moment ago; null when they belong elsewhere. */
export async function incidentPhotos(talk: Talk, media: readonly MediaRef[]): Promise<Reply | null> {
  const { tx, ctx, person, chatKey, speech } = talk
  const draft = await openDraftOf(tx, ctx.company, person.id, chatKey, ctx.clock.now())
  if (draft?.kind !== 'incidentPhotos') return null
  const { incidentId: id } = draft.data as { incidentId: string }
  const after = await addPhotos(tx, ctx, { id, media: await kept(talk, media), by: person }, speech)
  if (!after) return null
  const { view, code } = after
  const photos = person.id === view.person && view.appeal ? view.appeal.photos : view.photos
  return say(`📷 已附到 ${code}${view.appeal && person.id === view.person ? ' 的申诉' : ''}，共 ${photos.length} 张。`)
}
