import { runningClock } from './card.ts'
import type { Scene } from './scene.ts'
import { saySpan } from './timewords.ts'
import { listLine } from './words.ts'

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
