import type { ReturnsRule } from '../policy/returnsrule.ts'
import type { ReturnOutcome } from '../policy/terms.ts'
import type { Reason, ReturnFacts } from './returncase.ts'
import { daysBetween, refundAt } from './returndays.ts'

/** What the rule says of what is known; what is open is told by its consequences. */
export function reasonsOf(rule: ReturnsRule, facts: ReturnFacts, today: string): Reason[] {
  const { deformed, needs } = rule
  const others = [...partsReason(rule, facts, today), ...repairerReason(rule, facts, today)]
  if (deformed && facts.deformed) others.push({ about: 'deformed', gives: deformed.gives })
  // That it is no main fault matters only where nothing else is said of the unit.
  const reasons = [
    ...faultReason(rule, facts).filter(({ about }) => about === 'fault' || others.length === 0),
    ...others,
  ]
  const given = new Set(reasons.flatMap(reason => ('gives' in reason ? reason.gives : [])))
  reasons.push(...modelReason(rule, facts, today, given))
  const lacking = needs.filter(need => facts[need] === false)
  if (lacking.length > 0) reasons.push({ about: 'lacks', needs: lacking })
  else if (needs.length > 0 && needs.every(need => facts[need])) reasons.push({ about: 'complete', needs })
  return reasons
}

function partsReason({ noParts }: ReturnsRule, facts: ReturnFacts, today: string): Reason[] {
  if (!noParts || !facts.waitsForParts) return []
  const { handedInOn: from, warranty } = facts
  const days = daysBetween(from, today)
  const over = days > noParts.overDays
  if (over && noParts.inWarranty && warranty === undefined) return []
  const expired = noParts.inWarranty && warranty === 'out'
  return [
    { about: 'noParts', from, days, over: noParts.overDays, expired, gives: over && !expired ? noParts.gives : [] },
  ]
}

function repairerReason({ repairerLate }: ReturnsRule, { repairerSince: from }: ReturnFacts, today: string): Reason[] {
  if (!repairerLate || typeof from !== 'string') return []
  const days = daysBetween(from, today)
  const gives = days > repairerLate.overDays ? repairerLate.gives : []
  return [{ about: 'repairerLate', from, days, over: repairerLate.overDays, gives }]
}

/** What becomes of an exchange that is given, by what the shop has left and the customer wants. */
function modelReason(
  { insteadOfExchange: instead }: ReturnsRule,
  facts: ReturnFacts,
  today: string,
  given: ReadonlySet<ReturnOutcome>,
): Reason[] {
  const { sameModel, otherModel } = facts
  if (sameModel && instead?.sameModel && !given.has('return') && (given.has('exchange') || instead.sameModel.anyTime))
    return [{ about: 'sameModel', refund: refundAt(facts, today, instead.sameModel.depreciation) }]
  if (sameModel !== false || otherModel === undefined || !given.has('exchange')) return []
  if (otherModel) return [{ about: 'otherModel' }]
  if (given.has('return')) return []
  if (!instead?.noModel) return [{ about: 'nothingLeft' }]
  return [{ about: 'noModel', refund: refundAt(facts, today, instead.noModel.depreciation) }]
}

function faultReason({ fault = [] }: ReturnsRule, { mainFault, invoicedOn, faultOn }: ReturnFacts): Reason[] {
  const last = fault.at(-1)
  if (!last || mainFault === undefined) return []
  if (!mainFault) return [{ about: 'notMain' }]
  if (invoicedOn === undefined) return []
  const days = daysBetween(invoicedOn, faultOn)
  const period = fault.find(({ withinDays }) => days <= withinDays)
  const { withinDays: limit, gives } = period ?? { withinDays: last.withinDays, gives: [] }
  return [{ about: 'fault', from: invoicedOn, on: faultOn, days, limit, gives }]
}
