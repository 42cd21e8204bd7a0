import type { Consequence, Told } from './consequence.ts'
import type { Ground, IncidentFact, IncidentFactName } from './fact.ts'

/** `proposed` counts nothing yet; `appealed` counts until it is answered. */
export type IncidentState = 'proposed' | 'confirmed' | 'appealed' | 'dropped'

/** States in which it counts in points and pay. */
export const countingStates: readonly IncidentState[] = ['confirmed', 'appealed']

export interface Appeal {
  reason: string
  at: string
  photos: string[]
  /** Null: not answered yet. */
  answer: { how: 'upheld' | 'rejected' | 'amended'; by: string | null; at: string; reason: string } | null
}

/** An incident as its journal makes it. */
export interface IncidentView {
  person: string
  item: string
  day: string
  order: { id: string; code: string } | null
  told: Told
  is: Consequence
  /** Which one of its kind it is for him in the month. */
  nth: number
  policy: { name: string; version: number }
  rule: string | null
  note: string
  ground: Ground | null
  /** Who entered it; null: the service, or a program. */
  by: string | null
  state: IncidentState
  photos: string[]
  /** Since when it counts, and he may appeal. */
  confirmedAt: string | null
  decided: { by: string | null; at: string } | null
  dropped: { why: 'manager' | 'gone' | 'replaced' | 'upheld'; reason: string } | null
  appeal: Appeal | null
  /** Managers who were shown the proposal. */
  shownTo: ReadonlySet<string>
  /** Reminders of the appeal so far. */
  reminded: number
  version: number
  /** `seq` of the last fact that changes what a card shows. */
  look: number
}

/** An incident with its journal. */
export interface IncidentRecord {
  company: string
  id: string
  /** `奖惩12` */
  code: string
  teamId: string
  team: string
  /** What it was proposed from: `clock:<order>:complete:3`. */
  source: string | null
  facts: IncidentFact[]
  view: IncidentView
}

/** Facts that leave every card as it is. */
const quietFacts: ReadonlySet<IncidentFactName> = new Set(['shown', 'reminded'])

/** @throws on a journal that begins with anything but an incident */
export function replayIncident(facts: readonly IncidentFact[]): IncidentView {
  const [first, ...rest] = facts
  if (first?.fact !== 'entered' && first?.fact !== 'proposed')
    throw new Error('a journal of an incident begins with the incident')
  const { person, item, day, order, told, is, nth, policy, rule, note, ground } = first
  const entered = first.fact === 'entered'
  let view: IncidentView = {
    ...{ person, item, day, order: order ?? null, told, is, nth, policy, rule: rule ?? null, note: note ?? '' },
    ...{ ground: ground ?? null, by: first.by, state: entered ? 'confirmed' : 'proposed', photos: [] },
    ...{ confirmedAt: entered ? first.at : null, decided: entered ? { by: first.by, at: first.at } : null },
    ...{ dropped: null, appeal: null, shownTo: new Set<string>(), reminded: 0, version: first.seq, look: first.seq },
  }
  for (const fact of rest) {
    view = { ...view, ...changeBy(fact, view), version: fact.seq }
    if (!quietFacts.has(fact.fact)) view.look = fact.seq
  }
  return view
}

function changeBy(fact: IncidentFact, view: IncidentView): Partial<IncidentView> {
  const decided = { by: fact.by, at: fact.at }
  switch (fact.fact) {
    case 'entered':
    case 'proposed':
      return {}
    case 'confirmed':
      return { state: 'confirmed', is: fact.is, nth: fact.nth, confirmedAt: fact.at, decided }
    case 'dropped':
      return { state: 'dropped', dropped: { why: fact.why, reason: fact.reason }, decided }
    case 'renewed':
      return { state: 'proposed', ground: fact.ground, dropped: null, decided: null }
    case 'updated':
      return { ground: fact.ground }
    case 'photo':
      return view.appeal && fact.by === view.person
        ? { appeal: { ...view.appeal, photos: [...view.appeal.photos, fact.media] } }
        : { photos: [...view.photos, fact.media] }
    case 'appealed':
      return { state: 'appealed', appeal: { reason: fact.reason, at: fact.at, photos: [], answer: null }, reminded: 0 }
    case 'upheld':
      return { ...answered(fact, view), state: 'dropped', dropped: { why: 'upheld', reason: fact.reason }, decided }
    case 'rejected':
      return { ...answered(fact, view), state: 'confirmed', decided }
    case 'amended':
      return { ...answered(fact, view), state: 'confirmed', is: fact.is, decided }
    case 'shown':
      return { shownTo: new Set([...view.shownTo, fact.to]) }
    case 'reminded':
      return { reminded: fact.nth }
  }
}

function answered(
  { fact: how, by, at, reason }: Extract<IncidentFact, { fact: 'upheld' | 'rejected' | 'amended' }>,
  { appeal }: IncidentView,
): Pick<IncidentView, 'appeal'> {
  return { appeal: appeal && { ...appeal, answer: { how, by, at, reason } } }
}

/** Somebody decided, or it costs something else, since a version somebody saw; a photo changes nothing of what was weighed. */
export const changedSince = ({ facts }: Pick<IncidentRecord, 'facts'>, version: number): boolean =>
  facts.some(({ seq, fact }) => seq > version && !['photo', 'shown', 'reminded', 'updated'].includes(fact))
