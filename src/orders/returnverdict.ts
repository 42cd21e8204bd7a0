import type { ReturnsRule } from '../policy/returnsrule.ts'
import type { ReturnOutcome } from '../policy/terms.ts'
import type { Consequence, Open, Refund, ReturnFacts, Unknown } from './returncase.ts'
import { daysBetween } from './returndays.ts'

/** Everything a decision hangs on, answered. `period`: index of the fault's period, -1 past all of them. */
interface Answers {
  period: number
  mainFault: boolean
  deformed: boolean
  waitsForParts: boolean
  warranty: boolean
  repairerSince: boolean
  sameModel: boolean
  otherModel: boolean
  accessories: boolean
  sheet: boolean
}

/** `millionths` a day are deducted from what is paid back; null when nothing is returned. */
interface Verdict {
  outcomes: ReadonlySet<ReturnOutcome>
  millionths: number | null
}

const order: readonly ReturnOutcome[] = ['return', 'exchange', 'repair']
const sorted = (outcomes: ReadonlySet<ReturnOutcome>): ReturnOutcome[] => order.filter(one => outcomes.has(one))

/** What R13 gives when everything is known. */
function settle(rule: ReturnsRule, answers: Answers): Verdict {
  const { fault = [], noParts, repairerLate, deformed, insteadOfExchange: instead, needs } = rule
  const outcomes = new Set<ReturnOutcome>([
    ...((answers.mainFault && fault[answers.period]?.gives) || []),
    ...((answers.waitsForParts && (answers.warranty || !noParts?.inWarranty) && noParts?.gives) || []),
    ...((answers.repairerSince && repairerLate?.gives) || []),
    ...((answers.deformed && deformed?.gives) || []),
  ])
  let millionths = outcomes.has('return') ? 0 : null
  const giveBack = (rate: { depreciation: number } | undefined): void => {
    if (!rate || millionths !== null) return
    outcomes.add('return')
    millionths = rate.depreciation
  }
  if (answers.sameModel) {
    if (outcomes.has('exchange') || instead?.sameModel?.anyTime) giveBack(instead?.sameModel)
  } else if (outcomes.has('exchange') && !answers.otherModel && millionths === null) {
    // Who may return without deduction is not asked what he would take instead.
    outcomes.delete('exchange')
    giveBack(instead?.noModel)
  }
  if (needs.some(need => !answers[need])) {
    outcomes.delete('return')
    outcomes.delete('exchange')
    millionths = null
  }
  return { outcomes, millionths }
}

export type Choices = { readonly [K in keyof Answers]: ReadonlyArray<Answers[K]> }

/** For each thing the decision hangs on: the answer, or both where it is not known and could change something. */
export function choicesOf(rule: ReturnsRule, facts: ReturnFacts, today: string): Choices {
  const { fault = [], noParts, repairerLate, deformed, needs } = rule
  const either = (known: boolean | undefined, matters: boolean): boolean[] =>
    !matters ? [false] : known === undefined ? [true, false] : [known]
  const period =
    facts.invoicedOn === undefined
      ? [...fault.keys(), -1]
      : [periodOf(rule, daysBetween(facts.invoicedOn, facts.faultOn))]
  const inFault = fault.length > 0 && period.some(index => index >= 0)
  const handedIn = daysBetween(facts.handedInOn, today)
  const waits = either(facts.waitsForParts, noParts !== undefined && handedIn > noParts.overDays)
  const since = facts.repairerSince
  const late = (from: string) => repairerLate !== undefined && daysBetween(from, today) > repairerLate.overDays
  const repairerSince = typeof since === 'string' ? [late(since)] : either(since, late(facts.handedInOn))
  const inWarranty = facts.warranty === undefined ? undefined : facts.warranty === 'in'
  return {
    period: inFault ? period : [-1],
    mainFault: either(facts.mainFault, inFault),
    deformed: either(facts.deformed, deformed !== undefined),
    waitsForParts: waits,
    warranty: either(inWarranty, noParts?.inWarranty === true && waits.includes(true)),
    repairerSince,
    sameModel: either(facts.sameModel, true),
    otherModel: either(facts.otherModel, facts.sameModel !== true),
    accessories: either(facts.accessories, needs.includes('accessories')),
    sheet: either(facts.sheet, needs.includes('sheet')),
  }
}

export const tried = (rule: ReturnsRule, choices: Choices): Tried =>
  completions(choices).map(answers => ({ answers, verdict: settle(rule, answers) }))

function completions(choices: Choices): Answers[] {
  let all: Array<Partial<Answers>> = [{}]
  for (const [key, values] of Object.entries(choices))
    all = all.flatMap(answers => (values as readonly unknown[]).map(value => ({ ...answers, [key]: value })))
  return all as Answers[]
}

export function summary(all: Tried): { outcomes: ReturnOutcome[]; possible: ReturnOutcome[]; rates: number[] } {
  const verdicts = all.map(({ verdict }) => verdict)
  const possible = sorted(new Set(verdicts.flatMap(({ outcomes }) => [...outcomes])))
  return {
    possible,
    outcomes: possible.filter(outcome => verdicts.every(({ outcomes }) => outcomes.has(outcome))),
    rates: [...new Set(verdicts.flatMap(({ millionths }) => millionths ?? []))].sort((a, b) => a - b),
  }
}

export type Tried = ReadonlyArray<{ answers: Answers; verdict: Verdict }>

const askedAs: Readonly<Record<keyof Answers, Unknown>> = {
  ...{ period: 'invoicedOn', mainFault: 'mainFault', deformed: 'deformed', waitsForParts: 'waitsForParts' },
  ...{ warranty: 'warranty', repairerSince: 'repairerSince', sameModel: 'sameModel', otherModel: 'otherModel' },
  ...{ accessories: 'accessories', sheet: 'sheet' },
}

/** Grounds, each with the facts that make it one. */
const grounds: ReadonlyArray<ReadonlyArray<keyof Answers>> = [
  ['period', 'mainFault'],
  ['deformed'],
  ['waitsForParts', 'warranty'],
  ['repairerSince'],
]

export function openQuestions(
  choices: Choices,
  all: Tried,
  rule: ReturnsRule,
  refundOf: (rate: number) => Refund,
): Open[] {
  const keys = Object.keys(choices) as Array<keyof Answers>
  return keys
    .filter(key => choices[key].length > 1 && matters(key, all))
    .map(key => {
      const alone = all.filter(({ answers }) => isAlone(key, answers, choices))
      const consequences = choices[key].map((value): Consequence => {
        const { possible, rates } = summary(alone.filter(({ answers }) => answers[key] === value))
        const answer = typeof value === 'boolean' ? value : (rule.fault?.[value]?.withinDays ?? null)
        return { answer, outcomes: possible, refunds: rates.map(refundOf) }
      })
      return { fact: askedAs[key], answers: consequences }
    })
}

/** Whether what else is open stands as it has to for an answer to `key` to be told by itself. */
function isAlone(key: keyof Answers, answers: Answers, choices: Choices): boolean {
  const ground = grounds.find(facts => facts.includes(key))
  const others = ground ? grounds.filter(facts => facts !== ground).flat() : []
  const stands = (other: keyof Answers, value: unknown) =>
    other === key || choices[other].length === 1 || answers[other] === value
  return (
    others.every(other => stands(other, other === 'period' ? -1 : false)) &&
    (ground ?? []).every(other => other === 'period' || stands(other, true)) &&
    (['accessories', 'sheet'] as const).every(need => stands(need, true)) &&
    (key !== 'otherModel' || !answers.sameModel)
  )
}

/** Whether another answer to this alone ever changes more of the verdict than 维修, which an order is about anyway. */
function matters(key: keyof Answers, all: Tried): boolean {
  const seen = new Map<string, string>()
  return all.some(({ answers, verdict }) => {
    const rest = JSON.stringify({ ...answers, [key]: null })
    const sign = `${verdict.outcomes.has('exchange')} ${verdict.millionths}`
    const before = seen.get(rest) ?? sign
    seen.set(rest, sign)
    return before !== sign
  })
}

const periodOf = ({ fault = [] }: ReturnsRule, days: number): number =>
  fault.findIndex(({ withinDays }) => days <= withinDays)
