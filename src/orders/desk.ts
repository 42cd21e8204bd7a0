import type { DeskCommand, World } from './command.ts'
import type { FactBody } from './fact.ts'
import { isOpen, type OrderView, stateNames } from './order.ts'
import { over, refuse } from './refusals.ts'

/** Gives an order to a technician of the team, taking it from whoever has it. */
export function assign(order: OrderView, to: string, world: World): FactBody[] {
  needDesk(world)
  if (!isOpen(order.state)) throw over(order, world)
  if (!world.technicians.includes(to))
    throw refuse('role', `${world.nameOf(to)} 不是本班组的技术员，不能派 ${world.code} 给他。`)
  if (order.assignee === to)
    throw refuse('step', `${world.code} 已经派给${world.nameOf(to)}，现在是「${stateNames[order.state]}」。`)
  const back: FactBody[] = order.assignee ? [{ fact: 'withdrawn', from: order.assignee, reason: '改派' }] : []
  return [...back, { fact: 'dispatched', to }]
}

/** What dispatchers and managers do with an order besides assigning it. */
export function desk(order: OrderView, command: DeskCommand, world: World): FactBody[] {
  needDesk(world)
  const { code } = world
  if (command.do === 'close') {
    if (order.state === 'completed') return [{ fact: 'closed' }]
    throw refuse('step', `${code} 现在是「${stateNames[order.state]}」，完工以后才能结单。`)
  }
  if (command.do === 'revisit') {
    if (order.state === 'completed' || order.state === 'closed')
      return [{ fact: 'revisited', ...(command.note && { note: command.note }) }]
    throw refuse('step', `${code} 现在是「${stateNames[order.state]}」，完工以后才能回访。`)
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

function needDesk(world: World): void {
  if (world.actor.roles.some(role => role !== 'technician')) return
  throw refuse('role', `这件事要派工员或经理来办，请在群里找派工员处理 ${world.code}。`)
}
