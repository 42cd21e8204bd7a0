import { type Fact, type KeptSpan, standing } from './fact.ts'

/** What the one who has an order now has to know of what was before him. */
export interface Handover {
  /** Who had it before. */
  from: string
  /** What the dispatcher says with it. */
  note?: string
  contacted: boolean
  appointment?: KeptSpan
  arrived: boolean
  /** Why it waited, when it did. */
  suspended?: string
  /** Why the one before gave it back. */
  declined?: string
  photos: number
}

/** What is handed over with the last dispatch; null for the first one. */
export function handoverOf(facts: readonly Fact[]): Handover | null {
  const real = standing(facts)
  const at = real.findLastIndex(fact => fact.fact === 'dispatched')
  const before = real.slice(0, at)
  const dispatch = real[at]
  const last = before.findLast(fact => fact.fact === 'dispatched')
  if (dispatch?.fact !== 'dispatched' || last?.fact !== 'dispatched') return null
  const turn = before.slice(before.indexOf(last))
  const agreed = before.findLast(fact => (fact.fact === 'contacted' || fact.fact === 'appointed') && fact.appointment)
  const suspended = turn.findLast(fact => fact.fact === 'suspended')
  const declined = turn.findLast(fact => fact.fact === 'declined')
  return {
    from: last.to,
    ...(dispatch.note !== undefined && { note: dispatch.note }),
    contacted: turn.some(fact => fact.fact === 'contacted' && !fact.implied),
    ...(agreed && 'appointment' in agreed && agreed.appointment && { appointment: agreed.appointment }),
    arrived: turn.some(fact => fact.fact === 'arrived'),
    ...(suspended?.fact === 'suspended' && { suspended: suspended.note }),
    ...(declined?.fact === 'declined' && { declined: declined.reason }),
    photos: before.filter(fact => fact.fact === 'photo').length,
  }
}
