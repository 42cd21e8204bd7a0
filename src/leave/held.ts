import type { AwayDay } from './away.ts'
import { type CountedDay, overlaps } from './count.ts'
import { isPending, type LeaveView } from './request.ts'

/**
 * The days a request holds: nobody else's can have their place. With a proposal, those that were proposed as well: of a
 * day in both, from the earlier of their beginnings to the later of their ends.
 */
export function daysHeld(view: LeaveView): Array<Omit<AwayDay, 'leaveId' | 'teamId'>> {
  const state = isPending(view) ? 'asked' : view.state === 'granted' ? 'granted' : null
  if (state === null) return []
  const { person: personId, type, proposal } = view
  const held = new Map<string, CountedDay>(view.days.map(day => [day.day, day]))
  for (const day of proposal?.days ?? []) held.set(day.day, joined(day, held.get(day.day)))
  return [...held.values()].map(day => ({ personId, type, state, ...day }))
}

const joined = (day: CountedDay, other: CountedDay = day): CountedDay => ({
  ...{ day: day.day, from: Math.min(day.from, other.from), to: Math.max(day.to, other.to) },
  share: Math.max(day.share, other.share),
})

/**
 * The days of a leave by the calendar in force: what is past stays as it was counted. A day that became a working day is
 * not taken twice where another request of his, `others`, has it meanwhile.
 */
export function recounted(
  view: Pick<LeaveView, 'days'>,
  anew: readonly CountedDay[],
  { today, others }: { today: string; others: ReadonlyArray<Pick<AwayDay, 'day' | 'from' | 'to'>> },
): CountedDay[] {
  const ahead = anew.filter(one => one.day >= today)
  const past = view.days.filter(one => one.day < today)
  return [...past, ...ahead.filter(one => !others.some(other => overlaps(one, other)))]
}
