import { z } from 'zod'
import { condition } from './clockrule.ts'
import { duration, listOf, oneOf } from './terms.ts'

const hour = 3_600_000

/** What makes one technician come before another, in the order the policy names them. */
const merits = { previous: '去过', area: '片区', nearby: '顺路', load: '手上' } as const

const usual = ['previous', 'area', 'nearby', 'load'] as const satisfies ReadonlyArray<keyof typeof merits>

const need = z.strictObject({
  when: condition.optional(),
  /** As people's `skills` name it. */
  skill: z.string({ error: 'must name a skill as people have it: 安装' }).trim().min(1).max(20),
})

/** Who gets an order (派工): first who may, then who comes first (design.md §7). */
const assignFile = z.strictObject({
  /** `desk`: the dispatcher picks from the ranked list; `auto`: the first of it gets it; `offer`: whoever grabs it. */
  mode: oneOf({ desk: '派工员', auto: '自动', offer: '抢单' }).default('desk'),
  /** When `auto` and `offer` act: outside these hours an order waits for the next opening. */
  hours: oneOf({ working: '上班时间', always: '任何时间' }).default('working'),
  order: listOf(oneOf(merits)).default([...usual]),
  /** Most orders one technician is given on one day. */
  perDay: z.int().min(1).max(200).optional(),
  needs: z.array(need).default([]),
  /** How long a visit takes that was agreed for a point in time: two that overlap are no use. */
  visit: duration.default(2 * hour),
  /** After 拒单, or after the accept clock took an order back: `back` to the dispatcher, or on to the `next` one. */
  notAccepted: oneOf({ back: '派工员', next: '下一个' }).default('back'),
  /** How many technicians are tried before the dispatcher has it. */
  tries: z.int().min(2).max(20).optional(),
  /** How long an order is up for grabs before it is the dispatcher's again. */
  offerFor: duration.optional(),
})

export const assignRule = assignFile
  .check(context => {
    const { order, notAccepted, tries, offerFor, mode, hours } = context.value
    const say = (path: PropertyKey[], message: string) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path })
    for (const [index, merit] of order.entries())
      if (order.indexOf(merit) < index) say(['order', index], `names ${merit} twice`)
    if (tries !== undefined && notAccepted === 'back') say(['tries'], 'needs `notAccepted: next`')
    if (offerFor === 0) say(['offerFor'], 'must be longer than nothing')
    if (mode === 'desk' && hours === 'always') say(['hours'], 'is for `mode: auto` and `mode: offer`')
  })
  .transform(({ offerFor, visit, tries, perDay, ...rest }) => ({
    ...rest,
    perDay: perDay ?? null,
    tries: tries ?? 3,
    visitMs: visit,
    offerForMs: offerFor ?? null,
  }))

export type AssignRule = z.output<typeof assignRule>
export type Merit = keyof typeof merits
