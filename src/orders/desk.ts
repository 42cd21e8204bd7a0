import { hasDesk } from '../people/person.ts'
import type { DeskCommand, World } from './command.ts'
import type { FactBody, Link } from './fact.ts'
import { isOpen, type OrderView, stateNames } from './order.ts'
import { sayObstacle } from './rankwords.ts'
import { over, refuse } from './refusals.ts'

/** Gives an order to a technician of the team, taking it from whoever has it. */
export function assign(order: OrderView, to: string, note: string | undefined, world: World): FactBody[] {
  needDesk(world)
  if (!isOpen(order.state)) throw over(order, world)
  if (!world.technicians.includes(to))
    throw refuse('role', `${world.nameOf(to)} 不是本班组的技术员，不能派 ${world.code} 给他。`)
  if (order.assignee === to)
    throw refuse('step', `${world.code} 已经派给${world.nameOf(to)}，现在是「${stateNames[order.state]}」。`)
  const back: FactBody[] = order.assignee ? [{ fact: 'withdrawn', from: order.assignee, reason: '改派' }] : []
  const obstacle = world.obstacles.get(to)
  const despite = obstacle ? { despite: sayObstacle(obstacle) } : {}
  return [...back, { fact: 'dispatched', to, ...despite, ...(note && { note }) }]
}

/** Takes an open order from whoever has it, so that the desk can give it to somebody else. */
export function release(order: OrderView, reason: string, world: World): FactBody[] {
  needDesk(world)
  if (!isOpen(order.state)) throw over(order, world)
  if (!order.assignee) throw refuse('step', `${world.code} 手上没有人，不用退回。`)
  return [{ fact: 'withdrawn', from: order.assignee, reason }]
}

/** What dispatchers and managers do with an order besides assigning it. */
export function desk(order: OrderView, command: DeskCommand, world: World): FactBody[] {
  needDesk(world)
  const { code } = world
  if (command.do === 'close') {
    if (order.state === 'completed') return [{ fact: 'closed' }]
    throw refuse('step', `${code} 现在是「${stateNames[order.state]}」，完工以后才能结单。`)
  }
  // What followed from what is counted after the work, too: it can be put right then.
  if (command.do === 'link') return link(order, command.link, world)
  if (command.do === 'unlink') {
    if (!order.linked) throw refuse('step', `${code} 没有记成返修，不用改。`)
    return [{ fact: 'unlinked', to: order.linked.to, code: order.linked.code }]
  }
  // A question: it may be asked of any order, and what was said of the unit is all that is kept.
  if (command.do === 'returns')
    return Object.keys(command.said).length > 0 ? [{ fact: 'returnAsked', said: command.said }] : []
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
    case 'route': {
      const { subject, to } = command.route
      if (order.fields.kind !== 'complaint') throw refuse('step', `${code} 不是投诉单，不用转。`)
      if (order.routed?.to === to && order.routed.subject === subject)
        throw refuse('step', `${code} 已经转${to}（${subject}）。`)
      return [{ fact: 'routed', subject, to }]
    }
    case 'cancel':
      if (!command.reason) throw refuse('missing', `为什么取消 ${code}？请回复「取消 ${code} 原因」。`)
      return [{ fact: 'cancelled', reason: command.reason }]
    case 'confirmUnreachable':
      if (!order.unconfirmed) throw refuse('step', `${code} 没有待确认的「联系不上」。`)
      return [{ fact: 'unreachableConfirmed' }]
    default:
      throw new Error('unreachable')
  }
}

/** R1.10: by hand, where nothing was found or the wrong job. */
function link(order: OrderView, found: Link, { code }: World): FactBody[] {
  if (order.state === 'cancelled') throw refuse('over', `${code} ${stateNames[order.state]}，不能再改。`)
  if (found.code === code || found.days < 0)
    throw refuse('step', `${found.code} 不是 ${code} 之前做完的单，不能记成上次。请核对单号。`)
  if (order.linked?.to === found.to) throw refuse('step', `${code} 已经记成返修，上次是 ${found.code}。`)
  return [{ fact: 'linked', ...found }]
}

export function needDesk(world: World): void {
  if (hasDesk(world.actor.roles)) return
  throw refuse('role', `这件事要派工员或经理来办，请在群里找派工员处理 ${world.code}。`)
}
