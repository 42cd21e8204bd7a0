import { z } from 'zod'
import { points } from './creditrule.ts'
import { clockKind, duration, listOf, oneOf, orderKind } from './terms.ts'

/** Incidents (奖惩) of a rule book: its catalogue, and what a repeat makes of it (domain.md R9–R12, R3.4, R16). */

const moneyHelp = 'must be an amount above zero in quotes like "30.00"'
/** Read to fen. */
const money = z.string({ error: moneyHelp }).transform((text, context) => {
  const fen = /^\d{1,7}\.\d\d$/.test(text) ? Number(text.replace('.', '')) : 0
  if (fen === 0) context.addIssue({ code: 'custom', message: `${moneyHelp}, not "${text}"` })
  return fen
})

const days = z
  .string({ error: 'must be days like 3d' })
  .regex(/^[1-9]\d{0,2}d$/, { error: 'must be days like 3d' })
  .transform(text => Number(text.slice(0, -1)))

/** What one time costs or brings. `points` below zero are taken. */
const effect = {
  fine: money.optional(),
  reward: money.optional(),
  points: points.optional(),
  /** The month's appraisal (考评资格) is lost. */
  losesAppraisal: z.boolean().optional(),
  /** Dismissal is proposed to the manager; nobody is ever dismissed by the service. */
  proposesDismissal: z.boolean().optional(),
  /** Days off work without pay (R9.7); the manager is told, leave is not entered by itself. */
  daysOff: z.int().min(1).max(31).optional(),
  /** What goes on record without money of its own (R6.3, R12): 记功, 记过, 记大过. Counts find it by its item. */
  record: z.string().trim().min(1).max(8).optional(),
}

const within = oneOf({ month: '月', year: '年', ever: '一直' })

const repeat = z.strictObject({
  /** From the n-th time on it is this instead. */
  time: z.int().min(2).max(50),
  within: within.default('month'),
  ...effect,
})

const source = z.union(
  [
    z.strictObject({
      /** Proposed when this clock is missed by more than `over`; the longest that fits is the one proposed (R3.4, R9.3). */
      clock: clockKind,
      over: duration.default(0),
      /** The clock's limit is counted from its start: over 24 h, whatever it was due at (R9.3). */
      counted: oneOf({ due: '到期', start: '起点' }).default('due'),
      /** Only of these orders; of all when missing. */
      kind: listOf(orderKind).optional(),
    }),
    z
      .strictObject({
        order: oneOf({ complaint: '投诉', rework: '返修', leak: '漏氟', unhappy: '不满意' }),
        /** The job it came from was at most so many days before; the shortest that fits is the one proposed (R9.6). */
        within: days.optional(),
      })
      .refine(({ order, within }) => within === undefined || order === 'leak' || order === 'rework', {
        path: ['within'],
        error: 'is for rework and leak, which come from an earlier job',
      }),
    z.strictObject({ attendance: oneOf({ late: '迟到', early: '早退', offPost: '脱岗', absent: '旷工' }) }),
  ],
  { error: 'must be { clock: complete, over: 24h }, { order: complaint } or { attendance: late }' },
)
export type IncidentSource = z.output<typeof source>

const incidentItem = z
  .strictObject({
    name: z.string({ error: 'must be what it is called: 未穿鞋套' }).trim().min(2).max(20),
    /** Other words for it in a sentence. */
    words: listOf(z.string().trim().min(2).max(20)).default([]),
    /** Heading in lists: 上门规范. */
    group: z.string().trim().min(1).max(12).optional(),
    /** Only for these posts. */
    for: listOf(z.string().min(1)).optional(),
    ...effect,
    /** Whoever enters it says how much, between these (R11: 4 to 10 points; R9.1: 500 or more). */
    between: z
      .strictObject({
        fine: z.tuple([money, money.nullable()]).optional(),
        reward: z.tuple([money, money.nullable()]).optional(),
        points: z.tuple([points, points]).optional(),
      })
      .optional(),
    /** So many times a sum that is said with it: 5 × the repair fee (R9.2), 1 × the loss. */
    times: z.strictObject({ of: z.string().min(1).max(8), by: z.number().min(0.01).max(100) }).optional(),
    /** Besides the fine: compensation (赔偿) of what is said with it. */
    compensates: z.boolean().default(false),
    repeat: listOf(repeat).default([]),
    /** It takes the place of this one of the same order: past 48 h the 80 replaces the 30. */
    replaces: listOf(z.string().min(1)).default([]),
    from: source.optional(),
    rule: z.string().max(60).optional(),
  })
  .check(context => {
    const { value } = context
    const say = (path: PropertyKey[], message: string) =>
      context.issues.push({ code: 'custom', message, continue: true, input: value, path })
    const costs = (one: Record<string, unknown>) =>
      Object.keys(effect).some(key => one[key] !== undefined && one[key] !== false)
    // The first time may be let pass, and only a repeat cost something (R9.3: two visits not made).
    if (!costs(value) && !value.between && !value.times && !value.compensates && value.repeat.length === 0)
      say(
        [],
        'costs and brings nothing: give fine, reward, points, losesAppraisal, proposesDismissal, record, between or times',
      )
    if (value.fine !== undefined && value.reward !== undefined) say(['reward'], 'is a fine and a reward')
    for (const [index, one] of value.repeat.entries()) {
      if (!costs(one)) say(['repeat', index], 'changes nothing')
      const before = value.repeat[index - 1]
      if (before && before.time >= one.time) say(['repeat', index, 'time'], `does not come after ${before.time}`)
    }
    for (const key of ['fine', 'reward', 'points'] as const) {
      const range = value.between?.[key]
      if (!range) continue
      if (range[1] !== null && Math.abs(range[0]) > Math.abs(range[1])) say(['between', key], 'begins above its end')
      if (value[key] !== undefined) say(['between', key], `stands beside a fixed ${key}: leave one out`)
    }
  })
export type IncidentItem = z.output<typeof incidentItem>

export const incidentsRule = z
  .strictObject({
    /** How long somebody may appeal after he was told (R16). */
    appealWithin: days.default(7),
    /** How long the manager has to answer. */
    answerWithin: days.default(3),
    items: z.array(incidentItem).min(1, 'is empty'),
  })
  .check(context => {
    const { items } = context.value
    const say = (path: PropertyKey[], message: string) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path })
    const known = new Map<string, number>()
    for (const [index, item] of items.entries()) {
      for (const word of [item.name, ...item.words]) {
        const other = known.get(word)
        const clash = other !== undefined && sharesPost(items[other], item)
        if (clash) say(['items', index, 'name'], `${word} already means ${items[other ?? 0]?.name}`)
        known.set(word, index)
      }
      for (const name of item.replaces)
        if (!items.some(one => one.name === name))
          say(['items', index, 'replaces'], `names ${name}, which is not there`)
    }
  })
export type IncidentsRule = z.output<typeof incidentsRule>

const sharesPost = (one: IncidentItem | undefined, other: IncidentItem): boolean =>
  !one?.for || !other.for || one.for.some(post => other.for?.includes(post))

/** The item a word means for somebody's post; his own post's comes before one for everybody. */
export function itemFor(rule: IncidentsRule, word: string, post: string | null): IncidentItem | null {
  const fits = rule.items.filter(item => item.name === word || item.words.includes(word))
  const own = fits.find(item => post !== null && item.for?.includes(post))
  return own ?? fits.find(item => !item.for) ?? null
}
