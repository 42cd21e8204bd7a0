import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { isPending, type LeaveView } from './request.ts'

/** What is to be done about a request by itself, and when. */
export type Due =
  | { do: 'remind'; at: Date; nth: number }
  | { do: 'lapse'; at: Date; why: 'undecided' | 'over' }
  | { do: 'begin'; at: Date }
  | { do: 'homeward'; at: Date }

const hourMs = 3_600_000

/** The next of it; null when nothing is to be done by itself any more. Pure. */
export function nextDue(view: LeaveView, policy: Policy): Due | null {
  const { leave: rule } = policy
  if (!rule) return null
  const calendar = calendarOf(policy)
  if (isPending(view)) {
    const since = new Date(view.waitsSince)
    const last = view.days.at(-1)
    const over: Due | null = last ? { do: 'lapse', at: calendar.momentOf(last.day, last.to), why: 'over' } : null
    const limit = calendar.workdayAfter(calendar.dayOf(new Date(view.askedAt)), rule.lapseDays)
    const undecided: Due = {
      ...{ do: 'lapse', why: 'undecided' },
      at: calendar.closing(limit) ?? calendar.momentOf(limit, 1440),
    }
    if (view.decidesOn) return over
    const wait = view.state === 'asked' ? rule.remindMs[view.reminded] : undefined
    const remind: Due | null =
      wait === undefined ? null : { do: 'remind', at: calendar.addWorking(since, wait), nth: view.reminded + 1 }
    return earliest([over, undecided, remind])
  }
  if (view.state !== 'granted' || (view.kind !== 'leave' && view.kind !== 'extend')) return null
  const [first, last] = [view.days[0], view.days.at(-1)]
  if (!first || !last) return null
  if (!view.handedBack.has('begun')) {
    const starts = calendar.momentOf(first.day, first.from)
    const opening = calendar.opening(first.day)
    return { do: 'begin', at: opening && opening > starts ? opening : starts }
  }
  if (view.homeward || first.day === last.day) return null
  const closing = calendar.closing(last.day) ?? calendar.momentOf(last.day, last.to)
  const ends = calendar.momentOf(last.day, last.to)
  return { do: 'homeward', at: new Date(Math.min(closing.getTime(), ends.getTime()) - hourMs) }
}

const earliest = (dues: ReadonlyArray<Due | null>): Due | null =>
  dues.flatMap(due => due ?? []).sort((a, b) => a.at.getTime() - b.at.getTime())[0] ?? null
