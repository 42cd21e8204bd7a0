import { clockKindNames } from '../policy/terms.ts'
import type { ProgressFact, Question } from './progress.ts'
import { sayLeft, saySpan, sayTime } from './timewords.ts'

interface When {
  now: Date
  zone: string
}

/** `进度：能按时`, `进度：要晚，预计 今天 18:00（客户家停电）`. */
export function sayProgress({ answer, expected, note }: ProgressFact, { now, zone }: When): string {
  const words = answer === 'onTime' ? '能按时' : '要晚'
  const when = expected ? `，预计 ${saySpan(expected, now, zone)}` : ''
  return `进度：${words}${when}${note ? `（${note}）` : ''}`
}

/** The question on top of a card: `⏰ 完成时限 今天 17:00（还剩 3 小时），能按时吗？点一个回一下，14:20 还没回会告诉派工员。` */
export function sayQuestion({ clock, until }: Question, { now, zone }: When): string {
  const due = clock.dueAt ? ` ${sayTime(clock.dueAt, now, zone)}（${sayLeft(clock.dueAt, now)}）` : ''
  const then = until && until > now ? `，${sayTime(until, now, zone).replace(/^今天 /, '')} 还没回会告诉派工员` : ''
  return `⏰ ${clockKindNames[clock.kind]}时限${due}，能按时吗？点一个回一下${then}。`
}
