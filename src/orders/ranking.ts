import type { Rest } from '../people/duty.ts'
import type { AssignRule, Merit } from '../policy/assignrule.ts'

/** A visit somebody has agreed, or the time an order is wanted for. */
export interface Visit {
  code: string
  from: Date
  to: Date
}

/** The order to be given, as far as it decides who gets it. */
export interface Job {
  zone?: string | undefined
  /** When the customer is to be visited, where that is known. */
  wanted: { from: Date; to: Date } | null
  /** Skills it takes, by the policy's `needs`. */
  skills: readonly string[]
  /** Who did the last job there (same serial, else same phone). */
  previous: { technician: string; code: string } | null
  /** Technicians who gave it back, or let the time for accepting pass. */
  had: readonly string[]
}

/** A technician of the team as he stands now. */
export interface Worker {
  id: string
  name: string
  skills: readonly string[]
  areas: readonly string[]
  /** Why he does not work that day. */
  rest: Rest | null
  /** When he is on leave. */
  away?: ReadonlyArray<{ from: Date; to: Date }>
  /** Orders in hand, and those he goes along on. */
  open: number
  /** Orders given to him today, done or not; going along is none. */
  today: number
  /** What he, or the one he goes along with, has agreed with customers. */
  visits: readonly Visit[]
  /** Where his orders in hand are. */
  zones: ReadonlyArray<{ code: string; zone: string }>
  lastGivenAt: Date | null
}

export type Reason =
  | { why: 'previous'; code: string }
  | { why: 'area'; zone: string }
  | { why: 'nearby'; code: string }
  | { why: 'load'; open: number }

/** Why somebody should not get it. The dispatcher may give it to him all the same. */
export type Obstacle =
  | { why: 'rest'; rest: Rest }
  /** On leave when the customer wants somebody. */
  | { why: 'leave' }
  | { why: 'skill'; skill: string }
  | { why: 'full'; perDay: number }
  | { why: 'busy'; visit: Visit }
  | { why: 'had' }

export interface Ranked {
  id: string
  name: string
  reasons: Reason[]
  obstacle: Obstacle | null
}

/**
 * Who may take an order, and who comes first: merit by merit in the policy's order, then who has fewer today, then who
 * got his last one longest ago, then by name. Those with an obstacle come last. R1.6, R4.11; pure, and the same whatever
 * the order of `workers`.
 */
export function rank(job: Job, workers: readonly Worker[], rule: AssignRule): Ranked[] {
  const judged = workers.map(worker => ({ worker, obstacle: obstacleOf(job, worker, rule) }))
  const compare = (one: Worker, other: Worker): number => {
    for (const merit of rule.order) {
      const difference = measure(merit, job, one) - measure(merit, job, other)
      if (difference !== 0) return difference
    }
    return (
      one.today - other.today ||
      (one.lastGivenAt?.getTime() ?? 0) - (other.lastGivenAt?.getTime() ?? 0) ||
      one.name.localeCompare(other.name, 'zh') ||
      one.id.localeCompare(other.id)
    )
  }
  return judged
    .sort((a, b) => Number(a.obstacle !== null) - Number(b.obstacle !== null) || compare(a.worker, b.worker))
    .map(({ worker, obstacle }) => ({
      ...{ id: worker.id, name: worker.name, obstacle },
      reasons: rule.order.flatMap(merit => reasonFor(merit, job, worker) ?? []),
    }))
}

/** What keeps a technician from an order; null when nothing does. */
export function obstacleOf(job: Job, worker: Worker, rule: AssignRule): Obstacle | null {
  if (worker.rest) return { why: 'rest', rest: worker.rest }
  const missing = job.skills.find(skill => worker.skills.length > 0 && !worker.skills.includes(skill))
  if (missing) return { why: 'skill', skill: missing }
  if (job.had.includes(worker.id)) return { why: 'had' }
  if (rule.perDay !== null && worker.today >= rule.perDay) return { why: 'full', perDay: rule.perDay }
  const { wanted } = job
  if (wanted && worker.away?.some(({ from, to }) => from < wanted.to && wanted.from < to)) return { why: 'leave' }
  const busy = wanted && worker.visits.find(visit => visit.from < wanted.to && wanted.from < visit.to)
  return busy ? { why: 'busy', visit: busy } : null
}

/** Smaller comes first. */
function measure(merit: Merit, job: Job, worker: Worker): number {
  if (merit === 'load') return worker.open
  return reasonFor(merit, job, worker) ? 0 : 1
}

function reasonFor(merit: Merit, job: Job, worker: Worker): Reason | null {
  const { zone, previous } = job
  switch (merit) {
    case 'previous':
      return previous?.technician === worker.id ? { why: 'previous', code: previous.code } : null
    case 'area':
      return zone !== undefined && worker.areas.includes(zone) ? { why: 'area', zone } : null
    case 'nearby': {
      const there = zone === undefined ? undefined : worker.zones.find(one => one.zone === zone)
      return there ? { why: 'nearby', code: there.code } : null
    }
    case 'load':
      return { why: 'load', open: worker.open }
  }
}
