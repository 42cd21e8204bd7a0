import { DateTime } from 'luxon'
import type { ReturnSaid } from '../chat/intent.ts'
import type { ReturnsRule } from '../policy/returnsrule.ts'
import { type Fact, type FactName, standing } from './fact.ts'
import { replay } from './order.ts'
import type { Idle, ReturnFacts } from './returncase.ts'

/** The day of a moment in the policy's zone, `2026-11-03`. */
export const dayOf = (at: Date | string, zone: string): string =>
  DateTime.fromJSDate(new Date(at), { zone }).toFormat('yyyy-MM-dd')

/** All that was said of the unit so far; what was said last holds. */
export function saidSoFar(facts: readonly Fact[]): ReturnSaid {
  return Object.assign({}, ...standing(facts).flatMap(fact => (fact.fact === 'returnAsked' ? [fact.said] : [])))
}

/** What the journal knows of a unit: what came with the order, what happened to it, and what the desk said. */
export function returnFactsOf(rule: ReturnsRule, facts: readonly Fact[], now: Date, zone: string): ReturnFacts {
  const today = dayOf(now, zone)
  const { fields, suspended, state } = replay(facts)
  const said = saidSoFar(facts)
  const intake = dayOf(facts[0]?.at ?? now, zone)
  const over = state === 'completed' || state === 'closed'
  const [invoicedOn, price] = [said.invoicedOn ?? fields.invoice?.date, said.price ?? fields.invoice?.price]
  const handedInOn = said.handedInOn ?? earlier(intake, said.waitingSince)
  const waitsForParts = said.waitsForParts ?? (suspended?.reason === 'parts' ? true : over ? false : undefined)
  const repairerSince = said.repairerSince === true ? handedInOn : said.repairerSince
  const warranty = said.warranty ?? fields.warranty
  const { inRepair } = said
  return {
    ...(invoicedOn !== undefined && { invoicedOn }),
    ...(price !== undefined && { price }),
    ...{ faultOn: said.faultOn ?? reportedOn(facts, intake, today, zone), handedInOn },
    ...(waitsForParts !== undefined && { waitsForParts }),
    ...(repairerSince !== undefined && { repairerSince }),
    ...(warranty && { warranty }),
    ...known(said),
    inRepair: [
      ...suspensions(rule, facts, today, zone),
      ...(said.handedInOn
        ? [{ from: said.handedInOn, to: ended(facts, zone) ?? today, why: 'handedIn' as const }]
        : []),
      ...(said.waitingSince ? [{ from: said.waitingSince, to: today, why: 'waiting' as const }] : []),
      ...(inRepair && 'from' in inRepair ? [{ ...inRepair, why: 'said' as const }] : []),
    ],
    ...(inRepair && 'days' in inRepair && { daysInRepair: inRepair.days }),
  }
}

const earlier = (day: string, other: string | undefined): string => (other !== undefined && other < day ? other : day)

/** What is said the way it is decided by. */
function known({ mainFault, deformed, sameModel, otherModel, accessories, sheet }: ReturnSaid): Partial<ReturnFacts> {
  return {
    ...(mainFault !== undefined && { mainFault }),
    ...(deformed !== undefined && { deformed }),
    ...(sameModel !== undefined && { sameModel }),
    ...(otherModel !== undefined && { otherModel }),
    ...(accessories !== undefined && { accessories }),
    ...(sheet !== undefined && { sheet }),
  }
}

/** A repair or a complaint came in because of the fault; of another job it is known when the desk first said so. */
function reportedOn(facts: readonly Fact[], intake: string, today: string, zone: string): string {
  const [first] = facts
  if (first?.fact === 'created' && (first.order.kind === 'repair' || first.order.kind === 'complaint')) return intake
  const told = standing(facts).find(fact => fact.fact === 'returnAsked' && fact.said.mainFault)
  return told ? dayOf(told.at, zone) : today
}

const ends: ReadonlySet<FactName> = new Set(['completed', 'emptyRun', 'closed', 'cancelled'])
const resumes: ReadonlySet<FactName> = new Set([...ends, 'resumed', 'withdrawn', 'declined'])

function ended(facts: readonly Fact[], zone: string): string | undefined {
  const last = standing(facts).find(fact => ends.has(fact.fact))
  return last && dayOf(last.at, zone)
}

/** Days the order was suspended for the reasons that the rule leaves out. */
function suspensions({ insteadOfExchange }: ReturnsRule, facts: readonly Fact[], today: string, zone: string): Idle[] {
  const counting = insteadOfExchange?.sameModel?.leaveOut ?? []
  const held = standing(facts)
  return held.flatMap((fact, index): Idle[] => {
    if (fact.fact !== 'suspended' || !counting.includes(fact.reason)) return []
    const end = held.slice(index + 1).find(other => resumes.has(other.fact) || other.fact === 'suspended')
    return [{ from: dayOf(fact.at, zone), to: end ? dayOf(end.at, zone) : today, why: fact.reason }]
  })
}
