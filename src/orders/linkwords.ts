import type { LastTime } from './fact.ts'
import type { Scene } from './scene.ts'
import { shorten } from './shorten.ts'
import { sayDate, sayDuration } from './timewords.ts'

type Teller = Pick<Scene, 'now' | 'zone' | 'nameOf'>

/** `上次 1003 张三 11月2日 不制冷`. */
export function lastTimeWords({ code, technician, doneAt, fault }: LastTime, { now, zone, nameOf }: Teller): string {
  const who = technician ? nameOf(technician) : ''
  return ['上次', code, who, sayDate(new Date(doneAt), now, zone), fault && shorten(fault, 12)]
    .filter(Boolean)
    .join(' ')
}

/** What an order follows from, on a card: one line, or none. */
export function linkLine(scene: Scene): string {
  const { linked, earlier } = scene.order.view
  if (linked?.why === 'rework') return `返修：${lastTimeWords(linked, scene)}`
  if (linked) return leakLine(scene, linked)
  if (!earlier) return ''
  const { code, ...rest } = earlier
  return lastTimeWords({ ...rest, code }, scene).replace('上次 ', '上次：')
}

/** `装机后第 295 天漏：1003 张三 2月2日装，24 小时内先由他修`. */
function leakLine(scene: Scene, { code, technician, doneAt, days }: LastTime): string {
  const { now, zone, nameOf, installerMs } = scene
  const who = technician ? ` ${nameOf(technician)}` : ''
  const first = installerMs ? `，${sayDuration(installerMs)}内先由他修` : ''
  return `装机后第 ${days} 天漏：${code}${who} ${sayDate(new Date(doneAt), now, zone)}装${technician ? first : ''}`
}

/** In a row and in the group: `返修`, `装机漏`; nothing for the rest. */
export function linkMark({ order }: Pick<Scene, 'order'>): string {
  const { linked } = order.view
  return linked ? { rework: '返修', leak: '装机漏' }[linked.why] : ''
}
