import { clockKindNames, roleNames } from '../policy/terms.ts'
import { readDuration } from '../policy/units.ts'
import type { ClockView } from './clocks.ts'
import type { NextTelling } from './nudges.ts'
import { canBeAsked } from './progress.ts'
import type { Scene } from './scene.ts'
import { shorten } from './shorten.ts'
import { laterExample, sayDuration, sayLeft, sayTime } from './timewords.ts'
import { nextStep } from './words.ts'

/** One clock of one order that somebody is reminded of. */
export interface NudgeLine {
  scene: Scene
  clock: ClockView
  /** The reader is the technician in charge. */
  mine: boolean
  /** What happens when nothing is heard. */
  next: NextTelling | null
  /** The technician in charge rests today. */
  resting: boolean
  /** `unanswered:20m` when his answer to the question for progress did not come. */
  silentFor?: string
}

/** Platforms cut long messages anywhere; so many orders fit, and the others are counted. */
const mostLines = 8
const minuteMs = 60_000

/** Several reminders for one person are one message, the one due first on top, of those due at the same time the one opened first. */
export function nudgeText(given: readonly NudgeLine[]): string {
  const lines = [...given].sort((a, b) => Number(a.clock.dueAt) - Number(b.clock.dueAt) || inTurn(a, b))
  const [only] = lines
  if (lines.length === 1 && only) return single(only)
  const late = lines.filter(({ scene, clock }) => clock.dueAt && clock.dueAt < scene.now).length
  const head = [late > 0 ? `${late} 单已超时` : '', late < lines.length ? `${lines.length - late} 单快超时` : '']
    .filter(Boolean)
    .join('，')
  const shown = lines.slice(0, mostLines)
  return [
    `⏰ ${head}：`,
    ...shown.map(one => [line(one), ...aside(one)].join(' · ')),
    lines.length > shown.length ? `…还有 ${lines.length - shown.length} 单` : '',
    replyToSeveral(lines),
  ]
    .filter(Boolean)
    .join('\n')
}

const inTurn = (a: NudgeLine, b: NudgeLine): number =>
  a.scene.order.code.localeCompare(b.scene.order.code, 'en', { numeric: true })

/** What is due, what to reply, what happens next and when. */
function single(one: NudgeLine): string {
  const { scene, mine, resting, silentFor, next } = one
  const desk = [
    `责任人：${who(one)}`,
    silentFor ? `${who(one)} ${silence(silentFor)}没有回进度，请打电话问问。` : '',
    resting && scene.order.view.assignee ? `${who(one)}今天休息，他上班的早上再提醒他。` : '',
    replyOfDesk(one),
  ]
  return [line(one), ...(mine ? [replyOfTechnician(one)] : desk), next ? happens(next, scene) : '']
    .filter(Boolean)
    .join('\n')
}

function aside(one: NudgeLine): string[] {
  if (one.mine) return []
  const { silentFor, resting, scene } = one
  const silent = silentFor ? `${silence(silentFor)}没有回进度` : ''
  const rests = resting && scene.order.view.assignee ? '今天休息' : ''
  return [[who(one), rests, silent].filter(Boolean).join(' ')]
}

const silence = (step: string): string => sayMinutes(readDuration(step.replace('unanswered:', '')) ?? 0)

/** `20 分钟`, `1 小时 30 分`. */
function sayMinutes(ms: number): string {
  return ms < 60 * minuteMs ? `${Math.round(ms / minuteMs)} 分钟` : sayDuration(ms)
}

/** `15 分钟后没有动静会告诉派工员。`, further away `16:30 会告诉经理。` */
function happens({ at, tell, takeBack }: NextTelling, { now, zone }: Scene): string {
  const minutes = Math.floor(at.getTime() / minuteMs) - Math.floor(now.getTime() / minuteMs)
  const what = takeBack ? '会收回重派' : `会告诉${roleNames[tell]}`
  if (minutes > 0 && minutes < 60) return `${minutes} 分钟后没有动静${what}。`
  return `${sayTime(at, now, zone).replace(/^今天 /, '')} ${what}。`
}

function replyOfTechnician({ scene, clock }: NudgeLine): string {
  const { now, zone, order } = scene
  const { code } = order
  if (clock.kind === 'report') return `下一步：单据交齐后回复「报单 ${code}」。`
  const late = clock.dueAt && clock.dueAt < now
  const tellable = late && clock.kind !== 'contact' && canBeAsked(order.view)
  return `${nextStep(scene)}${tellable ? `还要多久？回复「要晚 ${code} ${laterExample(now, zone)}」。` : ''}`
}

function replyOfDesk({ scene, clock }: NudgeLine): string {
  const { code, view } = scene.order
  if (clock.kind === 'revisit') return `回访后回复「回访 ${code} 结果」。`
  if (clock.kind === 'report') return `回复「单 ${code}」看详情。`
  if (!view.assignee) return `回复「派 ${code} 给 姓名」，或「抢单 ${code}」。`
  return `回复「单 ${code}」看详情，要换人回复「改派 ${code} 给 姓名」。`
}

function replyToSeveral(lines: readonly NudgeLine[]): string {
  const own = lines.find(({ mine }) => mine)
  if (own) return `${replyOfTechnician(own).split(/[；。]/)[0]}。其他单一样带单号回复，「我的单」看全部。`
  const [first] = lines
  const { code = '', view } = first?.scene.order ?? {}
  const give = view?.assignee ? `要换人回复「改派 ${code} 给 姓名」` : `要派人回复「派 ${code} 给 姓名」`
  return `回复「单 ${code}」看详情，${give}，「今日」看全部。`
}

function who({ scene }: NudgeLine): string {
  return scene.order.view.assignee ? scene.nameOf(scene.order.view.assignee) : '未派'
}

/** A line stays short: what customers write can be long, and a message has an end. */
function line({ scene, clock }: NudgeLine): string {
  const { order, now, zone } = scene
  const { customer, fault } = order.view.fields
  const due = clock.dueAt as Date
  const icon = due < now ? '🔴' : '⏰'
  return `${icon} ${order.code} ${shorten(customer.name, 8)} ${shorten(fault, 16)} · ${clockKindNames[clock.kind]}${sayLeft(due, now)}（${sayTime(due, now, zone)} 前）`
}
