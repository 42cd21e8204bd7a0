import type { ClockView } from './clocks.ts'
import type { Fact } from './fact.ts'
import type { Scene } from './scene.ts'
import { saySpan } from './timewords.ts'

const questions: Readonly<Record<string, string>> = {
  parts: '配件到了吗？',
  majorRepair: '大修好了吗？',
  customer: '客户定好时间了吗？',
}

/** On top of the card of suspended work: how does it stand. */
export function suspendedQuestion({ order, now, zone }: Pick<Scene, 'order' | 'now' | 'zone'>): string {
  const { suspended } = order.view
  const until = suspended?.expected ? `（原定 ${saySpan(suspended.expected, now, zone)}）` : ''
  return `❓ ${questions[suspended?.reason ?? ''] ?? '现在能继续了吗？'}${until}能继续点「恢复」，还要等点「再等」。`
}

/** To the desk: he was asked again and again and says nothing. */
export function nobodyAnswers({ order, nameOf }: Pick<Scene, 'order' | 'nameOf'>, times: number): string {
  const { view, code } = order
  const { customer, fault } = view.fields
  const who = view.assignee ? nameOf(view.assignee) : '技术员'
  return [
    `⚠️ ${code} 挂起（${view.suspended?.note ?? ''}），问了${who} ${times} 次没有回音`,
    `${customer.name} · ${fault}`,
    `请打电话问他，或回复「改派 ${code} 给 姓名」。`,
  ].join('\n')
}

/** What a pause does to the time limits, where it does nothing: said at once, so that nobody relies on it. */
export function pauseNote(clocks: readonly ClockView[], fact: Fact): string {
  if (fact.fact !== 'suspended') return ''
  const open = clocks.filter(({ state }) => state === 'running' || state === 'late' || state === 'paused')
  if (open.length === 0 || open.some(({ pauses }) => pauses.some(({ by }) => by === fact.seq))) return ''
  const why = open.flatMap(({ notCounted }) => notCounted.filter(({ seq }) => seq === fact.seq))
  if (why.some(one => one.why === 'suspendedTooLate')) return '（已经超时，挂起不停时限）'
  return '（这个原因不停时限）'
}
