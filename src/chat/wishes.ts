import { teamOf } from '../attendance/look.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { lastWeekOf } from '../orders/daily.ts'
import type { OrderCommand } from '../orders/decide.ts'
import { reportText } from '../orders/digest.ts'
import { boardText } from '../orders/digestWords.ts'
import { explainOrder } from '../orders/explain.ts'
import { lastTouched, openOrdersOf, touchedSince } from '../orders/find.ts'
import { fits } from '../orders/fits.ts'
import { change } from '../orders/flow.ts'
import { helpedOrdersOf } from '../orders/happened.ts'
import { lateText, listLine, mineText } from '../orders/listwords.ts'
import { sceneOf } from '../orders/look.ts'
import { worksOn } from '../orders/order.ts'
import { boardFor, dayReport, lateThere, teamsOf, weekReport } from '../orders/overview.ts'
import { byPriority } from '../orders/priority.ts'
import type { OrderRecord } from '../orders/record.ts'
import { dayOf, returnFactsOf, saidSoFar } from '../orders/returnfacts.ts'
import { decideReturns } from '../orders/returns.ts'
import { noReturnsRule, sayReturns } from '../orders/returnswords.ts'
import { loadOrder, orderByCode } from '../orders/rows.ts'
import { rulesOf } from '../orders/rules.ts'
import { openQuestion } from '../orders/told.ts'
import { confirmation } from '../orders/words.ts'
import { put } from '../outbox/store.ts'
import { deskTeams, type Person, rolesIn, runsDesk } from '../people/person.ts'
import { teamById } from '../people/store.ts'
import type { Policy } from '../policy/schema.ts'
import { type Asker, sendCode } from '../rating/flow.ts'
import { mayBeRated } from '../rating/rate.ts'
import { codeSent } from '../rating/words.ts'
import { settles } from '../settlement/flow.ts'
import type { ListName, OrderWish, Wish } from './intent.ts'
import { commandFor } from './named.ts'
import { askGrade, asksGrade, complainWish } from './revisiting.ts'
import { openDraft } from './store.ts'
import { type Reply, say, show, type Talk } from './talk.ts'
import { chooseCard, helpText } from './words.ts'

const deskWishes = new Set<OrderWish['do']>([
  'assign',
  'offer',
  'urge',
  'link',
  'unlink',
  'route',
  'cancel',
  'returns',
  'confirmUnreachable',
  'revisit',
  'complain',
  'close',
  'join',
  'leave',
  'share',
])
const choiceMinutes = 30

/** A wish about one order: finds the order, does it, says what was understood and what is next. */
export async function orderWish(talk: Talk, wish: Extract<Wish, { about: 'order' }>): Promise<Reply | null> {
  const found = await findOrder(talk, wish)
  if ('reply' in found) return found.reply
  return doToOrder(talk, found.order, wish.wish)
}

export async function doToOrder(talk: Talk, order: OrderRecord, wish: OrderWish): Promise<Reply | null> {
  const { tx, ctx, person } = talk
  if (!rolesIn(person, order.teamId).length) throw new Refusal('team', `${order.code} 不是你们班组的单。`)
  if (wish.do === 'show') return showOrder(talk, order)
  // 抢单 puts an order up for grabs when the desk says it; a technician means to grab it.
  if (wish.do === 'offer' && !runsDesk(person, order.teamId)) return doToOrder(talk, order, { do: 'accept' })
  if (wish.do === 'whyLate') {
    const scene = await sceneOf(tx, ctx, order)
    return say(explainOrder(order.code, order.facts, rulesOf(ctx, order), scene.now, scene.nameOf))
  }
  if (wish.do === 'returns') return returnsWish(talk, order, wish)
  if (wish.do === 'complain') return complainWish(talk, order, wish.text)
  if (wish.do === 'ratingCode') return ratingCodeWish(talk, order)
  // Who works there could not reach the customer; once the work is done it is the desk that calls.
  if (wish.do === 'unreachable' && order.view.revisit && runsDesk(person, order.teamId))
    return doToOrder(talk, order, { do: 'revisit', reached: false, ...(wish.note && { note: wish.note }) })
  if (wish.do === 'revisit' && asksGrade(talk, order, wish)) return askGrade(talk, order, wish)
  const command = await commandFor(talk, order, wish)
  const done = await change(tx, ctx, { orderId: order.id, command, by: person, speech: talk.speech })
  const scene = await sceneOf(tx, ctx, done.order)
  return say(confirmation(scene, done.added, { technician: done.order.view.assignee === person.id }))
}

/** 退换: keeps what was said of the unit, and answers from all that is known of it by now. */
async function returnsWish(
  talk: Talk,
  order: OrderRecord,
  wish: Extract<OrderWish, { do: 'returns' }>,
): Promise<Reply> {
  const { tx, ctx, person } = talk
  const { order: asked } = await change(tx, ctx, { orderId: order.id, command: wish, by: person, speech: talk.speech })
  const { returns: rule, zone } = rulesOf(ctx, order)
  if (!rule) return say(noReturnsRule(order.code))
  const now = ctx.clock.now()
  const [facts, today] = [returnFactsOf(rule, asked.facts, now, zone), dayOf(now, zone)]
  const { wants } = saidSoFar(asked.facts)
  const answer = decideReturns(rule, facts, today)
  return say(sayReturns({ code: order.code, answer, facts, today, ...(wants && { wants }), unread: wish.unread }))
}

type Found = { order: OrderRecord } | { reply: Reply }

/**
 * The order a sentence means. A code decides; one that is not known or not open is never moved to another order.
 * Without a code it is the one open order of the person that fits, else he is asked (design.md §5).
 */
async function findOrder(talk: Talk, wish: Extract<Wish, { about: 'order' }>): Promise<Found> {
  const { tx, ctx, person } = talk
  if (wish.code) {
    const order = await orderByCode(tx, ctx.company, wish.code)
    if (!order) throw new Refusal('unknown', `没有 ${wish.code} 这张单。请核对单号，或回复「我的单」看看。`)
    return { order }
  }
  const doing = wish.wish.do
  if (deskWishes.has(doing))
    throw new Refusal(
      'code',
      deskTeams(person).length > 0
        ? `请带上单号，比如：${doing === 'returns' ? '退换' : '加急'} 1024。回复「今日」可以看到单号。`
        : '这件事要派工员来办，请在群里找派工员。',
    )
  if (doing === 'ratingCode') return { order: await lastDone(talk) }
  if (doing === 'report') throw new Refusal('code', '请带上单号，比如：报单 1024。')
  const mine = await openOrdersOf(tx, ctx.company, person.id)
  const looks = doing === 'show' || doing === 'whyLate'
  const known = looks || doing === 'askHelp' ? [...mine, ...(await helpedOrders(talk))] : mine
  const fitting = looks ? known : known.filter(order => fits(order, doing as OrderCommand['do'], person.id))
  // 能按时 answers the question that is open, whatever else he has in hand.
  const asked = doing === 'progress' ? fitting.filter(order => openQuestion(order.facts)) : []
  const [only, second] = asked.length > 0 ? asked : fitting
  if (only && !second) return { order: only }
  if (!only) throw new Refusal('none', mine.length > 0 ? noneFits(mine) : await whyNone(talk))
  return { reply: await askWhich(talk, asked.length > 0 ? asked : fitting, wish.wish) }
}

/** 评价码: the picture goes to his own chat; the words with it only where nobody else reads them. */
async function ratingCodeWish(talk: Talk, order: OrderRecord): Promise<Reply> {
  const { tx, ctx, inbound } = talk
  const group = inbound.chat.kind === 'group'
  const words = await sendCode(tx, ctx, order, askerOf(talk), { words: group })
  return say(group ? codeSent(order.code) : words)
}

export const askerOf = ({ person, inbound }: Talk): Asker => ({
  ...{ person, platform: inbound.platform, userId: inbound.sender.userId, key: inbound.key },
})

/** The job he has just done: the customer stands beside him. */
async function lastDone({ tx, ctx, person }: Talk): Promise<OrderRecord> {
  const last = await lastTouched(tx, ctx.company, person.id)
  const order = last && (await loadOrder(tx, ctx.company, last.orderId))
  if (order && worksOn(order.view, person.id) && mayBeRated(order.view)) return order
  throw new Refusal('code', '请带上单号，比如：评价码 1024。')
}

/** Orders on which he goes along with somebody else. */
const helpedOrders = ({ tx, ctx, person }: Talk): Promise<OrderRecord[]> =>
  helpedOrdersOf(tx, ctx.company, [person.id], [...new Set(person.memberships.map(({ teamId }) => teamId))])

/** Who only goes along is told who reports. */
async function whyNone(talk: Talk): Promise<string> {
  const [order] = await helpedOrders(talk)
  if (!order?.view.assignee) return '你现在没有进行中的单。'
  const { nameOf } = await sceneOf(talk.tx, talk.ctx, order)
  return `${order.code} 你是协助，由${nameOf(order.view.assignee)}来报。照片直接发，有困难回复「求助 ${order.code}」。`
}

function noneFits(mine: readonly OrderRecord[]): string {
  return `没有一张单现在能这样报。你手上的单：${mine.map(order => order.code).join('、')}。请带上单号再说一次，或回复「我的单」看看。`
}

/** Two orders fit: nothing is done, the person picks one. What he said is kept for the pick. */
async function askWhich(talk: Talk, orders: readonly OrderRecord[], wish: OrderWish): Promise<Reply> {
  const { tx, ctx, person } = talk
  const now = ctx.clock.now()
  const draft = await openDraft(
    tx,
    ctx.company,
    {
      ...{ personId: person.id, chatKey: talk.chatKey, kind: 'choose' },
      data: { wish, words: talk.speech.words ?? '' },
      expiresAt: new Date(now.getTime() + choiceMinutes * 60_000),
    },
    now,
  )
  const scenes = await Promise.all(orders.slice(0, 6).map(order => sceneOf(tx, ctx, order)))
  return show(chooseCard(draft, scenes, orders.length))
}

async function showOrder(talk: Talk, order: OrderRecord): Promise<Reply | null> {
  const { tx, ctx, person, inbound } = talk
  if (inbound.chat.kind === 'group') return say(listLine(await sceneOf(tx, ctx, order), { masked: true }))
  const now = ctx.clock.now()
  const dedupeKey = `card:${order.id}:show:${inbound.key}`
  await put(
    tx,
    ctx.company,
    [{ kind: 'order.card', to: { person: person.id }, subject: order.id, data: { asked: true }, dedupeKey }],
    now,
  )
  return null
}

/** Lists: what is mine, the board of my teams, what is late there, and their reports. */
export async function listWish(talk: Talk, which: Exclude<ListName, 'revisits'>): Promise<Reply> {
  const { tx, ctx, person, inbound } = talk
  const masked = inbound.chat.kind === 'group'
  if (which === 'mine') {
    const own = await scenesOf(talk, await openOrdersOf(tx, ctx.company, person.id))
    return say(mineText(own, await scenesOf(talk, await helpedOrders(talk)), { masked }))
  }
  const ids = deskTeams(person)
  if (ids.length === 0) throw new Refusal('role', '这个清单只有派工员和经理能看。你的单请回复「我的单」。')
  const teams = await teamsOf(tx, ctx, ids)
  if (which === 'daily') return say(reportText('daily', await dayReport(tx, ctx, teams), { masked }))
  if (which === 'weekly') {
    const week = lastWeekOf(teams.policy, ctx.clock.now())
    return say(reportText('weekly', await weekReport(tx, ctx, teams, week), { masked }))
  }
  if (which === 'today') return say(boardText(await boardFor(tx, ctx, teams), teams.name, { head: 'asked', masked }))
  return say(lateText(await lateThere(tx, ctx, teams), { masked }))
}

async function scenesOf({ tx, ctx }: Talk, orders: readonly OrderRecord[]) {
  const scenes = await Promise.all(orders.map(order => sceneOf(tx, ctx, order)))
  return scenes.sort(byPriority)
}

const minuteMs = 60_000

/** 撤回: the person's last reply, wherever it was said. */
export async function undoWish(talk: Talk): Promise<Reply> {
  const { tx, ctx, person } = talk
  const last = await lastTouched(tx, ctx.company, person.id)
  if (!last) throw new Refusal('none', '你最近没有报过什么，没有可以撤回的。')
  const { orderId, at } = last
  const now = ctx.clock.now()
  // The machine's clock was set back: of several orders nobody knows which was the last.
  const ahead = at.getTime() - now.getTime() > minuteMs
  const since = new Date(now.getTime() - 10 * minuteMs)
  if (ahead && (await touchedSince(tx, ctx.company, person.id, since)) > 1)
    throw new Refusal('time', '系统时钟刚往回调过，分不清你最后报的是哪一张单，没有撤回。请找派工员处理。')
  const done = await change(tx, ctx, { orderId, command: { do: 'undo' }, by: person, speech: talk.speech })
  const scene = await sceneOf(tx, ctx, done.order)
  return say(confirmation(scene, done.added, { technician: done.order.view.assignee === person.id }))
}

export async function helpWish({ tx, ctx, person }: Talk): Promise<Reply> {
  return say(
    helpText(
      person.memberships.some(m => m.role === 'technician'),
      deskTeams(person).length > 0,
      {
        attendance: (await teamOf(tx, ctx, person)) !== null,
        figures: person.memberships.some(({ role }) => role === 'manager' || role === 'finance'),
        incidents: await has(tx, ctx, person, ({ incidents }) => incidents !== null),
        manager: person.memberships.some(m => m.role === 'manager'),
        months: await has(tx, ctx, person, settles),
      },
    ),
  )
}

/** Whether a team of his has a rule book of which that is so. */
async function has(tx: Tx, ctx: Context, person: Person, is: (policy: Policy) => boolean): Promise<boolean> {
  for (const id of new Set(person.memberships.map(({ teamId }) => teamId))) {
    const team = await teamById(tx, ctx.company, id)
    if (team && is(ctx.policy(team.policy))) return true
  }
  return false
}
