import { runningClock } from './card.ts'
import type { Scene } from './scene.ts'

/**
 * Which order comes first in a list: late ones, then urgent ones, then key customers (R1.12), then what is due next,
 * then what came in first.
 */
export function byPriority(one: Scene, other: Scene): number {
  return (
    later(late(one), late(other)) ||
    later(one.order.view.urgent, other.order.view.urgent) ||
    later(one.order.view.fields.customer.key ?? false, other.order.view.fields.customer.key ?? false) ||
    due(one) - due(other) ||
    one.order.id.localeCompare(other.order.id)
  )
}

const later = (one: boolean, other: boolean): number => Number(other) - Number(one)

/** Far enough away to come last, and finite so that two of them compare as equal. */
const never = 8.64e15

function due({ clocks }: Scene): number {
  return runningClock(clocks)?.dueAt?.getTime() ?? never
}

const late = (scene: Scene): boolean => due(scene) < scene.now.getTime()
