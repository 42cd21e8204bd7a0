import type { Fact, KeptSpan, OrderFields } from '../orders/fact.ts'
import { gone, scrubber } from './scrub.ts'

/**
 * An order's journal without what tells who its customer is. Kinds, times, money, parts, grades and reasons stay: state,
 * clocks, points and pay are what they were. Words as they were said go whole: what else is in them nobody can know.
 */
export function blanked(facts: readonly Fact[]): Fact[] {
  const scrub = scrubberOf(facts)
  return facts.map(({ words: _, ...fact }) => withoutCustomer(fact as Fact, scrub))
}

export type Scrub = (text: string) => string

/** Takes out of texts what journals say of who their customers are. */
export function scrubberOf(facts: readonly Fact[]): Scrub {
  const customers = facts.flatMap(fact => (fact.fact === 'created' ? [fact.order.customer] : []))
  const signers = facts.flatMap(fact => (fact.fact === 'signed' ? [fact.name] : []))
  return scrubber([...customers.flatMap(({ name, phone, address }) => [name, phone, address]), ...signers])
}

/** The same of what was said of an incident: its note, reasons, and what it was proposed from. */
export function incidentWithout(body: unknown, scrub: Scrub): unknown {
  const { ground, ...rest } = texts(body as { ground?: object }, scrub)
  return { ...rest, ...(ground && { ground: texts(ground, scrub) }) }
}

function withoutCustomer(fact: Fact, scrub: Scrub): Fact {
  switch (fact.fact) {
    case 'created': {
      const { earlier, order } = fact
      return {
        ...fact,
        order: fieldsWithout(order, scrub),
        ...(earlier && {
          earlier: { ...earlier, ...(earlier.fault !== undefined && { fault: scrub(earlier.fault) }) },
        }),
      }
    }
    case 'signed':
      return { ...texts(fact, scrub), name: gone }
    case 'completed': {
      const { parts } = fact
      return {
        ...texts(fact, scrub),
        ...(parts && { parts: parts.map(part => ({ ...part, name: scrub(part.name) })) }),
      }
    }
    case 'located':
      return { ...fact, lat: 0, lng: 0, label: gone }
    case 'rated': {
      const { visitor: _, ...rest } = fact
      return rest
    }
    default:
      return texts(fact, scrub)
  }
}

function fieldsWithout(fields: OrderFields, scrub: Scrub): OrderFields {
  const { customer, product, wanted } = fields
  const { serial: _, ...rest } = product
  return {
    ...fields,
    customer: { ...customer, name: gone, phone: '', address: gone },
    product: rest,
    fault: scrub(fields.fault),
    ...(wanted && { wanted: spanWithout(wanted, scrub) }),
  }
}

const spanWithout = (span: KeptSpan, scrub: Scrub): KeptSpan => ({ ...span, words: scrub(span.words) })

/** What was said of somebody's leave, penalty or reward, without the reasons: they are his own, and may be his health. */
export const reasonsWithout = (body: unknown): unknown => incidentWithout(body, text => (text === '' ? '' : gone))

/** Every text somebody wrote into a fact, wherever it has one. */
const written = ['note', 'reason', 'result', 'despite'] as const
const spans = ['appointment', 'expected'] as const

function texts<F extends object>(fact: F, scrub: Scrub): F {
  const left = { ...fact } as Record<string, unknown>
  // Why work was suspended is one of four words, whatever a customer is called.
  const own = left.fact === 'suspended' ? written.filter(name => name !== 'reason') : written
  for (const name of own) if (typeof left[name] === 'string') left[name] = scrub(left[name])
  for (const name of spans) if (left[name]) left[name] = spanWithout(left[name] as KeptSpan, scrub)
  return left as F
}
