import type { MonthEntry } from './fact.ts'

/** A month of a team as its journal has it. */
export type MonthState = 'draft' | 'published' | 'locked'

export interface Appeal {
  nr: number
  person: string
  item: string
  reason: string
  at: string
  answer: { upheld: boolean; reason: string; by: string | null; at: string } | null
}

export interface SetByHand {
  person: string
  item: string
  fen: string
  reason: string
  by: string | null
}

export interface MonthView {
  state: MonthState
  /** It was asked for and not reckoned since. */
  wanted: boolean
  /** When, by which rule book, and what it came to; null before the first time. */
  reckoned: { at: string; policy: string; rules: number; people: number; net: string; missing: number } | null
  setByHand: SetByHand[]
  appeals: Appeal[]
  publishedAt: string | null
  appealsUntil: string | null
  lockedAt: string | null
  /** `seq` of the last fact. */
  version: number
}

export interface MonthRecord {
  company: string
  id: string
  teamId: string
  team: string
  /** `2026-10` */
  month: string
  /** Name of the rule book. */
  policy: string
  facts: MonthEntry[]
  view: MonthView
}

export function replayMonth(facts: readonly MonthEntry[]): MonthView {
  const view: MonthView = {
    ...{ state: 'draft', wanted: false, reckoned: null, setByHand: [], appeals: [], publishedAt: null },
    ...{ appealsUntil: null, lockedAt: null, version: facts.at(-1)?.seq ?? 0 },
  }
  for (const fact of facts) apply(view, fact)
  return view
}

function apply(view: MonthView, fact: MonthEntry): void {
  switch (fact.fact) {
    case 'wanted':
      view.wanted = true
      return
    case 'reckoned': {
      const { at, policy, rules, people, net, missing, until } = fact
      view.wanted = false
      if (until !== undefined) view.appealsUntil = until
      view.reckoned = { at, policy, rules, people, net, missing }
      return
    }
    case 'adjusted': {
      const { person, item, fen, reason, by } = fact
      view.setByHand = view.setByHand.filter(one => one.person !== person || one.item !== item)
      if (fen !== null) view.setByHand.push({ person, item, fen, reason, by })
      view.wanted = true
      return
    }
    case 'published':
      view.state = 'published'
      view.publishedAt = fact.at
      view.appealsUntil = fact.until
      return
    case 'appealed': {
      const { nr, person, item, reason, at } = fact
      view.appeals.push({ nr, person, item, reason, at, answer: null })
      return
    }
    case 'answered': {
      const appeal = view.appeals.find(({ nr }) => nr === fact.nr)
      if (appeal) appeal.answer = { upheld: fact.upheld, reason: fact.reason, by: fact.by, at: fact.at }
      return
    }
    case 'locked':
      view.state = 'locked'
      view.lockedAt = fact.at
  }
}

export const openAppeals = ({ appeals }: MonthView): Appeal[] => appeals.filter(({ answer }) => answer === null)

/** When the month is to be looked at by itself: to be reckoned at once, to be locked once nobody may appeal any more. */
export function nextLook(view: MonthView): Date | null {
  if (view.state === 'locked') return null
  if (view.wanted) return new Date(0)
  if (view.state === 'published' && view.appealsUntil && openAppeals(view).length === 0)
    return new Date(view.appealsUntil)
  return null
}
