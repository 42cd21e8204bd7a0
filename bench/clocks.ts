import { clockRows } from '../src/orders/clockrows.ts'
import { clocksOf } from '../src/orders/clocks.ts'
import type { Fact, FactBody } from '../src/orders/fact.ts'
import type { Policy } from '../src/policy/schema.ts'
import type { Policies } from '../src/policy/versions.ts'
import { type Row, spread } from './table.ts'

const minuteMs = 60_000
const facts = 200
const limit = 1

/** A long story: given to one after the other, put off, waited for parts, and spoken of all the time. */
function longJournal(policy: Policy): Fact[] {
  const [rule] = policy.clocks
  const kind = rule?.when?.kind?.[0] ?? 'repair'
  const customer = { name: '王女士', phone: '13800000000', address: '示例路 1 号', zone: '城区', distanceKm: 12 }
  const at = (minutes: number) => new Date(Date.UTC(2026, 10, 2) + minutes * minuteMs)
  const span = (minutes: number) => ({
    ...{ from: at(minutes + 1440).toISOString(), to: at(minutes + 1560).toISOString(), exact: true, words: '明天' },
  })
  const turn = (minutes: number): FactBody[] => [
    { fact: 'dispatched', to: 'zhang' },
    { fact: 'reminded', clock: 'accept', step: 'warn:5m', to: 'zhang' },
    { fact: 'accepted' },
    { fact: 'reminded', clock: 'contact', step: 'warn:10m', to: 'zhang' },
    { fact: 'contacted', appointment: span(minutes) },
    { fact: 'photo', media: 'one' },
    { fact: 'suspended', reason: 'parts', note: '等电容' },
    { fact: 'reminded', clock: 'complete', step: 'warn:80%', to: 'zhang' },
    { fact: 'resumed' },
    { fact: 'appointed', appointment: span(minutes) },
    { fact: 'departed' },
    { fact: 'located', lat: 31, lng: 121, label: '示例路' },
    { fact: 'suspended', reason: 'customer', note: '客户改约' },
    { fact: 'resumed' },
    { fact: 'reminded', clock: 'complete', step: 'overdue:0m', to: 'zhang' },
    { fact: 'withdrawn', from: 'zhang', reason: '换人' },
  ]
  const bodies: FactBody[] = [
    { fact: 'created', order: { kind, urgent: false, customer, product: {}, fault: '不制冷', warranty: 'in' } },
  ]
  while (bodies.length < facts) bodies.push(...turn(bodies.length * 45))
  return bodies
    .slice(0, facts)
    .map(
      (body, index): Fact => ({ seq: index + 1, at: at(index * 45).toISOString(), by: 'zhang', via: 'text', ...body }),
    )
}

/** The clocks of one order, and with them the looks the sweep is to take at them, under each policy. Needs no database. */
export function measureClocks(policies: Policies, repeat: number): Row[] {
  return policies.keys().flatMap(name => {
    const policy = policies.get(name)
    if (!policy) return []
    const journal = longJournal(policy)
    const now = new Date(Date.parse(journal.at(-1)?.at ?? '') + minuteMs)
    const rows = clockRows(policy, now)
    return [
      { ...times(repeat, () => clocksOf(journal, policy, now)), what: `clocks, ${name}` },
      { ...times(repeat, () => rows(journal)), what: `clocks and next looks, ${name}` },
    ].map(row => ({ ...row, size: `${facts} facts`, database: '', limit }))
  })
}

function times(repeat: number, work: () => unknown) {
  const durations: number[] = []
  for (let turn = -repeat / 2; turn < repeat; turn++) {
    const begun = performance.now()
    work()
    if (turn >= 0) durations.push(performance.now() - begun)
  }
  return spread(durations)
}
