import { Refusal } from '../errors.ts'
import type { Consequence } from './consequence.ts'
import type { IncidentBody } from './fact.ts'
import type { IncidentView } from './incident.ts'

/** What somebody does to an incident that is there. */
export type IncidentCommand =
  /** Reckoned as of now. */
  | { do: 'confirm'; is: Consequence; nth: number }
  | { do: 'drop'; reason?: string }
  | { do: 'appeal'; reason: string }
  /** The appeal is right (成立). */
  | { do: 'uphold'; reason?: string }
  /** The appeal is not (维持). */
  | { do: 'reject'; reason: string }
  /** It stands and costs less (改). Fen and points as they are to be, fines and taken points below zero. */
  | { do: 'amend'; fen?: number; points?: number; reason: string }

/** As much as is said, above zero, with the sign of what it is now. Fen and points. */
export function amendment(
  { is }: Pick<IncidentView, 'is'>,
  { fen, points, reason }: { fen?: number | undefined; points?: number | undefined; reason: string },
): Extract<IncidentCommand, { do: 'amend' }> {
  const signed = (now: number, said: number) => (now < 0 ? -said : said)
  return {
    ...{ do: 'amend', reason },
    ...(fen !== undefined && { fen: signed(is.fen, fen) }),
    ...(points !== undefined && { points: signed(is.points, points) }),
  }
}

export interface IncidentSituation {
  code: string
  /** Null: a program with a token, which speaks for the managers. */
  actor: string | null
  /** Managers who may decide it. */
  deciders: ReadonlySet<string>
  nameOf(person: string): string
  /** The business day, and the last one on which he may appeal. */
  today: string
  lastAppealDay: string
  /** That day in words. */
  lastAppealWords: string
}

/** What a command comes to (R16). Throws `Refusal`: nothing is half done. */
export function decideIncident(
  view: IncidentView,
  command: IncidentCommand,
  situation: IncidentSituation,
): IncidentBody[] {
  if (command.do === 'appeal') return appeal(view, command.reason, situation)
  mustDecide(view, situation)
  switch (command.do) {
    case 'confirm':
      if (view.state !== 'proposed') throw decidedAlready(view, situation)
      return [{ fact: 'confirmed', is: command.is, nth: command.nth }]
    case 'drop':
      return drop(view, command.reason, situation)
    case 'uphold':
    case 'reject':
    case 'amend':
      return answer(view, command, situation)
  }
}

function mustDecide(view: IncidentView, { code, actor, deciders, nameOf }: IncidentSituation): void {
  if (actor === null) return
  if (actor === view.person) throw new Refusal('role', `${code} 是你自己的奖惩，要由别的经理决定，没有改动。`)
  if (deciders.has(actor)) return
  const who = [...deciders].map(nameOf).slice(0, 3).join('、') || '经理'
  throw new Refusal('role', `${code} 要由${who}决定，没有改动。`)
}

const decidedAlready = (view: IncidentView, { code, actor, nameOf }: IncidentSituation): Refusal => {
  const { decided, dropped, state } = view
  const by = decided?.by ? (decided.by === actor ? '你' : nameOf(decided.by)) : ''
  const what = state === 'dropped' ? `撤销${dropped?.reason ? `（${dropped.reason}）` : ''}` : '确认'
  const next =
    state === 'appealed'
      ? `本人正在申诉，请回复「成立 ${code}」「维持 ${code} 原因」或「改为 ${code} 金额 原因」。`
      : state === 'confirmed'
        ? `要撤销请回复「撤销 ${code} 原因」。`
        : ''
  return new Refusal('decided', `${code} 已${by ? `由${by}` : ''}${what}，这次没有改动。${next}`)
}

function drop(view: IncidentView, reason: string | undefined, situation: IncidentSituation): IncidentBody[] {
  const { code } = situation
  if (view.state === 'dropped') throw decidedAlready(view, situation)
  if (view.state === 'appealed') return [{ fact: 'upheld', reason: reason ?? '申诉成立' }]
  if (view.state === 'confirmed' && !reason)
    throw new Refusal('missing', `${code} 已经生效，为什么撤销？请回复「撤销 ${code} 原因」，原因会告诉本人。`)
  return [{ fact: 'dropped', why: 'manager', reason: reason ?? '' }]
}

function appeal(view: IncidentView, reason: string, situation: IncidentSituation): IncidentBody[] {
  const { code, actor, deciders, nameOf, today, lastAppealDay, lastAppealWords } = situation
  if (actor !== view.person) throw new Refusal('role', `${code} 不是你的奖惩，只有本人能申诉。`)
  const manager = [...deciders].map(nameOf).slice(0, 3).join('、') || '经理'
  if (view.state === 'proposed') throw new Refusal('state', `${code} 还没有确认，现在不用申诉。`)
  if (view.state === 'dropped') throw new Refusal('state', `${code} 已经撤销，不用申诉。`)
  if (view.state === 'appealed') throw new Refusal('twice', `${code} 已经申诉过，${manager}还没有答复，请等一等。`)
  if (view.appeal)
    throw new Refusal('twice', `${code} 已经申诉过，也答复过了，一条只能申诉一次。还有疑问请当面找${manager}。`)
  if (today > lastAppealDay)
    throw new Refusal(
      'late',
      `${code} 的申诉到 ${lastAppealWords} 为止，已经过了，没有提交。有疑问请当面找${manager}。`,
    )
  return [{ fact: 'appealed', reason }]
}

function answer(
  view: IncidentView,
  command: Extract<IncidentCommand, { do: 'uphold' | 'reject' | 'amend' }>,
  situation: IncidentSituation,
): IncidentBody[] {
  const { code } = situation
  if (view.state === 'proposed')
    throw new Refusal('state', `${code} 还没有确认，请回复「确认 ${code}」或「撤销 ${code}」。`)
  if (view.state !== 'appealed') {
    if (!view.appeal && view.state === 'confirmed')
      throw new Refusal('state', `${code} 没有人申诉。要撤销请回复「撤销 ${code} 原因」。`)
    throw decidedAlready(view, situation)
  }
  if (command.do === 'uphold') return [{ fact: 'upheld', reason: command.reason ?? '申诉成立' }]
  if (command.do === 'reject') return [{ fact: 'rejected', reason: command.reason }]
  const { fen = view.is.fen, points = view.is.points, reason } = command
  if (fen === view.is.fen && points === view.is.points)
    throw new Refusal('same', `${code} 本来就是这么多，没有改动。维持请回复「维持 ${code} 原因」。`)
  // Nobody is worse off for having appealed.
  if (fen < view.is.fen || points < view.is.points)
    throw new Refusal('worse', `申诉以后只能改轻，不能加重，${code} 没有改动。`)
  return [{ fact: 'amended', is: { ...view.is, fen, points }, reason }]
}
