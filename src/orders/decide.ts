import { rate } from '../rating/rate.ts'
import type { OrderCommand, World } from './command.ts'
import { crew } from './crewing.ts'
import { assign, desk, release } from './desk.ts'
import type { Fact, FactBody } from './fact.ts'
import { isOpen, type OrderView, replay, stateNames } from './order.ts'
import { sayObstacle } from './rankwords.ts'
import { notYours, over, refuse } from './refusals.ts'
import { complain, revisit } from './revisit.ts'
import { undo } from './undo.ts'
import { work } from './work.ts'

export type { Actor, OrderCommand, World } from './command.ts'

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
      return assign(order, command.to, command.note, world)
    case 'release':
      return release(order, command.reason, world)
    case 'offer':
    case 'urge':
    case 'link':
    case 'unlink':
    case 'route':
    case 'cancel':
    case 'returns':
    case 'confirmUnreachable':
    case 'close':
      return desk(order, command, world)
    case 'revisit':
      return revisit(order, command, world)
    case 'rate':
      return rate(order, command, world)
    case 'complain':
      return complain(order, command.code, world)
    case 'join':
    case 'leave':
    case 'share':
      return crew(order, command, world, facts)
    default:
      return work(order, command, world, facts)
  }
}

function accept(order: OrderView, world: World, facts: readonly Fact[]): FactBody[] {
  const me = world.actor.id
  if (order.offered && order.state === 'new') {
    if (!world.technicians.includes(me)) throw refuse('role', `${world.code} 只有本班组的技术员能抢。`)
    const obstacle = world.obstacles.get(me)
    // Who rests today may well want it: he knows better than the calendar.
    if (obstacle && obstacle.why !== 'rest' && obstacle.why !== 'had')
      throw refuse('limit', `${world.code} 你不能抢：你${sayObstacle(obstacle)}。有疑问请找派工员。`)
    return [{ fact: 'dispatched', to: me }, { fact: 'accepted' }]
  }
  if (order.assignee !== me) throw notYours(order, world, facts)
  if (order.state === 'dispatched') return [{ fact: 'accepted' }]
  if (!isOpen(order.state)) throw over(order, world)
  throw refuse('step', `${world.code} 你已经接过了，现在是「${stateNames[order.state]}」。`)
}
