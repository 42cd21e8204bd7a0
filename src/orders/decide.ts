import type { OrderWish, Span, SuspendReason } from '../chat/intent.ts'
import { Refusal } from '../errors.ts'
import type { Role } from '../people/person.ts'
import { type Fact, type FactBody, type FactName, type KeptSpan, standing } from './fact.ts'
import { atLeast, isOpen, type OrderView, replay, stateNames } from './order.ts'
import { sayTime } from './timewords.ts'

/** Who asks, as seen from the order's team. `nameOf` gives people's names for sentences. */
export interface Actor {
  id: string
  roles: readonly Role[]
}

export interface World {
  code: string
  actor: Actor
  now: Date
  zone: string
  /** How long a reply can be taken back. */
  undoWithinMs: number
  nameOf(personId: string): string
  /** Technicians of the team: an order can be given to no one else (R1.6). */
  technicians: readonly string[]
}

/** A wish about an order with its people already looked up: `assign` and `take` name ids. */
export type OrderCommand =
  | Exclude<OrderWish, { do: 'assign' | 'show' | 'whyLate' }>
  | { do: 'assign'; to: string }
  | { do: 'undo' }

/** Facts that a person may take back with 撤回. */
const takeable = new Set<FactName>([
  'accepted',
  'contacted',
  'unreachable',
  'unreachableConfirmed',
  'appointed',
  'departed',
  'arrived',
  'suspended',
  'resumed',
  'completed',
  'emptyRun',
  'closed',
  'urged',
  'cancelled',
])

/**
 * What happens to an order when somebody asks for something. Pure: the journal so far and the world in, new facts out.
 * Throws `Refusal` with a Chinese sentence that says what to do instead. R1.2–R1.9.
 */
export function decide(facts: readonly Fact[], command: OrderCommand, world: World): FactBody[] {
  const order = replay(facts)
  switch (command.do) {
    case 'accept':
      return accept(order, world, facts)
    case 'undo':
      return undo(facts, world)
    case 'assign':
      return assign(order, command.to, world)
    case 'offer':
    case 'urge':
    case 'cancel':
    case 'confirmUnreachable':
    case 'close':
      return desk(order, command, world)
    default:
      return work(order, command, world, facts)
  }
}

function accept(order: OrderView, world: World, facts: readonly Fact[]): FactBody[] {
  const me = world.actor.id
  if (order.offered && order.state === 'new') {
    if (!world.technicians.includes(me)) throw refuse('role', `${world.code} 只有本班组的技术员能抢。`)
    return [{ fact: 'dispatched', to: me }, { fact: 'accepted' }]
  }
  if (order.assignee !== me) throw notYours(order, world, facts)
  if (order.state === 'dispatched') return [{ fact: 'accepted' }]
  if (!isOpen(order.state)) throw over(order, world)
  throw refuse('step', `${world.code} 你已经接过了，现在是「${stateNames[order.state]}」。`)
}

function work(
  order: OrderView,
  command: Exclude<
    OrderCommand,
    { do: 'accept' | 'undo' | 'assign' | 'offer' | 'urge' | 'cancel' | 'confirmUnreachable' | 'close' }
  >,
  world: World,
  facts: readonly Fact[],
): FactBody[] {
  if (order.assignee !== world.actor.id) throw notYours(order, world, facts)
  if (!isOpen(order.state)) throw over(order, world)
  if (command.do === 'decline') {
    if (atLeast(order.state, 'arrived'))
      throw refuse('step', `${world.code} 已经到达，不能再拒单。有困难请回复「求助 ${world.code}」。`)
    if (!command.reason) throw refuse('missing', `为什么不接 ${world.code}？请回复「拒单 ${world.code} 原因」。`)
    return [{ fact: 'declined', reason: command.reason }]
  }
  if (command.do === 'askHelp') return [{ fact: 'helpAsked', ...optional('note', command.note) }]
  if (
    order.state === 'suspended' &&
    command.do !== 'resume' &&
    command.do !== 'arrive' &&
    command.do !== 'reschedule' &&
    command.do !== 'contacted'
  )
    throw refuse('step', `${world.code} 正在挂起（${order.suspended?.note ?? ''}），请先回复「恢复 ${world.code}」。`)
  return [...implied(order, command.do), ...step(order, command, world)]
}

/** Life skips steps: a later one is recorded with those it includes, marked as implied (design.md §7). */
function implied(order: OrderView, wish: OrderCommand['do']): FactBody[] {
  const before: FactBody[] = []
  const working = ['contacted', 'depart', 'arrive', 'complete', 'emptyRun', 'suspend', 'reschedule', 'unreachable']
  if (order.state === 'dispatched' && working.includes(wish)) before.push({ fact: 'accepted' })
  if (order.state === 'suspended' && (wish === 'arrive' || wish === 'contacted')) before.push({ fact: 'resumed' })
  const reached = order.state === 'suspended' ? (order.suspended?.from ?? 'accepted') : order.state
  if (['arrive', 'complete', 'emptyRun'].includes(wish) && !atLeast(reached, 'contacted'))
    before.push({ fact: 'contacted', implied: true })
  if (['complete', 'emptyRun'].includes(wish) && !atLeast(reached, 'arrived'))
    before.push({ fact: 'arrived', implied: true })
  return before
}

function step(order: OrderView, command: Parameters<typeof work>[1], world: World): FactBody[] {
  const { code, now } = world
  switch (command.do) {
    case 'contacted': {
      if (atLeast(order.state, 'arrived'))
        throw refuse('step', `${code} 已经到达，不用再报联系。要改上门时间请回复「改约 ${code} 时间 原因」。`)
      const appointment = command.appointment && future(keep(command.appointment), now)
      return [{ fact: 'contacted', ...optional('appointment', appointment), ...optional('note', command.note) }]
    }
    case 'unreachable':
      if (atLeast(order.state, 'contacted') && order.unreachable === null && order.state !== 'contacted')
        throw refuse('step', `${code} 已经${stateNames[order.state]}，不用再报联系不上。`)
      return [{ fact: 'unreachable', ...optional('note', command.note) }]
    case 'reschedule':
      if (!command.appointment) throw refuse('missing', `改到什么时候？请回复「改约 ${code} 明天上午10点 原因」。`)
      return [
        ...(atLeast(order.state, 'contacted') || order.state === 'suspended' ? [] : [{ fact: 'contacted' as const }]),
        {
          fact: 'appointed',
          appointment: future(keep(command.appointment), now),
          ...optional('reason', command.reason),
        },
      ]
    case 'depart':
      if (order.departed) throw refuse('step', `${code} 已经报过出发，到了请回复「到达 ${code}」。`)
      if (atLeast(order.state, 'arrived')) throw refuse('step', `${code} 已经到达，不用再报出发。`)
      return [{ fact: 'departed' }]
    case 'arrive':
      if (order.state === 'arrived')
        throw refuse('step', `${code} 已经报过到达，做完请回复「完工 ${code} 结果 收费」。`)
      return [{ fact: 'arrived' }]
    case 'suspend': {
      const expected = command.expected && keep(command.expected)
      return [
        {
          fact: 'suspended',
          reason: command.reason,
          note: command.note || reasonNames[command.reason],
          ...optional('expected', expected),
        },
      ]
    }
    case 'resume':
      if (order.state !== 'suspended') throw refuse('step', `${code} 没有挂起，现在是「${stateNames[order.state]}」。`)
      return [{ fact: 'resumed' }]
    case 'complete':
      return [
        {
          fact: 'completed',
          result: command.result ?? '',
          ...optional('charge', command.charge),
          ...optional('parts', command.parts?.length ? command.parts : undefined),
        },
      ]
    case 'emptyRun':
      return [{ fact: 'emptyRun', ...optional('note', command.note) }]
    default:
      throw new Error(`no step for ${command.do}`)
  }
}

function assign(order: OrderView, to: string, world: World): FactBody[] {
  needDesk(world)
  if (!isOpen(order.state)) throw over(order, world)
  if (!world.technicians.includes(to))
    throw refuse('role', `${world.nameOf(to)} 不是本班组的技术员，不能派 ${world.code} 给他。`)
  if (order.assignee === to)
    throw refuse('step', `${world.code} 已经派给${world.nameOf(to)}，现在是「${stateNames[order.state]}」。`)
  const back: FactBody[] = order.assignee ? [{ fact: 'withdrawn', from: order.assignee, reason: '改派' }] : []
  return [...back, { fact: 'dispatched', to }]
}

function desk(
  order: OrderView,
  command: Extract<OrderCommand, { do: 'offer' | 'urge' | 'cancel' | 'confirmUnreachable' | 'close' }>,
  world: World,
): FactBody[] {
  needDesk(world)
  const { code } = world
  if (command.do === 'close') {
    if (order.state === 'completed') return [{ fact: 'closed' }]
    throw refuse('step', `${code} 现在是「${stateNames[order.state]}」，完工以后才能结单。`)
  }
  if (!isOpen(order.state)) throw over(order, world)
  switch (command.do) {
    case 'offer':
      if (order.offered) throw refuse('step', `${code} 已经在抢单，等技术员来抢。`)
      if (order.state !== 'new')
        throw refuse(
          'step',
          `${code} 已经派给${world.nameOf(order.assignee ?? '')}。要换人请回复「改派 ${code} 给 姓名」。`,
        )
      return [{ fact: 'offered' }]
    case 'urge':
      if (order.urgent) throw refuse('step', `${code} 已经是加急单。`)
      return [{ fact: 'urged' }]
    case 'cancel':
      if (!command.reason) throw refuse('missing', `为什么取消 ${code}？请回复「取消 ${code} 原因」。`)
      return [{ fact: 'cancelled', reason: command.reason }]
    case 'confirmUnreachable':
      if (order.unreachable !== 'reported') throw refuse('step', `${code} 没有待确认的「联系不上」。`)
      return [{ fact: 'unreachableConfirmed' }]
    default:
      throw new Error('unreachable')
  }
}

/** Takes back this person's last reply: all facts of that moment, if nothing happened since and it is not too old. */
function undo(facts: readonly Fact[], world: World): FactBody[] {
  const live = standing(facts).filter(fact => fact.fact !== 'reminded')
  const last = live.at(-1)
  const mine = last && last.by === world.actor.id && takeable.has(last.fact)
  if (!mine) throw refuse('step', `${world.code} 最后一步不是你报的，不能撤回。请找派工员处理。`)
  if (world.now.getTime() - Date.parse(last.at) > world.undoWithinMs)
    throw refuse(
      'late',
      `${world.code} 的上一步已超过 ${Math.round(world.undoWithinMs / 60_000)} 分钟，不能撤回。请找派工员处理。`,
    )
  const together = live.slice(live.findLastIndex(fact => !sameReply(fact, last)) + 1)
  return together.map(fact => ({ fact: 'undone', undoes: fact.seq }))
}

/** Facts that one reply recorded together, e.g. 到达 with the 已联系 it implies. */
function sameReply(one: Fact, other: Fact): boolean {
  return one.at === other.at && one.by === other.by && one.via === other.via && one.words === other.words
}

const reasonNames: Record<SuspendReason, string> = {
  parts: '等配件',
  majorRepair: '大修',
  customer: '客户改约',
  other: '其他',
}

function keep(span: Span): KeptSpan {
  return {
    from: span.from.toISOString(),
    ...(span.to && { to: span.to.toISOString() }),
    exact: span.exact,
    words: span.words,
  }
}

function future(span: KeptSpan, now: Date): KeptSpan {
  if (Date.parse(span.to ?? span.from) < now.getTime())
    throw refuse('time', `「${span.words}」已经过去了，请说一个以后的时间，比如：明天上午10点。`)
  return span
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}

function needDesk(world: World): void {
  if (world.actor.roles.some(role => role !== 'technician')) return
  throw refuse('role', `这件事要派工员或经理来办，请在群里找派工员处理 ${world.code}。`)
}

/** A stale or foreign tap is told what happened: "张三 10:32 已接单 1024" (design.md §5). */
function notYours(order: OrderView, world: World, facts: readonly Fact[]): Refusal {
  if (!isOpen(order.state)) return over(order, world)
  if (order.assignee === null) return refuse('notYours', `${world.code} 现在没有派给你，请等派工员派单。`)
  const name = world.nameOf(order.assignee)
  const taken = standing(facts).findLast(fact => fact.fact === 'accepted')
  if (taken && order.state !== 'dispatched')
    return refuse(
      'taken',
      `${name} ${sayTime(new Date(taken.at), world.now, world.zone)} 已接单 ${world.code}，你不用处理。`,
    )
  return refuse('taken', `${world.code} 现在派给了${name}，你不用处理。`)
}

function over(order: OrderView, world: World): Refusal {
  return refuse('over', `${world.code} ${stateNames[order.state]}，不能再改。`)
}

function refuse(code: string, sentence: string): Refusal {
  return new Refusal(code, sentence)
}
