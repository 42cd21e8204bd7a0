import type { Step } from '../policy/leaverule.ts'
import type { CountedDay, LeaveSpan } from './count.ts'
import type { Flag, LeaveFact, LeaveFactName, LeaveKind, Of } from './fact.ts'

/** `asked` and `proposed` wait for somebody; the others but `granted` are over. */
export type LeaveState = 'asked' | 'proposed' | 'granted' | 'rejected' | 'withdrawn' | 'lapsed' | 'cancelled'

/** A request as its journal makes it. */
export interface LeaveView {
  kind: LeaveKind
  of: Of | null
  person: string
  type: string
  state: LeaveState
  span: LeaveSpan
  /** What it takes, or would take. */
  days: CountedDay[]
  policy: { name: string; version: number }
  reason: string
  flags: ReadonlySet<Flag>
  steps: readonly Step[]
  /** The step whose turn it is. */
  step: number
  askedAt: string
  /** Since when this step has it. */
  waitsSince: string
  proposal: { span: LeaveSpan; days: CountedDay[]; by: string | null; note?: string | undefined } | null
  decided: { by: string | null; at: string; reason?: string | undefined } | null
  /** Reminders of this step so far. */
  reminded: number
  /** Open orders went back when it was granted, or when it began. */
  handedBack: ReadonlySet<'granted' | 'begun'>
  homeward: boolean
  proofs: number
  /** The platform whose own approval decides, and the number it has there. */
  decidesOn: string | null
  sent: { platform: string; id: string } | null
  version: number
  /** `seq` of the last fact that changes what a card shows. */
  look: number
}

/** Facts that leave every card as it is. */
export const quietFacts: ReadonlySet<LeaveFactName> = new Set(['reminded', 'handedBack', 'homeward', 'sent'])

export const isPending = ({ state }: Pick<LeaveView, 'state'>): boolean => state === 'asked' || state === 'proposed'

/** Throws on a journal that does not begin with `asked`. */
export function replayLeave(facts: readonly LeaveFact[]): LeaveView {
  const [first, ...rest] = facts
  if (first?.fact !== 'asked') throw new Error('a journal of leave begins with what was asked')
  let view: LeaveView = {
    ...{ kind: first.kind, of: first.of ?? null, person: first.person, type: first.type, state: 'asked' },
    ...{ span: first.span, days: first.days, policy: first.policy, reason: first.reason },
    ...{ flags: new Set(first.flags), steps: first.steps, step: 0, askedAt: first.at, waitsSince: first.at },
    ...{ proposal: null, decided: null, reminded: 0, handedBack: new Set(), homeward: false, proofs: 0, sent: null },
    decidesOn: first.decidesOn ?? null,
    ...{ version: first.seq, look: first.seq },
  }
  for (const fact of rest) {
    view = { ...view, ...changeBy(fact, view), version: fact.seq }
    if (!quietFacts.has(fact.fact)) view.look = fact.seq
  }
  return view
}

function changeBy(fact: LeaveFact, view: LeaveView): Partial<LeaveView> {
  const decided = { by: fact.by, at: fact.at }
  switch (fact.fact) {
    case 'asked':
      return {}
    case 'passed':
      return { step: fact.step + 1, waitsSince: fact.at, reminded: 0, decided }
    case 'granted': {
      const flags = new Set(view.flags)
      if (fact.ordinary) flags.delete('notCome')
      return { state: 'granted', decided, flags, proposal: null }
    }
    case 'rejected':
      return { state: 'rejected', decided: { ...decided, reason: fact.reason }, proposal: null }
    case 'proposed': {
      const { span, days, note } = fact
      return { state: 'proposed', proposal: { span, days, by: fact.by, note }, waitsSince: fact.at }
    }
    case 'taken': {
      const { proposal } = view
      return { state: 'asked', ...(proposal && { span: proposal.span, days: proposal.days }), waitsSince: fact.at }
    }
    case 'refused':
      return { state: 'asked', proposal: null, waitsSince: fact.at, reminded: 0 }
    case 'withdrawn':
      return { state: 'withdrawn', decided, proposal: null }
    case 'lapsed':
      return { state: 'lapsed', decided, proposal: null }
    case 'cancelled':
      return { state: 'cancelled', decided }
    case 'shortened': {
      const last = fact.days.at(-1)
      return {
        days: fact.days,
        // Whoever comes back early needs nobody to tell him when to.
        homeward: true,
        ...(last && { span: { from: view.span.from, to: { day: last.day, minute: last.to } } }),
      }
    }
    case 'recounted':
      return { days: fact.days, policy: fact.policy }
    case 'reminded':
      return { reminded: fact.nth }
    case 'handedBack':
      return { handedBack: new Set([...view.handedBack, fact.when]) }
    case 'homeward':
      return { homeward: true }
    case 'proof':
      return { proofs: view.proofs + 1 }
    case 'sent':
      return { sent: { platform: fact.platform, id: fact.id } }
    case 'unsent':
      return { state: 'rejected', decided: { ...decided, reason: fact.why }, proposal: null }
  }
}

/** A request with its journal. */
export interface LeaveRecord {
  company: string
  id: string
  code: string
  teamId: string
  team: string
  facts: LeaveFact[]
  view: LeaveView
}

/** Who proposed the days it has now; null where they are as they were asked for. */
export const proposerOf = ({ facts }: Pick<LeaveRecord, 'facts'>): string | null =>
  facts.some(({ fact }) => fact === 'taken') ? (facts.findLast(({ fact }) => fact === 'proposed')?.by ?? null) : null

/** First and last day of what it takes; the days asked for where it takes none any more. */
export function edgesOf({ days, span }: Pick<LeaveView, 'days' | 'span'>): { first: string; last: string } {
  return { first: days[0]?.day ?? span.from.day, last: days.at(-1)?.day ?? span.to.day }
}

/** Other days, or another's turn, since a version somebody saw; a paper that came in meanwhile changes nothing of what was weighed. */
export const changedSince = ({ facts, view }: LeaveRecord, version: number): boolean =>
  facts.some(({ seq, fact }) => seq > version && seq <= view.look && !quietFacts.has(fact) && fact !== 'proof')
