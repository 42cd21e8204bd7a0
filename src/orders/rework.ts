import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { type Fact, type LastTime, type Link, type OrderFields, type OrderKind, standing } from './fact.ts'
import { sameFault } from './samefault.ts'

/** A finished job, as far as it is compared with a new order. */
export interface EarlierJob {
  id: string
  code: string
  kind: OrderKind
  fault: string
  category: string | null
  brand: string | null
  model: string | null
  serial: string | null
  phone: string
  address: string
  technician: string | null
  doneAt: Date
}

/** What a new order has to do with what was done before: it follows from it, or it is only shown beside it. */
export interface LookedBack {
  link: Link | null
  earlier: LastTime | null
}

/** Since when finished jobs are of interest; null when the policy wants none. */
export function lookBackSince(policy: Policy, now: Date): Date | null {
  const days = Math.max(policy.rework?.days ?? 0, policy.leak?.days ?? 0)
  if (days === 0) return null
  const calendar = calendarOf(policy)
  return calendar.momentOf(calendar.dayAfter(calendar.dayOf(now), -days), 0)
}

/**
 * What a new order follows from (R1.10, R9.5): the last repair of the same fault on the same unit within the policy's
 * days, else, for a leak, the unit's install. Where nothing is linked the last job there within the days of `rework` is
 * shown. `jobs` are finished ones of the same serial or the same phone, in any order.
 */
export function lookBack(fields: OrderFields, jobs: readonly EarlierJob[], policy: Policy, now: Date): LookedBack {
  const { rework, leak } = policy
  const known = jobs
    .filter(job => sharesUnitOrCustomer(fields, job))
    .map(job => ({ job, days: daysSince(job.doneAt, policy, now) }))
    .sort((a, b) => b.job.doneAt.getTime() - a.job.doneAt.getTime())
  const again = known.find(({ job, days }) => rework && days <= rework.days && isRework(fields, job, rework.sameFault))
  if (again) return { link: linkTo('rework', again.job, policy, now), earlier: null }
  const install = known.find(({ job, days }) => leak && days <= leak.days && isLeak(fields, job, leak.words))
  if (install) return { link: linkTo('leak', install.job, policy, now), earlier: null }
  const last = known.find(({ days }) => rework && days <= rework.days)
  return { link: null, earlier: last ? { ...lastTime(last.job, last.days), fault: last.job.fault } : null }
}

/** The link a person asks for by hand, as of the time the order came in: a leak where the words are, else a rework. */
export function linkByHand(fields: OrderFields, job: EarlierJob, policy: Policy, cameAt: Date): Link {
  const leak = policy.leak && isLeak(fields, job, policy.leak.words, true)
  return linkTo(leak ? 'leak' : 'rework', job, policy, cameAt)
}

function linkTo(why: Link['why'], job: EarlierJob, policy: Policy, now: Date): Link {
  return { why, ...lastTime(job, daysSince(job.doneAt, policy, now)) }
}

function lastTime({ id, code, technician, doneAt }: EarlierJob, days: number): Omit<LastTime, 'fault'> {
  return { to: id, code, technician, doneAt: doneAt.toISOString(), days }
}

/** Difference of the dates, in the policy's zone. */
function daysSince(at: Date, policy: Policy, now: Date): number {
  const calendar = calendarOf(policy)
  return Math.round((Date.parse(calendar.dayOf(now)) - Date.parse(calendar.dayOf(at))) / 86_400_000)
}

function isRework(fields: OrderFields, job: EarlierJob, sameOnly: boolean): boolean {
  if (fields.kind !== 'repair' || job.kind !== 'repair' || !isSameUnit(fields, job)) return false
  if (!sameOnly) return true
  if (fields.category && job.category) return fields.category === job.category
  return sameFault(fields.fault, job.fault) === 'same'
}

function isLeak(fields: OrderFields, job: EarlierJob, words: readonly string[], byHand = false): boolean {
  if (fields.kind !== 'repair' || job.kind !== 'install' || !(byHand || isSameUnit(fields, job))) return false
  const said = `${fields.category ?? ''} ${fields.fault}`
  return words.some(word => saysOf(said, word))
}

/** 不漏水, 没漏水 are no leaks. */
function saysOf(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!/[不没未无](?:再|有)?$/.test(text.slice(0, at))) return true
  return false
}

function sharesUnitOrCustomer({ product, customer }: OrderFields, job: EarlierJob): boolean {
  return (product.serial !== undefined && product.serial === job.serial) || customer.phone === job.phone
}

/** One serial is one unit. Without it, the customer's phone, unless brand, model or the place say otherwise. */
function isSameUnit({ product, customer }: OrderFields, job: EarlierJob): boolean {
  const { serial, brand, model } = product
  if (serial && job.serial) return serial === job.serial
  if (customer.phone !== job.phone) return false
  const differ = (one: string | undefined, other: string | null) => one && other && plain(one) !== plain(other)
  return !differ(brand, job.brand) && !differ(model, job.model) && isSamePlace(customer.address, job.address)
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/[\s-]/g, '')

/** An address is written in many ways; its numbers of house, floor and flat are all in the other one, or it is another. */
function isSamePlace(one: string, other: string): boolean {
  const numbers = (address: string) => new Set(address.normalize('NFKC').match(/\d+/g) ?? [])
  const [a, b] = [numbers(one), numbers(other)]
  return [...a].every(number => b.has(number)) || [...b].every(number => a.has(number))
}

/**
 * Whether a job was done right the first time (R6.1), from its own journal: `no` when the same fault was reported again
 * within so many days (differences of dates), `tooEarly` until they are over, also before it is finished. A leak counts
 * against an install elsewhere (R9.6).
 */
export function firstTimeFix(
  facts: readonly Fact[],
  { days, now, policy }: { days: number; now: Date; policy: Policy },
): 'yes' | 'no' | 'tooEarly' {
  const real = standing(facts)
  const again = real.find(
    fact =>
      fact.fact === 'reworked' &&
      fact.why === 'rework' &&
      fact.days <= days &&
      !real.some(later => later.fact === 'unreworked' && later.order === fact.order && later.seq > fact.seq),
  )
  if (again) return 'no'
  const done = real.findLast(fact => fact.fact === 'completed' || fact.fact === 'emptyRun')
  return done && daysSince(new Date(done.at), policy, now) > days ? 'yes' : 'tooEarly'
}
