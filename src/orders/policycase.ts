import { DateTime } from 'luxon'
import { Invalid } from '../errors.ts'
import { caseStates, type PolicyCase, type ReturnExample } from '../policy/caserule.ts'
import { amountOf } from '../policy/fen.ts'
import type { Policy } from '../policy/schema.ts'
import { clockKindNames, factWords, orderKind, reasonNames, returnOutcomeNames } from '../policy/terms.ts'
import { type ClockView, clocksOf } from './clocks.ts'
import type { Fact, FactBody, FactName, KeptSpan, OrderFields, OrderKind } from './fact.ts'
import type { ReturnFacts, ReturnsAnswer } from './returncase.ts'
import { decideReturns } from './returns.ts'
import { type EarlierJob, lookBack } from './rework.ts'

/** A case of a policy, played: the journal it tells, and the moment it is looked at. */
export interface PlayedCase {
  facts: Fact[]
  now: Date
  clocks: ClockView[]
}

/** Plays a case. Throws `Invalid` naming the line of the story that can't be read. */
export function playCase(policy: Policy, { order, facts: lines, at }: PolicyCase): PlayedCase {
  const read = lines.map(line => readFact(line, policy.zone))
  const [first] = read
  if (first && first.body.fact !== 'created')
    read.unshift({ at: first.at, body: { fact: 'created', order: fields(order) } })
  if (first && order.earlier !== undefined) {
    const { link } = lookBack(fields(order), [readEarlier(order.earlier, policy.zone)], policy, first.at)
    if (link) read.splice(1, 0, { at: first.at, body: { fact: 'linked', ...link } })
  }
  const facts = read.map(({ at: moment, body }, index): Fact => {
    const told = body.fact === 'created' ? { ...body, order: fields(order) } : body
    return { seq: index + 1, at: moment.toISOString(), by: null, via: 'system', ...told }
  })
  const last = read.at(-1)?.at ?? new Date(0)
  const now = at === undefined ? last : readMoment(at, policy.zone)
  const early = read.findIndex((one, index) => one.at < (read[index - 1]?.at ?? one.at))
  if (early > 0)
    throw new Invalid(
      `${written(read[early]?.at ?? null, policy.zone)} stands after something later: put facts in their order`,
    )
  if (now < last) throw new Invalid(`at: ${at} is before the last of the facts`)
  return { facts, now, clocks: clocksOf(facts, policy, now) }
}

/** What a case finds wrong, a line each; none when it holds. */
export function checkCase(policy: Policy, one: PolicyCase): string[] {
  const { clocks } = playCase(policy, one)
  return one.expect.flatMap(([kind, expected]) => {
    const clock = clocks.find(each => each.kind === kind)
    const name = clockKindNames[kind]
    if (!expected) return clock ? [`${name}: runs, and should not: due ${written(clock.dueAt, policy.zone)}`] : []
    if (!clock) return [`${name}: does not run, and should be due ${expected.due}`]
    const due = readMoment(expected.due, policy.zone)
    const wrong = clock.dueAt?.getTime() !== due.getTime()
    const other = expected.state !== undefined && expected.state !== clock.state
    return [
      ...(wrong ? [`${name}: due ${written(clock.dueAt, policy.zone)}, not ${expected.due}`] : []),
      ...(other && expected.state ? [`${name}: ${caseStates[clock.state]}, not ${caseStates[expected.state]}`] : []),
    ]
  })
}

/** Decides an example of `returns`. */
export function playReturn(policy: Policy, one: ReturnExample): { facts: ReturnFacts; answer: ReturnsAnswer } {
  const { returns } = policy
  if (!returns) throw new Invalid('the policy has no section `returns`')
  const { name: _, invoice, today, suspended, lacks, expect, faultOn = today, handedInOn = faultOn, ...rest } = one
  const facts: ReturnFacts = {
    ...(JSON.parse(JSON.stringify(rest)) as Partial<ReturnFacts>),
    ...{ invoicedOn: invoice.date, price: invoice.price, faultOn, handedInOn },
    ...{ accessories: !lacks.includes('accessories'), sheet: !lacks.includes('sheet') },
    inRepair: suspended
      .filter(([reason]) => returns.insteadOfExchange?.sameModel?.leaveOut.includes(reason))
      .map(([why, from, to]) => ({ from, to, why })),
  }
  return { facts, answer: decideReturns(returns, facts, today) }
}

/** What an example of `returns` finds wrong, a line each; none when it holds. */
export function checkReturn(policy: Policy, one: ReturnExample): string[] {
  const { outcomes, refund } = playReturn(policy, one).answer
  const named = (list: readonly (keyof typeof returnOutcomeNames)[]) =>
    list.map(outcome => returnOutcomeNames[outcome]).join(', ') || 'nothing'
  const wanted = one.expect.outcomes
  const same = outcomes.length === wanted.length && outcomes.every(outcome => wanted.includes(outcome))
  const paid = refund?.fen == null ? undefined : amountOf(refund.fen)
  return [
    ...(same ? [] : [`gives ${named(outcomes)}, not ${named(wanted)}`]),
    ...(paid === one.expect.refund ? [] : [`pays back ${paid ?? 'nothing'}, not ${one.expect.refund ?? 'anything'}`]),
  ]
}

function fields({
  kind,
  urgent,
  zone,
  distanceKm,
  key,
  gone,
  category,
  warranty,
  units,
  fault = '',
}: PolicyCase['order']): OrderFields {
  return {
    ...{ kind, urgent, fault, product: {} },
    customer: {
      ...{ name: '', phone: '', address: '' },
      ...(zone !== undefined && { zone }),
      ...(distanceKm !== undefined && { distanceKm }),
      ...(key !== undefined && { key }),
      ...(gone !== undefined && { gone }),
    },
    ...(warranty && { warranty }),
    ...(category !== undefined && { category }),
    ...(units !== undefined && { units }),
  }
}

/** A job of the same customer, finished then. */
function readEarlier(line: string, zone: string): EarlierJob {
  const [, moment = '', word = '', fault = ''] = /^(\S+ \S+) (\S+) ?(.*)$/.exec(line) ?? []
  const kind = orderKind.safeParse(word)
  if (!kind.success) throw new Invalid(`"${line}" names no kind of job: ${kind.error.issues[0]?.message}`)
  return {
    ...{ id: '', code: '', kind: kind.data as OrderKind, fault, doneAt: readMoment(moment, zone), technician: null },
    ...{ category: null, brand: null, model: null, serial: null, phone: '', address: '' },
  }
}

const words: Readonly<Partial<Record<FactName, string>>> = {
  ...factWords,
  ...{ suspended: '挂起', resumed: '恢复', unreachable: '联系不上', unreachableConfirmed: '确认联系不上' },
}
const names = new Map(Object.entries(words).flatMap(([name, word]) => [[name, name] as const, [word, name] as const]))

function readFact(line: string, zone: string): { at: Date; body: FactBody } {
  const [, time = '', word = '', rest = ''] = /^(\S+ \S+)\s+(\S+)\s*(.*)$/.exec(line.trim()) ?? []
  const name = names.get(word) as FactName | undefined
  if (!name) throw new Invalid(`"${line}" is no fact: write a moment and one of ${Object.values(words).join(', ')}`)
  return { at: readMoment(time, zone), body: bodyOf(name, rest.trim(), zone, line) }
}

function bodyOf(fact: FactName, rest: string, zone: string, line: string): FactBody {
  switch (fact) {
    case 'created':
      return { fact, order: fields({ kind: 'repair', urgent: false }) }
    case 'dispatched':
      return { fact, to: rest || '甲' }
    case 'withdrawn':
      return { fact, from: rest || '甲', reason: '' }
    case 'declined':
    case 'cancelled':
      return { fact, reason: rest }
    case 'contacted':
      return { fact, ...(rest && { appointment: readSpan(rest, zone, line) }) }
    case 'appointed':
      return { fact, appointment: readSpan(rest, zone, line) }
    case 'suspended': {
      const [reason] = Object.entries(reasonNames).find(([key, name]) => rest === key || rest === name) ?? []
      if (!reason) throw new Invalid(`"${line}" has no reason: write one of ${Object.values(reasonNames).join(', ')}`)
      return { fact, reason: reason as keyof typeof reasonNames, note: rest }
    }
    case 'completed':
      return { fact, result: rest }
    default:
      return { fact } as FactBody
  }
}

/** `2026-11-26 14:00-16:00`, or a point in time `2026-11-26 10:00`. */
function readSpan(text: string, zone: string, line: string): KeptSpan {
  const [, day = '', from = '', to] = /^(\S+) (\d{1,2}:\d\d)(?:-(\d{1,2}:\d\d))?$/.exec(text) ?? []
  if (!day) throw new Invalid(`"${line}" has no appointment: write it like 2026-11-26 14:00-16:00`)
  const iso = (time: string) => readMoment(`${day} ${time}`, zone).toISOString()
  if (to && iso(to) <= iso(from)) throw new Invalid(`"${line}" has an appointment that ends before it begins`)
  return { from: iso(from), ...(to && { to: iso(to) }), exact: true, words: text }
}

function readMoment(text: string, zone: string): Date {
  const moment = DateTime.fromFormat(text, text.split(':').length > 2 ? 'yyyy-MM-dd H:mm:ss' : 'yyyy-MM-dd H:mm', {
    zone,
  })
  if (!moment.isValid) throw new Invalid(`"${text}" is no moment: write it like 2026-11-25 09:00`)
  return moment.toJSDate()
}

function written(at: Date | null, zone: string): string {
  if (!at) return 'never'
  const local = DateTime.fromJSDate(at, { zone })
  return local.toFormat(local.second + local.millisecond > 0 ? 'yyyy-MM-dd HH:mm:ss' : 'yyyy-MM-dd HH:mm')
}
