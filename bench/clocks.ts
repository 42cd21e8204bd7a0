import { clockRows } from '../src/orders/clockrows.ts'
import type { Fact, FactBody, OrderFields } from '../src/orders/fact.ts'
import type { Policy } from '../src/policy/schema.ts'
import type { Policies } from '../src/policy/versions.ts'
import { type Row, spread } from './table.ts'

const minuteMs = 60_000
const facts = 200
const limit = 1

/** A long story: given to one after the other, put off, waited for parts; it ends when somebody is given it anew. */
function longJournal(policy: Policy): Fact[] {
  // What the policy's first rules ask for, so that there are clocks that run.
  const asked = (key: 'kind' | 'category' | 'zone') => policy.clocks.find(({ when }) => when?.[key])?.when?.[key]?.[0]
  const [category, zone] = [asked('category'), asked('zone') ?? '城区']
  const order: OrderFields = {
    ...{ kind: policy.clocks[0]?.when?.kind?.[0] ?? 'repair', urgent: false, fault: '不制冷', warranty: 'in' },
    ...{
      customer: { name: '王女士', phone: '13800000000', address: '示例路 1 号', zone, distanceKm: 12 },
      product: {},
    },
    ...(category !== undefined && { category }),
  }
  const at = (minutes: number) => new Date(Date.UTC(2026, 10, 2) + minutes * minuteMs)
  const span = (minutes: number) => ({
    ...{ from: at(minutes + 1440).toISOString(), to: at(minutes + 1560).toISOString(), exact: true, words: '明天' },
  })
  const turn = (minutes: number): FactBody[] => [
    { fact: 'dispatched', to: 'zhang' },
    { fact: 'reminded', clock: 'accept', step: 'warn:5m', to: 'zhang' },
    { fact: 'accepted' },
    { fact: 'reminded', clock: 'contact', step: 'warn:10m', to: 'zhang' },
    { fact: 'unreachable' },
    { fact: 'contacted', appointment: span(minutes) },
    { fact: 'photo', media: 'one' },
    { fact: 'photo', media: 'two' },
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
  const bodies: FactBody[] = [{ fact: 'created', order }]
  while (bodies.length < facts) bodies.push(...turn(bodies.length * 45))
  return bodies
    .slice(0, facts)
    .map(
      (body, index): Fact => ({ seq: index + 1, at: at(index * 45).toISOString(), by: 'zhang', via: 'text', ...body }),
    )
}

/**
 * One order's clocks, and with them when to look at each next, under each policy: what an order's change and a look of the
 * sweep compute. Needs no database.
 */
export function measureClocks(policies: Policies, repeat: number): Row[] {
  return policies.keys().flatMap(name => {
    const policy = policies.get(name)
    if (!policy) return []
    const journal = longJournal(policy)
    const now = new Date(Date.parse(journal.at(-1)?.at ?? '') + minuteMs)
    const rows = clockRows(policy, now)
    // A rule book about attendance alone has none.
    if (!rows(journal).some(({ nextLookAt }) => nextLookAt)) return []
    const what = `clocks of an order, ${name}`
    return [{ what, size: `${facts} facts`, database: '', ...times(repeat, () => rows(journal)), limit }]
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
