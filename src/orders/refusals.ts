import { Refusal } from '../errors.ts'
import type { World } from './command.ts'
import { type Fact, standing } from './fact.ts'
import { isOpen, type OrderView, stateNames } from './order.ts'
import { sayTime } from './timewords.ts'

export function refuse(code: string, sentence: string): Refusal {
  return new Refusal(code, sentence)
}

export function over(order: OrderView, world: World): Refusal {
  return refuse('over', `${world.code} ${stateNames[order.state]}，不能再改。`)
}

/** A stale or foreign tap is told what happened: "张三 10:32 已接单 1024" (design.md §5). */
export function notYours(order: OrderView, world: World, facts: readonly Fact[]): Refusal {
  if (!isOpen(order.state)) return over(order, world)
  if (order.assignee === null) return refuse('notYours', `${world.code} 现在没有派给你，请等派工员派单。`)
  const name = world.nameOf(order.assignee)
  if (order.helpers.includes(world.actor.id))
    return refuse(
      'helper',
      `${world.code} 由${name}负责，这一步由他来报。你是协助：照片直接发，有困难回复「求助 ${world.code}」。`,
    )
  const taken = standing(facts).findLast(fact => fact.fact === 'accepted')
  if (taken && order.state !== 'dispatched')
    return refuse(
      'taken',
      `${name} ${sayTime(new Date(taken.at), world.now, world.zone)} 已接单 ${world.code}，你不用处理。`,
    )
  return refuse('taken', `${world.code} 现在派给了${name}，你不用处理。`)
}
