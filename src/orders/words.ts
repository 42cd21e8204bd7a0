import { maskName, maskPhone, maskPhones } from '../people/person.ts'
import { clockKindNames } from '../policy/terms.ts'
import { tellRating } from '../rating/words.ts'
import { jobName, runningClock } from './card.ts'
import { example, sayShares } from './crewing.ts'
import type { Fact } from './fact.ts'
import { doerOf, factNames, moment, phrase, undoneName } from './factwords.ts'
import { pauseNote } from './followwords.ts'
import { linkLine, linkMark } from './linkwords.ts'
import { isOpen, stateNames } from './order.ts'
import type { OrderRecord } from './record.ts'
import { isUnhappy } from './revisitresult.ts'
import type { Scene } from './scene.ts'
import { sayLeft, sayTime } from './timewords.ts'

/** What the bot answers to the person himself: what it understood, the time that runs, what is next. */
export function confirmation(scene: Scene, added: readonly Fact[], own: { technician: boolean }): string {
  const { order } = scene
  // What the service did on its own after that, others are told.
  const said = added.filter(fact => fact.via === added[0]?.via)
  const real = said.filter(
    fact => !('implied' in fact && fact.implied) && fact.fact !== 'withdrawn' && fact.fact !== 'sampled',
  )
  const last = real.at(-1)
  if (!last) return `✅ ${order.code} 已记录。`
  const undone = last.fact === 'undone'
  const what = undone
    ? `已撤回${undoneName(last, scene)} ${moment(last.at, scene)}，现在是「${stateNames[order.view.state]}」`
    : phrase(scene, last)
  const head = `${undone ? '↩️' : '✅'} ${order.code} ${what}`
  const skipped = added.filter(fact => 'implied' in fact && fact.implied).map(fact => factNames[fact.fact])
  const also = skipped.length > 0 ? `（没报过的也一并记上：${skipped.join('、')}）` : ''
  const next = afterDesk(scene, last) || (own.technician ? nextStep(scene) : found(scene, added))
  const time = last.fact === 'declined' ? '' : limit(scene)
  const rest = restNote(scene, last)
  return [head + (rest && `（${rest}）`) + also + pauseNote(scene.clocks, last) + time, next].filter(Boolean).join('\n')
}

/** What an order that was just opened follows from: who opened it may know better. */
function found(scene: Scene, added: readonly Fact[]): string {
  if (!added.some(fact => fact.fact === 'created')) return ''
  const wrong = scene.order.view.linked ? `（不是的话回复「不是返修 ${scene.order.code}」）` : ''
  return linkLine(scene) + wrong
}

/** What the desk can do after calling a customer back, and how the work is divided now. */
function afterDesk({ order, nameOf }: Scene, last: Fact): string {
  const { code, view } = order
  switch (last.fact) {
    case 'revisited':
      if (isUnhappy(view.revisit)) return `经理会收到通知。要立投诉单请回复「开投诉 ${code}」。`
      return view.state === 'completed' ? `下一步：回复「结单 ${code}」。` : ''
    case 'revisitTried':
      return `回访还欠着，打通后回复「回访 ${code} 满意」这样的结果。`
    case 'joined':
    case 'left':
    case 'shared':
      return view.helpers.length === 0 || view.shares.length === 0
        ? ''
        : `分成：${sayShares(view.shares, nameOf)}。要改请回复「${example(view, { code, nameOf })}」这样的比例。`
    default:
      return ''
  }
}

/**
 * Customers are at home on days off, so a time agreed on one is taken; whoever agreed it hears what day it is:
 * `那天是周日，班组休息`.
 */
export function restNote({ closedOn, now, zone }: Scene, fact: Fact): string {
  const span = fact.fact === 'contacted' || fact.fact === 'appointed' ? fact.appointment : undefined
  const why = span && closedOn?.(span)
  if (!why) return ''
  const day = sayTime(new Date(span.from), now, zone).startsWith('今天') ? '今天' : '那天'
  return `${day}${why.startsWith('周') ? `是${why}` : why}，班组休息`
}

function limit({ order, clocks, now, zone }: Scene): string {
  const running = isOpen(order.view.state) ? runningClock(clocks) : undefined
  if (!running?.dueAt) return ''
  return ` · ${clockKindNames[running.kind]}时限 ${sayTime(running.dueAt, now, zone)}（${sayLeft(running.dueAt, now)}）`
}

/** The one thing to do next, in words that can be typed. */
export function nextStep({ order, clocks, now, zone, mayRate }: Scene): string {
  const { view, code } = order
  switch (view.state) {
    case 'dispatched':
      return `下一步：回复「接单 ${code}」。`
    case 'accepted':
      return `下一步：联系客户后回复「已联系 ${code} 明天上午10点」；打不通回复「联系不上 ${code}」。`
    case 'contacted':
      return `下一步：到了回复「到达 ${code}」。`
    case 'arrived':
      return `下一步：做完回复「完工 ${code} 结果 收费80」，可以先发照片。`
    case 'suspended':
      return `下一步：能继续时回复「恢复 ${code}」；还要等回复「再等 ${code} 明天下午」。`
    case 'completed':
      return `${owedReport({ code, clocks, now, zone })}报错了可以回复「撤回」。${mayRate ? `请客户评价：回复「评价码 ${code}」。` : ''}接下来去哪一单？回复「我的单」看看。`
    default:
      return ''
  }
}

function owedReport({ code, clocks, now, zone }: Pick<Scene, 'clocks' | 'now' | 'zone'> & { code: string }): string {
  const owed = clocks.find(({ kind, state }) => kind === 'report' && (state === 'running' || state === 'late'))
  return owed?.dueAt ? `下一步：单据交齐后回复「报单 ${code}」，${sayTime(owed.dueAt, now, zone)} 前。` : ''
}

/** `🔔 1024 张三 已完工 11:00`: on top of the card that asks for what is next. */
export function happened(scene: Scene, fact: Fact): string {
  const who = doerOf(fact, scene)
  return `🔔 ${scene.order.code} ${who} ${factNames[fact.fact]} ${moment(fact.at, scene)}`
}

const loud: ReadonlySet<Fact['fact']> = new Set([
  'declined',
  'unreachable',
  'suspended',
  'helpAsked',
  'cancelled',
  'withdrawn',
  'left',
])

/** Told to one person: the desk, or the technician concerned. */
export function telling(scene: Scene, fact: Fact, own: { desk: boolean }): string {
  const { order } = scene
  if (fact.fact === 'created') return complaint(scene, fact)
  if (fact.fact === 'rated') return tellRating(scene, fact, own)
  const who = fact.by ? scene.nameOf(fact.by) : '系统'
  const unhappy = fact.fact === 'revisited' && isUnhappy(order.view.revisit)
  const icon = unhappy || loud.has(fact.fact) ? '⚠️' : '🔔'
  const head = `${icon} ${order.code} ${who} ${phrase(scene, fact)}`
  const { customer, fault } = order.view.fields
  const about = `${customer.name} ${maskPhone(customer.phone)} · ${fault}`
  const next = unhappy ? unhappyNext(scene) : own.desk ? deskNext(scene, fact) : technicianNext(scene, fact)
  return [head, about, next].filter(Boolean).join('\n')
}

/**
 * `⚠️ 系统 已收回 3 单 09:00：请假（假1）` and the codes. Who, when and why are said where they are the same for all of them.
 */
export function withdrawnTogether(scene: Scene, told: ReadonlyArray<{ order: { code: string }; fact: Fact }>): string {
  const same = (of: (fact: Fact) => string): string => {
    const [first = '', ...others] = new Set(told.map(({ fact }) => of(fact)))
    return others.length > 0 ? '' : first
  }
  const who = same(({ by }) => (by ? scene.nameOf(by) : '系统'))
  const when = same(({ at }) => moment(at, scene))
  const why = same(fact => ('reason' in fact ? fact.reason : ''))
  const head = ['⚠️', who, `已收回 ${told.length} 单`, when].filter(Boolean).join(' ')
  const codes = told.map(({ order }) => order.code).join('、')
  return [`${head}${why && `：${why}`}`, codes, '这些单不用你处理了。'].join('\n')
}

/** To the manager: whose work it was, and what can be done (R1.14). */
function unhappyNext({ order, nameOf }: Scene): string {
  const { assignee } = order.view
  return `${assignee ? `${nameOf(assignee)}做的。` : ''}请跟进客户；要立投诉单请回复「开投诉 ${order.code}」。`
}

/** To the manager: every complaint at once (R1.14), with where it goes (R1.13). */
function complaint({ order, now, zone, routes = [] }: Scene, fact: Fact): string {
  const { fields, routed, urgent } = order.view
  const { customer, fault } = fields
  const where = routed ? `（${routed.subject}，转${routed.to}）` : routes.length > 0 ? '（还没定转哪里）' : ''
  return [
    `📣 ${order.code} 新投诉${urgent ? '【加急】' : ''}${where} ${sayTime(new Date(fact.at), now, zone)}`,
    `${customer.name} ${maskPhone(customer.phone)} · ${fault}`,
    '客户情绪激动的，请亲自处理。',
  ].join('\n')
}

function deskNext({ order }: Scene, fact: Fact): string {
  const { code } = order
  switch (fact.fact) {
    case 'declined':
      return `下一步：回复「派 ${code} 给 姓名」，或「抢单 ${code}」。`
    case 'unreachable':
      return `核实后回复「确认联系不上 ${code}」，联系时限就不算他超时。`
    case 'completed':
    case 'emptyRun':
      return `回访后回复「回访 ${code} 结果」，再回复「结单 ${code}」。`
    case 'helpAsked':
      return '请尽快联系他。'
    default:
      return ''
  }
}

function technicianNext({ order, nameOf }: Scene, fact: Fact): string {
  const { code } = order
  if (fact.fact === 'cancelled') return '不用去了。已经在路上请告诉派工员。'
  if (fact.fact === 'withdrawn') return '这单不用你处理了。'
  if (fact.fact === 'left') return `${nameOf(fact.person)}不用去 ${code} 了。`
  if (fact.fact === 'joined') return `${nameOf(fact.person)}和你一起去，步骤还是你来报。`
  if (fact.fact === 'urged') return `客户很急，请先处理 ${code}。`
  return ''
}

/** Posted in the group: names the job without giving the customer away. */
export function posting(scene: Scene, fact: Fact): string {
  const { order } = scene
  const who = fact.by && fact.fact !== 'dispatched' && fact.fact !== 'offered' ? `${scene.nameOf(fact.by)} ` : ''
  const icon =
    { completed: '✅', emptyRun: '☑️', cancelled: '✖️', dispatched: '📋', offered: '🙋' }[fact.fact as string] ?? '🔧'
  // What the dispatcher says to the technician, or thinks of giving it to him, is not for everybody.
  const open: Fact = fact.fact === 'dispatched' ? { ...fact, despite: '', note: '' } : fact
  const mark = linkMark(scene)
  const marks = `${order.view.urgent ? '【加急】' : ''}${mark && `【${mark}】`}`
  const head = `${icon} ${marks}${order.code} ${who}${phrase(scene, open)}`
  const { customer, fault } = order.view.fields
  const about = `${jobName(order)} · ${maskName(customer.name)} ${maskPhone(customer.phone)} · ${maskAddress(customer.address)} · ${fault}`
  const ask = fact.fact === 'offered' ? `@ 机器人回复「我抢 ${order.code}」，或在派工卡片上点「抢单」，先到先得。` : ''
  const lines = [
    head,
    fact.fact === 'completed' ? '' : about,
    isOpen(order.view.state) ? limit(scene).replace(/^ · /, '') : '',
    ask,
  ]
  // Reasons and faults are in people's own words, and may have a number in them.
  return maskPhones(lines.filter(Boolean).join('\n'))
}

/** The road without the door: flat and house numbers at the end are left out. */
export function maskAddress(address: string): string {
  const cut = address.search(/\d+\s*(号楼|栋|幢|单元|室|座|#|-\d)/)
  const road = cut > 3 ? address.slice(0, cut) : address.slice(0, Math.max(6, Math.ceil(address.length / 2)))
  return `${road}…`
}

/** `张三 已接单 10:32`: what happened last, for whoever tapped too late. */
export function lastWords(scene: Scene, fact: Fact): string {
  return `${doerOf(fact, scene)} ${phrase(scene, fact)}`
}

/** To the desk: a technician's card waits, so he has to be called. */
export function notDelivered({ code, view }: Pick<OrderRecord, 'code' | 'view'>, to: string, name: string): string {
  const accept = view.assignee === to ? `；他在群里 @ 机器人回复「接单 ${code}」一样有效` : ''
  return `⚠️ ${code} 的派工卡片现在发不到${name}（平台本月的调用额度已用完）。请打电话通知他${accept}。额度恢复后卡片会自动补发。`
}
