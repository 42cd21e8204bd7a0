import type { Span } from '../chat/intent.ts'
import type { Refusal } from '../errors.ts'
import { reasonNames } from '../policy/terms.ts'
import type { OrderCommand, WorkCommand, World } from './command.ts'
import { type Missing, missingFor, sayMissing } from './evidence.ts'
import { type Fact, type FactBody, type KeptSpan, standing } from './fact.ts'
import { atLeast, isOpen, type OrderView, stateNames } from './order.ts'
import { notYours, over, refuse } from './refusals.ts'
import { saySpan } from './timewords.ts'

/** What the technician in charge does: R1.3–R1.9. */
export function work(order: OrderView, command: WorkCommand, world: World, facts: readonly Fact[]): FactBody[] {
  if (command.do === 'report') return report(order, command.note, world, facts)
  const helps = command.do === 'askHelp' && order.helpers.includes(world.actor.id)
  const missing = command.do === 'complete' ? missingFor(world.evidence ?? [], order.fields, facts) : null
  const desk = missing !== null && finishesFor(order, command, world)
  if (order.assignee !== world.actor.id && !helps && !desk) throw notYours(order, world, facts)
  if (!isOpen(order.state)) throw over(order, world)
  if (command.do === 'decline') {
    if (atLeast(order.state, 'arrived'))
      throw refuse('step', `${world.code} 已经到达，不能再拒单。有困难请回复「求助 ${world.code}」。`)
    if (!command.reason) throw refuse('missing', `为什么不接 ${world.code}？请回复「拒单 ${world.code} 原因」。`)
    return [{ fact: 'declined', reason: command.reason }]
  }
  if (command.do === 'askHelp') return [{ fact: 'helpAsked', ...optional('note', command.note) }]
  if (command.do === 'progress') return progress(order, command, world, facts)
  // 等配件 said again with another time: still for the same reason, now until then.
  if (
    order.state === 'suspended' &&
    command.do === 'suspend' &&
    command.expected &&
    order.suspended?.reason === command.reason
  )
    return step(order, { do: 'wait', expected: command.expected }, world)
  if (
    order.state === 'suspended' &&
    command.do !== 'resume' &&
    command.do !== 'wait' &&
    command.do !== 'arrive' &&
    command.do !== 'reschedule' &&
    command.do !== 'contacted'
  )
    throw refuse('step', `${world.code} 正在挂起（${order.suspended?.note ?? ''}），请先回复「恢复 ${world.code}」。`)
  if (missing && !desk) throw lacks(order, missing, world)
  return [...implied(order, command.do), ...step(order, command, world)]
}

/** Where what the policy wants can't be had (客户不让拍) the desk reports the work done, and says why. */
function finishesFor({ assignee }: OrderView, command: WorkCommand, { actor }: World): boolean {
  const runs = actor.roles.includes('dispatcher') || actor.roles.includes('manager')
  return command.do === 'complete' && runs && assignee !== null && assignee !== actor.id && Boolean(command.result)
}

function lacks(order: OrderView, missing: Missing, { code, page }: World): Refusal {
  const had = missing.photos > 0 ? `，已有 ${order.photos.length} 张` : ''
  const photos = missing.photos > 0 ? '把照片直接发到这里，或在单子的页面上传' : ''
  const where = page ? `打开单子的页面 ${page} ` : '在手机上打开单子的页面，'
  const signature = missing.signature ? `${where}点「请客户签字」` : ''
  const way = [photos, signature].filter(Boolean).join('；')
  const [cant, why] =
    missing.photos === 0
      ? ['签不了', '客户为什么没签']
      : missing.signature
        ? ['办不到', '为什么没有']
        : ['拍不了', '为什么没有照片']
  return refuse(
    'evidence',
    `${code} 还不能完工：还差 ${sayMissing(missing)}${had}。${way}，再报完工；${cant}的，请派工员回复「完工 ${code} ${why}」。`,
  )
}

/** 报单: what he owes after the work, so it may come after 结单 as well. */
function report(order: OrderView, note: string | undefined, world: World, facts: readonly Fact[]): FactBody[] {
  const { code } = world
  const done = order.state === 'completed' || order.state === 'closed'
  if (order.assignee !== world.actor.id) {
    if (!done) throw notYours(order, world, facts)
    throw refuse('notYours', `${code} 不是你做的，请${world.nameOf(order.assignee ?? '')}自己报单。`)
  }
  if (!done)
    throw refuse(
      'step',
      `${code} 现在是「${stateNames[order.state]}」，完工以后再报单：先回复「完工 ${code} 结果 收费」。`,
    )
  if (standing(facts).some(fact => fact.fact === 'reported')) throw refuse('step', `${code} 已经报过单，不用再报。`)
  return [{ fact: 'reported', ...optional('note', note) }]
}

/** A finger taps twice: the same answer within this time is one. */
const sameAnswerMs = 60_000

/** How it gets on. It moves no clock: only a time agreed with the customer does (R1.5, R1.15). */
function progress(
  order: OrderView,
  { answer, expected, note }: Extract<WorkCommand, { do: 'progress' }>,
  world: World,
  facts: readonly Fact[],
): FactBody[] {
  const { code, now } = world
  if (order.state === 'dispatched')
    throw refuse('step', `${code} 还没有接单，先回复「接单 ${code}」；去不了回复「拒单 ${code} 原因」。`)
  const when = expected && agreed(expected, world)
  const last = facts.at(-1)
  const again = last?.fact === 'progress' && now.getTime() - Date.parse(last.at) <= sameAnswerMs
  if (again && last.answer === answer && last.expected?.from === when?.from && last.note === note) return []
  return [{ fact: 'progress', answer, ...optional('expected', when), ...optional('note', note) }]
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

function step(order: OrderView, command: WorkCommand, world: World): FactBody[] {
  const { code } = world
  switch (command.do) {
    case 'contacted': {
      if (atLeast(order.state, 'arrived'))
        throw refuse('step', `${code} 已经到达，不用再报联系。要改上门时间请回复「改约 ${code} 时间 原因」。`)
      const appointment = command.appointment && agreed(command.appointment, world)
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
          appointment: agreed(command.appointment, world),
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
      if (command.reason === 'other' && !whyOf(command))
        throw refuse('missing', `为什么挂起 ${code}？请回复「挂起 ${code} 等配件 后天到」，或写明原因。`)
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
    case 'wait':
      if (order.state !== 'suspended')
        throw refuse('step', `${code} 没有挂起。要等配件或等客户，请回复「挂起 ${code} 原因 预计时间」。`)
      if (!command.expected) throw refuse('missing', `等到什么时候？请回复「再等 ${code} 明天下午」。`)
      return [{ fact: 'expected', expected: another(order, agreed(command.expected, world), world) }]
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

/** The reason in the words for it: when it goes on is none. */
function whyOf({ note, expected }: Extract<WorkCommand, { do: 'suspend' }>): string {
  return note.replace(expected?.words ?? '', '').replace(/[\s,，。、]/g, '')
}

function keep(span: Span): KeptSpan {
  return {
    from: span.from.toISOString(),
    ...(span.to && { to: span.to.toISOString() }),
    exact: span.exact,
    words: span.words,
  }
}

/** A date without its year that is just over is read as next year's: nobody agrees that without saying so. */
const farMs = 183 * 86_400_000

/** A time to come that may have been meant. */
function agreed(span: Span, { now, zone }: World): KeptSpan {
  if ((span.to ?? span.from) < now)
    throw refuse('time', `「${span.words}」已经过去了，请说一个以后的时间，比如：明天上午10点。`)
  if (span.from.getTime() - now.getTime() > farMs && !span.words.includes('年'))
    throw refuse('time', `「${span.words}」是 ${saySpan(span, now, zone)} 吗？还有半年以上，是的话请带上年份再说一次。`)
  return keep(span)
}

/** One tap that comes twice says nothing new. */
function another({ suspended }: OrderView, span: KeptSpan, { code }: World): KeptSpan {
  if (suspended?.expected?.from === span.from && suspended.expected.to === span.to)
    throw refuse('step', `${code} 已经记着等到「${span.words}」，到时候再问你。`)
  return span
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}
