import { clockKindNames } from '../policy/terms.ts'
import type { ClockView } from './clocks.ts'
import type { Scene } from './scene.ts'
import { sayLeft, sayTime } from './timewords.ts'
import { nextStep } from './words.ts'

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
