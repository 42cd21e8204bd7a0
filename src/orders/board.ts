import { byPressure, byTime, endOfDay, type Glance, glanceOf } from './glance.ts'
import { type OrderState, openStates, worksOn } from './order.ts'
import type { Scene } from './scene.ts'

/** A team's work as it stands: what a dispatcher has to see (R3.3). */
export interface Board {
  open: number
  /** Of open orders, in the order of an order's life; none with 0. */
  states: ReadonlyArray<{ state: OrderState; orders: number }>
  /** The longest overdue first. */
  late: readonly Glance[]
  /** Due or expected today, in time order. */
  today: readonly Glance[]
  /** Open orders of those who work today, going along included, most first; `free` have none. */
  load: ReadonlyArray<{ name: string; orders: number }>
  free: readonly string[]
  resting: readonly string[]
  finished: number
  toRevisit: number
}

interface Crew {
  /** Technicians by id, with their names. */
  working: ReadonlyArray<{ id: string; name: string }>
  resting: ReadonlyArray<{ id: string; name: string }>
}

export function boardOf(
  scenes: readonly Scene[],
  { working, resting }: Crew,
  counts: { finished: number; toRevisit: number },
): Board {
  const glances = scenes.map(glanceOf)
  const states = openStates.map(state => ({
    state,
    orders: countOf(scenes, ({ order }) => order.view.state === state),
  }))
  const load = working
    .map(({ id, name }) => ({ name, orders: countOf(scenes, ({ order }) => worksOn(order.view, id)) }))
    .sort((a, b) => b.orders - a.orders)
  return {
    open: scenes.length,
    states: states.filter(({ orders }) => orders > 0),
    late: glances.filter(({ pressure }) => pressure === 'late').sort(byPressure),
    today: glances.filter(isToday).sort(byTime),
    load: load.filter(({ orders }) => orders > 0),
    free: load.filter(({ orders }) => orders === 0).map(({ name }) => name),
    resting: resting.map(({ name }) => name),
    ...counts,
  }
}

function isToday({ pressure, at, scene }: Glance): boolean {
  return (pressure === 'appointed' || pressure === 'due') && at !== null && at < endOfDay(scene)
}

function countOf<T>(list: readonly T[], fits: (one: T) => boolean): number {
  return list.filter(fits).length
}
