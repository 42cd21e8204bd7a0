import { DateTime } from 'luxon'
import type { Fact, FactBody, KeptSpan, OrderFields } from '../../src/orders/fact.ts'
import { readPolicy } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'

export const zone = 'Asia/Shanghai'

/** A moment in Shanghai: `25 09:00`, `25 09:00:01` (November 2026) or a whole `2026-12-01 09:00`. */
export function t(text: string): Date {
  const full = /^\d{4}-/.test(text) ? text : `2026-11-${text}`
  const moment = DateTime.fromSQL(full, { zone })
  if (!moment.isValid) throw new Error(`no time: ${text}`)
  return moment.toJSDate()
}

export function span(from: string, to?: string): KeptSpan {
  const iso = (text: string) => t(text).toISOString()
  return { from: iso(from), ...(to !== undefined && { to: iso(to) }), exact: true, words: '约' }
}

export const fields = (over: Partial<OrderFields> = {}): OrderFields => ({
  kind: 'install',
  urgent: false,
  customer: { name: '张女士', phone: '13800001234', address: '花园路 1 号' },
  product: {},
  fault: '不制冷',
  ...over,
})

export const created = (over: Partial<OrderFields> = {}): FactBody => ({ fact: 'created', order: fields(over) })
export const dispatched = (to = 'zhang'): FactBody => ({ fact: 'dispatched', to })

type Entry = [at: string, body: FactBody, words?: string]

/** A journal from times and bodies; `by` is the dispatcher for dispatching, else the technician. */
export function journal(...entries: Entry[]): Fact[] {
  return entries.map(
    ([at, body, words], index): Fact => ({
      ...{ seq: index + 1, at: t(at).toISOString(), via: 'text' as const },
      by: ['created', 'dispatched', 'withdrawn'].includes(body.fact) ? 'zhao' : 'zhang',
      ...(words !== undefined && { words }),
      ...body,
    }),
  )
}

/** A small policy whose numbers are easy to reckon with; `clocks` are yaml list entries. */
export function policyOf(clocks: string, rest = ''): Policy {
  return readPolicy(`name: test\nversion: 1\n${rest}\nclocks:\n${clocks}\n`, 'test.yaml')
}

export const plain = policyOf(
  `
  - { kind: accept, start: dispatched, stop: accepted, within: 20m, restartOnReassign: true,
      overdue: [{ after: 10m, tell: dispatcher, takeBack: true }] }
  - { kind: contact, start: dispatched, stop: [contacted, arrived], within: 2h, restartOnReassign: true,
      exempt: unreachable, warn: [30m], overdue: [{ after: 0m, tell: technician },
      { after: 15m, tell: [technician, dispatcher] }, { after: 60m, tell: manager }] }
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], within: 24h, appointment: replaces,
      pauses: [parts, majorRepair, customer], warn: [80%, 30m], overdue: [{ after: 0m, tell: technician }] }`,
  "quietHours: { from: '21:30', to: '07:30' }\ndaily: { digest: '08:30', evening: '17:30' }\ndays: [1, 2, 3, 4, 5, 6]",
)
