import type { CardRow, Tone } from '../chat/card.ts'
import { sayRating } from '../rating/say.ts'
import { sayOutcome } from './outcomewords.ts'
import { owesRevisit } from './revisit.ts'
import { gradeNames } from './revisitresult.ts'
import type { Scene, Viewer } from './scene.ts'
import { sayLeft } from './timewords.ts'

/** What the desk's card says of an order whose customer is to be called back, or was (R1.11). */
export interface CallBack {
  title: string
  row: CardRow
  /** What was done there, so that the customer can be asked about it. */
  outcome: string
  tone: Tone
  figure?: string
}

/** Null for everybody but the desk, before the work is done, and where the policy wants no call. */
export function callBack(scene: Scene, viewer: Viewer): CallBack | null {
  const { order, clocks, now, wantsCall } = scene
  const { view } = order
  if (!viewer.desk || !wantsCall || !view.revisit) return null
  const clock = clocks.find(({ kind, state }) => kind === 'revisit' && (state === 'running' || state === 'late'))
  const owed = owesRevisit(view)
  const outcome = sayOutcome(view.outcome ?? { result: '' })
  return {
    title: owed ? '待回访' : '已回访',
    row: { label: '回访', value: sayRevisit(scene) },
    outcome: outcome && `结果：${outcome}`,
    tone: !owed ? 'done' : clock?.state === 'late' ? 'late' : 'normal',
    ...(clock?.dueAt && { figure: `回访${sayLeft(clock.dueAt, now)}` }),
  }
}

/** `抽中满意度表，没打通 2 次`, `不满意：还是不凉 · 投诉单 1031`. */
export function sayRevisit({ order }: Scene): string {
  const { revisit } = order.view
  if (!revisit) return ''
  const { done, drawn, tries, complaint, rating } = revisit
  const own = rating && `客户自评${sayRating(rating)}`
  const form = drawn ? '抽中满意度表' : ''
  if (!done) return [own ?? (form || '还没回访'), tries > 0 && `没打通 ${tries} 次`].filter(Boolean).join('，')
  const name = done.grade ? gradeNames[done.grade] : '已回访'
  const said = done.note ? `${name}：${done.note}` : name
  return [said, own, complaint && `投诉单 ${complaint}`].filter(Boolean).join(' · ')
}
