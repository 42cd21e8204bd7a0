import { z } from 'zod'
import { listOf, type ReturnOutcome, reason, returnNeed, returnOutcome, returnOutcomeNames } from './terms.ts'

const longestDays = 3660
const daysHelp = `must be whole days, 0 to ${longestDays}`

/** Days are the difference of two dates: the day of the invoice is day 0 (domain.md, "Readings for money"). */
const days = z.int({ error: daysHelp }).min(0, daysHelp).max(longestDays, daysHelp)

const gives = listOf(returnOutcome).check(context => {
  const say = (message: string, path: PropertyKey[] = []) =>
    context.issues.push({ code: 'custom', message, continue: true, input: context.value, path })
  if (context.value.length === 0) say('gives nothing: leave the ground out')
  for (const [index, outcome] of context.value.entries())
    if (context.value.indexOf(outcome) < index) say(`names ${returnOutcomeNames[outcome]} twice`, [index])
})

const rateHelp = 'must be a share of the invoice price for each day, like 1‰ or 0.05%, or none'

/** Read to millionths: 1‰ is 1000. `none` is 0. */
const rate = z.string({ error: rateHelp }).transform((text, context) => {
  const [, whole, places = '', sign] = /^(\d{1,2})(?:\.(\d{1,3}))?\s*([‰%])$/.exec(text.trim()) ?? []
  const millionths = Number(`${whole}${places.padEnd(3, '0')}`) * (sign === '%' ? 10 : 1)
  if (text === 'none') return 0
  if (millionths > 0) return millionths
  context.addIssue({ code: 'custom', message: `${rateHelp}, not "${text}"` })
  return z.NEVER
})

const returnsFile = z.strictObject({
  /** A main-function fault that shows up in time; the shortest period that holds it decides. */
  fault: z
    .array(z.strictObject({ withinDays: days, gives }))
    .min(1, 'is empty: leave it out')
    .optional(),
  /** Not repaired for want of parts, counted from the day it was handed in. */
  noParts: z.strictObject({ overDays: days, gives, inWarranty: z.boolean().default(false) }).optional(),
  /** Not repaired through the repairer's own fault. */
  repairerLate: z.strictObject({ overDays: days, gives }).optional(),
  /** A new unit found deformed on opening, not by the customer's doing. */
  deformed: z.strictObject({ gives }).optional(),
  /** What a customer who may exchange, and does not want to, gets instead. */
  insteadOfExchange: z
    .strictObject({
      /** The same model is there. `leaveOut`: days suspended for these reasons cost nothing. */
      sameModel: z
        .strictObject({
          depreciation: rate,
          leaveOut: listOf(reason).default([]),
          /** Whoever wants may return, without any ground for an exchange. */
          anyTime: z.boolean().default(false),
        })
        .optional(),
      /** It is not, and the customer wants no other. */
      noModel: z.strictObject({ depreciation: rate }).optional(),
    })
    .optional(),
  /** Without these nothing is returned or exchanged. */
  needs: listOf(returnNeed).default([]),
})

type ReturnsFile = z.output<typeof returnsFile>
type Say = (path: PropertyKey[], message: string) => void

/** A longer period gives no more than a shorter one, and nobody may return what he may not exchange any more. */
function checkPeriods(fault: NonNullable<ReturnsFile['fault']>, say: Say): void {
  for (const [index, period] of fault.entries()) {
    const before = fault[index - 1]
    if (!before) continue
    if (period.withinDays <= before.withinDays)
      say(['fault', index, 'withinDays'], `must be longer than the ${before.withinDays} days above it`)
    for (const outcome of period.gives.filter(one => !before.gives.includes(one)))
      say(
        ['fault', index, 'gives'],
        `begins to give ${returnOutcomeNames[outcome]} after ${before.withinDays} days: no right begins later`,
      )
    if (period.gives.includes('return') && !period.gives.includes('exchange') && before.gives.includes('exchange'))
      say(['fault', index, 'gives'], 'gives 退货 and no 换货: the exchange period is shorter than the return period')
  }
}

function contradictions(rule: ReturnsFile, say: Say): void {
  const { fault, noParts, repairerLate, deformed, insteadOfExchange: instead, needs } = rule
  const grounds = [...(fault ?? []), noParts, repairerLate, deformed].filter(ground => ground !== undefined)
  const given = new Set<ReturnOutcome>(grounds.flatMap(ground => ground.gives))
  if (grounds.length === 0 && !instead?.sameModel?.anyTime)
    say([], 'has no ground: give `fault`, `noParts`, `repairerLate` or `deformed`')
  if (fault) checkPeriods(fault, say)
  if (instead && !instead.sameModel && !instead.noModel) say(['insteadOfExchange'], 'is empty: leave it out')
  if (instead?.sameModel && !given.has('exchange') && !instead.sameModel.anyTime)
    say(['insteadOfExchange', 'sameModel'], 'is never used: no ground gives 换货')
  if (instead?.noModel && !given.has('exchange'))
    say(['insteadOfExchange', 'noModel'], 'is never used: no ground gives 换货')
  if (instead?.sameModel?.depreciation === 0 && instead.sameModel.leaveOut.length > 0)
    say(['insteadOfExchange', 'sameModel', 'leaveOut'], 'is never used: nothing is deducted')
  for (const [index, need] of needs.entries()) if (needs.indexOf(need) < index) say(['needs', index], 'is there twice')
  if (needs.length > 0 && grounds.length > 0 && !given.has('exchange') && !given.has('return') && !instead)
    say(['needs'], 'is never used: no ground gives 退货 or 换货')
}

/** `returns` of a policy file: when goods are returned or exchanged (domain.md R13). A shop without it has no such rule. */
export const returnsRule = returnsFile.check(context => {
  contradictions(context.value, (path, message) =>
    context.issues.push({ code: 'custom', message, continue: true, input: context.value, path }),
  )
})

export type ReturnsRule = z.output<typeof returnsRule>
