import { clockKindNames } from '../policy/terms.ts'
import { runningClock } from './card.ts'
import type { ClockView } from './clocks.ts'
import type { Scene } from './scene.ts'
import { sayLeft, saySpan, sayTime } from './timewords.ts'
import { listLine, nextStep } from './words.ts'

/** One clock of one order that somebody is reminded of. */
export interface NudgeLine {
  scene: Scene
  clock: ClockView
  /** The reader is the technician in charge. */
  mine: boolean
}

/** Several reminders for one person are one message. */
export function nudgeText(lines: readonly NudgeLine[]): string {
  const late = lines.filter(({ scene, clock }) => clock.dueAt && clock.dueAt < scene.now).length
  const [only] = lines
  if (lines.length === 1 && only)
    return [line(only), only.mine ? nextStep(only.scene) : `责任人：${who(only)}`].filter(Boolean).join('\n')
  const head = [late > 0 ? `${late} 单已超时` : '', late < lines.length ? `${lines.length - late} 单快超时` : '']
    .filter(Boolean)
    .join('，')
  return [`⏰ ${head}：`, ...lines.map(one => `${line(one)}${one.mine ? '' : ` · ${who(one)}`}`)].join('\n')
}

function who({ scene }: NudgeLine): string {
  return scene.order.view.assignee ? scene.nameOf(scene.order.view.assignee) : '未派'
}

function line({ scene, clock }: NudgeLine): string {
  const { order, now, zone } = scene
  const { customer, fault } = order.view.fields
  const due = clock.dueAt as Date
  const icon = due < now ? '🔴' : '⏰'
  return `${icon} ${order.code} ${customer.name} ${fault} · ${clockKindNames[clock.kind]}${sayLeft(due, now)}（${sayTime(due, now, zone)} 前）`
}

/** Morning: what today holds. Before leaving: what is not done, to be reported before the day ends. */
export function dailyText(which: 'digest' | 'evening', scenes: readonly Scene[], own: { desk: boolean }): string {
  const sorted = [...scenes].sort((a, b) => due(a) - due(b))
  const late = sorted.filter(scene => due(scene) < scene.now.getTime()).length
  const lateWords = late > 0 ? `（${late} 单已超时）` : ''
  const counted = `${scenes.length} 单`
  const morning = `🌅 早上好，${own.desk ? '班组' : '你'}今天有 ${counted}${lateWords}：`
  const head = which === 'digest' ? morning : `🌇 下班前还有 ${counted}没完${lateWords}：`
  const appointments = sorted.flatMap(scene =>
    which === 'digest' && scene.order.view.appointment ? [appointment(scene)] : [],
  )
  const tail =
    which === 'evening' && !own.desk ? '做完的请报「完工」，今天做不完的请告诉派工员，或回复「挂起」「改约」。' : ''
  return [head, ...sorted.map(listLine), appointments.length > 0 ? `今天的约：${appointments.join('；')}` : '', tail]
    .filter(Boolean)
    .join('\n')
}

function appointment({ order, now, zone }: Scene): string {
  return order.view.appointment ? `${saySpan(order.view.appointment, now, zone)} ${order.code}` : ''
}

function due(scene: Scene): number {
  return runningClock(scene.clocks)?.dueAt?.getTime() ?? Number.POSITIVE_INFINITY
}
