import { maskName } from '../people/person.ts'
import { clockKindNames } from '../policy/terms.ts'
import { runningClock } from './card.ts'
import { names } from './digestWords.ts'
import { standing } from './fact.ts'
import { stateNames } from './order.ts'
import { gradeNames, waitsForCall } from './revisitresult.ts'
import type { Scene } from './scene.ts'
import { shorten } from './shorten.ts'
import { sayLeft, saySpan, sayTime } from './timewords.ts'

/** Lists somebody asks for: so much of them as a message holds, and how many there are besides. */

/** WeCom takes 2,048 bytes of text and cuts what is longer anywhere; a head and a last line go besides. */
const roomBytes = 1_700
const mostLines = 10
const mostAlong = 3

/** Where it is read: customers are not named in full in a group. */
interface Place {
  masked: boolean
}

/** One order in a line: `1024 王女士 · 挂机不制冷 · 待上门（张三） · 完成还剩 3 小时`. */
export function listLine(scene: Scene, { masked }: Place): string {
  const { order, clocks, now, zone } = scene
  const { view, code } = order
  const { customer, fault } = view.fields
  const running = runningClock(clocks)
  const time = running?.dueAt ? ` · ${clockKindNames[running.kind]}${sayLeft(running.dueAt, now)}` : ''
  const appointment = view.appointment ? ` · 约 ${saySpan(view.appointment, now, zone)}` : ''
  const late = running?.dueAt && running.dueAt < now ? '🔴 ' : view.urgent ? '🟠 ' : ''
  const name = shorten(masked ? maskName(customer.name) : customer.name, 8)
  return `${late}${code} ${name} · ${shorten(fault, 16)} · ${stateNames[view.state]}（${holderOf(scene)}）${appointment}${time}`
}

const holderOf = ({ order, nameOf }: Scene): string => (order.view.assignee ? nameOf(order.view.assignee) : '未派')

/** 我的单: the most pressing first, then what he goes along on. */
export function mineText(own: readonly Scene[], along: readonly Scene[], place: Place): string {
  if (own.length + along.length === 0) return '你现在没有进行中的单。有新单会发卡片给你。'
  const helped = along.map(scene => `协助 ${listLine(scene, place)}`)
  const beside = helped.slice(0, fitting(helped, roomBytes, own.length > 0 ? mostAlong : mostLines))
  const lines = own.map(scene => listLine(scene, place))
  const shown = lines.slice(0, fitting(lines, roomBytes - bytesOf(beside), mostLines))
  return [
    ...(own.length > 0 ? [`你有 ${own.length} 张单（最急的在前）：`, ...shown] : []),
    ...(own.length > shown.length ? [`…还有 ${own.length - shown.length} 张`] : []),
    ...(along.length > 0 ? [`协助 ${along.length} 张：`, ...beside] : []),
    ...(along.length > beside.length ? [`…还有 ${along.length - beside.length} 张`] : []),
  ].join('\n')
}

/** 超时单: the most pressing first; whose the others are, `…还有 7 单：张三 4 · 李四 2 · 未派 1`. */
export function lateText(late: readonly Scene[], place: Place): string {
  if (late.length === 0) return '现在没有超时的单。'
  const lines = late.map(scene => listLine(scene, place))
  const shown = lines.slice(0, fitting(lines, roomBytes, mostLines))
  const others = late.slice(shown.length)
  return [
    `超时 ${late.length} 单：`,
    ...shown,
    ...(others.length > 0 ? [`…还有 ${others.length} 单：${whose(others)}`] : []),
  ].join('\n')
}

function whose(scenes: readonly Scene[]): string {
  const counts = new Map<string, number>()
  for (const scene of scenes) counts.set(holderOf(scene), (counts.get(holderOf(scene)) ?? 0) + 1)
  return names([...counts].sort(([, one], [, other]) => other - one).map(([name, orders]) => `${name} ${orders}`))
}

/** How many of the lines a message holds. */
function fitting(lines: readonly string[], bytes: number, most: number): number {
  let count = 0
  while (count < Math.min(lines.length, most) && bytesOf(lines.slice(0, count + 1)) <= bytes) count++
  return count
}

const bytesOf = (lines: readonly string[]): number => Buffer.byteLength(lines.join('\n'))

/** One line of 待回访: `🔴 1024 王女士 · 不制冷 · 张三 昨天 16:20 完工 · 回访超时 2 小时 · 抽中满意度表`. */
export function waitingLine(scene: Scene, { masked }: Place): string {
  const { order, clocks, now, zone, nameOf } = scene
  const { view, code } = order
  const { customer, fault } = view.fields
  const done = standing(order.facts).findLast(fact => fact.fact === 'completed' || fact.fact === 'emptyRun')
  const clock = clocks.find(({ kind, state }) => kind === 'revisit' && (state === 'running' || state === 'late'))
  const who = [view.assignee && nameOf(view.assignee), done && sayTime(new Date(done.at), now, zone)]
  const { drawn = false, tries = 0, rating } = view.revisit ?? {}
  return [
    `${clock?.state === 'late' || waitsForCall(view.revisit) ? '🔴 ' : ''}${code} ${shorten(masked ? maskName(customer.name) : customer.name, 8)}`,
    shorten(fault, 16),
    `${who.filter(Boolean).join(' ')} 完工`,
    clock?.dueAt ? `回访${sayLeft(clock.dueAt, now)}` : '',
    rating ? `客户自评${gradeNames[rating.grade]}` : '',
    drawn && !rating ? '抽中满意度表' : '',
    tries > 0 ? `没打通 ${tries} 次` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
