import { clockKindNames } from '../policy/terms.ts'
import { runningClock } from './card.ts'
import type { ClockView } from './clocks.ts'
import type { Scene } from './scene.ts'
import { shorten } from './shorten.ts'
import { sayLeft, saySpan, sayTime, startOfDay } from './timewords.ts'

/** What one order is at one glance, and in which order people want to see several. */

const dayMs = 86_400_000

export type Pressure =
  /** Past due. */
  | 'late'
  /** The customer expects somebody today. */
  | 'appointed'
  /** A limit runs out, today or later; or what suspended work waits for should be there by now. */
  | 'due'
  /** Nothing presses: it waits for parts, for the customer, or for a day that was agreed. */
  | 'later'

export interface Glance {
  scene: Scene
  pressure: Pressure
  /** When it is due or expected; null when it has no time. */
  at: Date | null
  /** The clock that runs out, where it is not the appointment that counts. */
  clock: ClockView | undefined
  /** The reader only goes along (协助). */
  along?: boolean
}

export function glanceOf(scene: Scene): Glance {
  const { view } = scene.order
  const running = runningClock(scene.clocks)
  const due = running?.dueAt ?? null
  if (due && due < scene.now) return { scene, pressure: 'late', at: due, clock: running }
  const appointed = view.appointment ? new Date(view.appointment.from) : null
  const tomorrow = endOfDay(scene)
  if (view.state === 'suspended')
    return { scene, pressure: isOverdue(scene) ? 'due' : 'later', at: expectedOf(scene), clock: running }
  // An appointment that is over and did not end a limit says nothing any more.
  const end = view.appointment?.to ?? view.appointment?.from
  if (appointed && end && new Date(end).getTime() >= startOfDay(scene.now, scene.zone).getTime()) {
    if (appointed < tomorrow) return { scene, pressure: 'appointed', at: appointed, clock: undefined }
    if (!due || due >= tomorrow) return { scene, pressure: 'later', at: appointed, clock: undefined }
  }
  return { scene, pressure: 'due', at: due, clock: running }
}

/** Midnight at which the business day of a scene ends. */
export function endOfDay({ now, zone }: Pick<Scene, 'now' | 'zone'>): Date {
  // Noon of the day after belongs to it whatever the clocks on the walls do that night.
  return startOfDay(new Date(startOfDay(now, zone).getTime() + 1.5 * dayMs), zone)
}

function expectedOf({ order }: Scene): Date | null {
  const expected = order.view.suspended?.expected
  return expected ? new Date(expected.from) : null
}

/** What was expected has not come: somebody has to ask for it, or go on. */
function isOverdue({ order, now }: Scene): boolean {
  const { expected } = order.view.suspended ?? {}
  return expected !== undefined && new Date(expected.to ?? expected.from) <= now
}

const overdueWords: Readonly<Record<string, string>> = {
  parts: '配件该到了',
  majorRepair: '大修该好了',
  customer: '客户该定时间了',
}

const ranks: Record<Pressure, number> = { late: 0, appointed: 1, due: 2, later: 3 }

/** Late first, then appointments in time order, then what is due, then what may wait. */
export function byPressure(one: Glance, other: Glance): number {
  return ranks[one.pressure] - ranks[other.pressure] || byTime(one, other)
}

export function byTime(one: Glance, other: Glance): number {
  const time = ({ at }: Glance) => at?.getTime() ?? Number.MAX_SAFE_INTEGER
  return time(one) - time(other) || Number(other.scene.order.view.urgent) - Number(one.scene.order.view.urgent)
}

/**
 * `联系超时 2 小时`, `10:00`, `14:00–16:00`, `18:00 前完成`, `明天 10:00 前完成`, `挂起，预计 后天 09:00`, `⏳ 配件该到了（预计
 * 昨天 16:00）`.
 */
export function timeWords({ scene, pressure, at, clock }: Glance): string {
  const { now, zone, order } = scene
  if (pressure === 'late') return clock && at ? `${clockKindNames[clock.kind]}${sayLeft(at, now)}` : ''
  const { suspended } = order.view
  if (suspended && at && isOverdue(scene))
    return `⏳ ${overdueWords[suspended.reason] ?? '该继续了'}（预计 ${near(sayTime(at, now, zone))}）`
  if (suspended) return `挂起${at ? `，预计 ${near(sayTime(at, now, zone))}` : `：${shorten(suspended.note, 6)}`}`
  if (clock) return at ? `${near(sayTime(at, now, zone))} 前${clockKindNames[clock.kind]}` : ''
  return order.view.appointment ? near(saySpan(order.view.appointment, now, zone)) : ''
}

const near = (words: string): string => words.replace(/^今天 /, '')

/** 加急 and 重点客户 at the head of a line. */
export function marks({ order }: Scene): string {
  return [order.view.urgent ? '🟠' : '', order.view.fields.customer.key ? '⭐' : ''].join('')
}

const regions =
  /^(?:\S{2,8}?(?:省|自治区))?(?:[^\s路街]{1,7}?(?<!城)市)?(?:[^\s路街]{1,6}?(?<![小社园新校厂])区|[^\s路街]{1,6}?县)?(?:[^\s路街]{1,6}?(?:镇|乡|街道))?\s*/u
const road = /^([^\d\s,，.。（(]{1,8}?(?:大道|路|街|巷|胡同|弄))/u
const place =
  /^([^\d\s,，.。（(]{1,10}?(?:小区|花园|公寓|大厦|广场|家属院|新村|社区|学校|医院|公司|苑|城|府|园|村|庄|院|厂))/u

/**
 * The road of an address, or the place where it names none: `花园路` of `金水区花园路38号院5号楼1801`. Never a number, so
 * that it may be read aloud.
 */
export function street(address: string): string {
  const words = address.normalize('NFKC').trim()
  const rest = words.slice(regions.exec(words)?.[0].length ?? 0) || words
  const named = road.exec(rest)?.[1] ?? place.exec(rest)?.[1] ?? /^[^\d\s,，.。（(]{1,6}/u.exec(rest)?.[0] ?? ''
  return named.replace(/[\d#-]/g, '')
}
