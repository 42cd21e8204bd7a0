import { Refusal } from '../errors.ts'
import type { CountedDay, LeaveSpan } from './count.ts'
import type { LeaveBody } from './fact.ts'
import { isPending, type LeaveState, type LeaveView } from './request.ts'

/** What somebody does to a request for leave that is there. */
export type LeaveCommand =
  /** `ordinary`: he had come to work, so it is no absence (R4.2 instead of R4.3). */
  | { do: 'approve'; ordinary?: boolean }
  | { do: 'reject'; reason: string }
  | { do: 'propose'; span: LeaveSpan; days: CountedDay[]; note?: string }
  | { do: 'take' }
  | { do: 'refuse'; reason?: string }
  | { do: 'withdraw' }

export interface LeaveSituation {
  code: string
  actor: string
  /** Who may decide the step whose turn it is. */
  deciders: ReadonlySet<string>
  nameOf(person: string): string
  /** The leave is over already. */
  over: boolean
}

const endings: Record<Exclude<LeaveState, 'asked' | 'proposed'>, string> = {
  granted: '批准',
  rejected: '驳回',
  withdrawn: '撤回',
  lapsed: '过期',
  cancelled: '取消',
}

/** What a command comes to. Throws `Refusal`: nothing is half done. */
export function decideLeave(view: LeaveView, command: LeaveCommand, situation: LeaveSituation): LeaveBody[] {
  const { code, actor, deciders, nameOf, over } = situation
  const mine = actor === view.person
  if (!isPending(view)) throw new Refusal('decided', decidedAlready(view, situation))
  if (command.do === 'withdraw') {
    if (!mine) throw new Refusal('role', `${code} 是${nameOf(view.person)}的，只有本人能撤回。要不批请点「驳回」。`)
    return [{ fact: 'withdrawn' }]
  }
  if (command.do === 'take' || command.do === 'refuse') {
    if (!mine) throw new Refusal('role', `${code} 的改期要${nameOf(view.person)}本人答复。`)
    if (view.state !== 'proposed') throw new Refusal('decided', `${code} 没有等你答复的改期。`)
    if (command.do === 'refuse') return [{ fact: 'refused', ...(command.reason && { reason: command.reason }) }]
    return [{ fact: 'taken' }, ...passing(view)]
  }
  if (mine) throw new Refusal('role', `${code} 是你自己的假，不能自己批。已经发给能批的人了。`)
  if (!deciders.has(actor)) throw new Refusal('role', `${code} 现在不归你批，没有改动。`)
  if (view.state === 'proposed') throw new Refusal('decided', `${code} 已提出改期，正等${nameOf(view.person)}答复。`)
  if (over && command.do !== 'reject') throw new Refusal('over', `${code} 的日子已经过了，不能再批。可以点「驳回」。`)
  switch (command.do) {
    case 'approve':
      return passing(view, command.ordinary)
    case 'reject':
      return [{ fact: 'rejected', reason: command.reason }]
    case 'propose': {
      if (view.kind !== 'leave' && view.kind !== 'extend')
        throw new Refusal('kind', `${code} 不是请假，没有日子可改，请批准或驳回。`)
      if (command.days.length === 0) throw new Refusal('days', '改的日子里没有要上班的时间，请换一个日子。')
      const { span, days, note } = command
      return [{ fact: 'proposed', span, days, ...(note && { note }) }]
    }
  }
}

/** On to the next step, or granted when it was the last. */
function passing(view: LeaveView, ordinary?: boolean): LeaveBody[] {
  if (view.step + 1 < view.steps.length) return [{ fact: 'passed', step: view.step }]
  return [{ fact: 'granted', ...(ordinary && view.flags.has('notCome') && { ordinary: true as const }) }]
}

function decidedAlready(view: LeaveView, { code, nameOf, actor }: LeaveSituation): string {
  const word = endings[view.state as keyof typeof endings]
  const { decided } = view
  const who = decided?.by ? (decided.by === actor ? '你' : nameOf(decided.by)) : ''
  const hint =
    view.state === 'granted'
      ? actor === view.person
        ? `要改请说「续假 ${code} 1天」「销假 ${code}」或「撤销 ${code}」。`
        : `要改请让${nameOf(view.person)}续假、销假或撤销后重新请。`
      : ''
  return `${code} 已${who ? `由${who}` : ''}${word}，这次没有改动。${hint}`
}
