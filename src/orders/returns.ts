import type { ReturnsRule } from '../policy/returnsrule.ts'
import type { Open, Refund, ReturnFacts, ReturnsAnswer } from './returncase.ts'
import { refundAt } from './returndays.ts'
import { reasonsOf } from './returnreasons.ts'
import { choicesOf, openQuestions, summary, tried } from './returnverdict.ts'

/**
 * Whether a unit may be returned, exchanged or repaired, and what is paid back (domain.md R13). Pure: days are dates of
 * the policy's zone and count as their difference. Where facts are missing, every answer they might have is tried.
 */
export function decideReturns(rule: ReturnsRule, given: ReturnFacts, today: string): ReturnsAnswer {
  const { invoicedOn: day, ...rest } = given
  const invoiceAhead = day !== undefined && day > today ? day : null
  const facts: ReturnFacts = { ...rest, ...(day !== undefined && !invoiceAhead && { invoicedOn: day }) }
  const choices = choicesOf(rule, facts, today)
  const all = tried(rule, choices)
  const refundOf = (millionths: number): Refund => refundAt(facts, today, millionths)
  const { outcomes, possible, rates } = summary(all)
  const rate = outcomes.includes('return') && rates.length === 1 ? rates[0] : undefined
  const questions = openQuestions(choices, all, rule, refundOf)
  const dated = facts.invoicedOn === undefined && rates.some(millionths => millionths > 0)
  const priced = facts.price === undefined && possible.includes('return')
  const [date] = questions.filter(({ fact }) => fact === 'invoicedOn')
  const open: Open[] = [
    ...(date ? [date] : dated ? [{ fact: 'invoicedOn' as const, answers: [] }] : []),
    ...(priced ? [{ fact: 'price' as const, answers: [] }] : []),
    ...questions.filter(question => question !== date),
  ]
  const lacking = rule.needs.filter(need => facts[need] === false)
  const otherwise = lacking.length > 0 ? tried({ ...rule, needs: [] }, choices) : []
  return {
    ...{ outcomes, possible, open, invoiceAhead },
    refund: rate === undefined ? null : refundOf(rate),
    refunds: rates.map(refundOf),
    reasons: reasonsOf(rule, facts, today),
    refused: summary(otherwise).outcomes.filter(outcome => !outcomes.includes(outcome)),
  }
}
