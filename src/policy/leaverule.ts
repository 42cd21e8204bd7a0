import { z } from 'zod'
import { duration, listOf, oneOf, timeOfDay } from './terms.ts'
import { writeDuration } from './units.ts'

/** Leave (请假) of a rule book: domain.md R4, design.md §8. */

const dayMs = 86_400_000
const hourMs = 3_600_000

const moneyHelp = 'must be an amount in quotes like "100.00"'
const money = z.string({ error: moneyHelp }).regex(/^\d{1,7}\.\d\d$/, { error: moneyHelp })
const daysHelp = 'must be days in steps of a half, like 3 or 1.5'
const days = z.number({ error: daysHelp }).min(0.5, daysHelp).max(366, daysHelp).multipleOf(0.5, { error: daysHelp })
const people = z.int({ error: 'must be a number of people' }).min(1, 'must be 1 or more').max(500)

/** Over which time a limit counts; a lunar year ends the day before 正月初一. */
const periods = { month: '月', quarter: '季', year: '年', lunarYear: '农历年' } as const
export type LeavePeriod = keyof typeof periods
export const leavePeriodNames: Readonly<Record<LeavePeriod, string>> = periods

/** Whole days, written `1d`. */
const wholeDays = duration.check(({ value, issues }) => {
  if (value % dayMs !== 0)
    issues.push({
      ...{ code: 'custom', message: `must be whole days like 1d, not ${writeDuration(value)}` },
      ...{ input: value, path: [], continue: true },
    })
})

/** R4.4: what is deducted stays with the company, or goes to the colleagues on duty that day. */
const deductionTo = oneOf({ company: '公司', colleagues: '当天上班的同事' })

const leaveType = z
  .strictObject({
    name: z.string({ error: 'must be what people call it: 事假' }).trim().min(1).max(8),
    /** Words in a request that mean this type; its name always does. */
    words: listOf(z.string().trim().min(1).max(10)).default([]),
    /** The smallest part of a day that is given. */
    unit: oneOf({ day: '天', halfDay: '半天', hour: '小时' }).default('halfDay'),
    /** Asked so many days ahead (R4.1: the day before); `0d`: on the day itself. */
    notice: wholeDays.optional(),
    /**
     * What is asked on the day itself without having come to work, where notice is wanted: `absence` (R4.3) with its own
     * deduction, a thing for the `approver` to weigh, or `refused`.
     */
    late: z
      .union(
        [oneOf({ approver: '批准人定', refused: '不收' }), z.strictObject({ deduct: z.number().min(0).max(10) })],
        {
          error: 'must be 批准人定 (approver), 不收 (refused), or { deduct: 2 } where it is absence',
        },
      )
      .default('approver'),
    /** Days' base wages a day of it costs (R4.1: 1; paid leave: 0). */
    deduct: z.number({ error: 'must be a number of days’ base wages, like 1' }).min(0).max(10),
    /** Who gets what this type takes, where it is not as `deductionsTo` says (R4.5: farming days are not shared). */
    deductionTo: deductionTo.optional(),
    /** Whether it counts against full attendance (满勤, R4.5, R4.6). */
    fullAttendance: oneOf({ counts: '计入', free: '不计入' }).default('counts'),
    limits: listOf(z.strictObject({ per: oneOf(periods), days })).default([]),
    /** Most days on end, joined across requests. */
    onEnd: days.optional(),
    /** Most people of a team on it on one day (R4.5: not several at once). */
    atOnce: people.optional(),
    /** Agreed with colleagues before it is asked for (R4.5). */
    agreed: z.boolean().default(false),
    /** A paper to show: with the request, or handed in afterwards. */
    proof: oneOf({ none: '不用', after: '事后补', first: '先交' }).default('none'),
    /** The rule it comes from, for explanations: R4.1. */
    rule: z.string().max(60).optional(),
  })
  .transform(({ notice, onEnd, atOnce, rule, late, deductionTo: to, ...rest }) => ({
    ...rest,
    deductionTo: to ?? null,
    noticeDays: (notice ?? 0) / dayMs,
    late: typeof late === 'string' ? late : ('absence' as const),
    lateDeduct: typeof late === 'string' ? null : late.deduct,
    onEnd: onEnd ?? null,
    atOnce: atOnce ?? null,
    rule: rule ?? null,
  }))

export type LeaveType = z.output<typeof leaveType>

/** A step of approval: everybody with a role, or one person by name. */
const step = z
  .string({ error: 'must be a role (派工员, 经理) or a person’s name' })
  .trim()
  .min(1)
  .max(40)
  .transform((text, context) => {
    if (text === '经理' || text === 'manager') return { role: 'manager' as const }
    if (text === '派工员' || text === 'dispatcher') return { role: 'dispatcher' as const }
    if (text === '财务' || text === 'finance' || text === '技术员' || text === 'technician')
      context.addIssue({ code: 'custom', message: `must be 派工员, 经理 or a person’s name: ${text} decides nothing` })
    return { person: text }
  })
export type Step = z.output<typeof step>

const chain = z.strictObject({
  /** Only these types; longer than so many days. */
  types: listOf(z.string()).optional(),
  over: days.optional(),
  by: listOf(step).check(({ value, issues }) => {
    if (value.length === 0 || value.length > 5)
      issues.push({ code: 'custom', message: 'must name 1 to 5 steps', input: value, path: [] })
  }),
})

const amountOver = z.strictObject({ amount: money, over: days })

const leaveFile = z.strictObject({
  types: z.array(leaveType).min(1, 'is empty: nobody could ask for anything'),
  /** What a day is divided by where leave is counted in hours. */
  hoursPerDay: z.int().min(1).max(24).default(8),
  /** Where a day parts into halves. */
  noon: timeOfDay.default(720),
  /** Days of rest in between: left out (workdays), or counted as well. */
  counts: oneOf({ workdays: '工作日', days: '自然日' }).default('workdays'),
  /** Who decides, step by step; the first entry that fits. */
  approve: listOf(chain).default([{ by: [{ role: 'manager' }] }]),
  /** Who decides about those who decide: a manager asks his own approver. */
  approverOfApprovers: listOf(step).default([]),
  /** Who stands in where everybody of a step is away; else the next step decides. */
  deputies: listOf(step).default([]),
  /** Working time after which whoever has to decide is reminded. */
  remind: listOf(duration).default([2 * hourMs, 8 * hourMs]),
  /** An undecided request lapses after so many workdays, and in any case when its leave is over. */
  lapse: wholeDays.default(3 * dayMs),
  /** Most technicians of a team away on one day, whatever the type. */
  atOnce: people.optional(),
  /** R4.7: asking while on a job is the approver's to allow, or refused. */
  onJob: oneOf({ approver: '批准人定', refused: '不收' }).default('approver'),
  /** Taking back granted leave before it begins, and coming back early: at once, or only when approved. */
  cancel: oneOf({ free: '直接', approve: '要批' }).default('free'),
  comeBack: oneOf({ free: '直接', approve: '要批' }).default('free'),
  /** Who decides: here on a card, or the platform's own approval (企业微信审批, 钉钉审批). */
  decide: oneOf({ here: '卡片', platform: '平台审批' }).default('here'),
  /** Leave that was decided here is written into the platform's attendance, where that takes it (钉钉考勤). */
  record: oneOf({ no: '不写', platform: '写入平台考勤' }).default('no'),
  /** R4.4: who gets what is deducted. */
  deductionsTo: deductionTo.default('company'),
  /** R4.6 满勤: lost by more than `over` days of leave that counts. */
  fullAttendance: z
    .strictObject({
      month: amountOver.optional(),
      /** Paid at the year's end to those still there. */
      year: amountOver.extend({ by: oneOf({ year: '年', lunarYear: '农历年' }).default('lunarYear') }).optional(),
      /**
       * For each of the second half's six months, to whoever does not get the year's and is there at its end, by then for
       * so many months on end; lost by more than `over` days in that half.
       */
      secondHalf: amountOver.extend({ months: z.int().min(1).max(60) }).optional(),
    })
    .default({}),
})

export const leaveRule = leaveFile
  .check(context => {
    const { types, approve, fullAttendance } = context.value
    const say = (path: PropertyKey[], message: string) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path })
    const names = types.map(({ name }) => name)
    for (const [index, { name, late, noticeDays, words }] of types.entries()) {
      if (names.indexOf(name) < index) say(['types', index, 'name'], `names ${name} twice`)
      if (late !== 'approver' && noticeDays === 0)
        say(['types', index, 'late'], 'is never used: it needs `notice: 1d` or more')
      for (const word of words) {
        const other = types.findIndex((one, at) => at < index && (one.name === word || one.words.includes(word)))
        if (other >= 0) say(['types', index, 'words'], `${word} already means ${names[other]}`)
      }
    }
    for (const [index, { deduct, late, deductionTo: to }] of types.entries())
      if (to !== null && deduct === 0 && late !== 'absence')
        say(['types', index, 'deductionTo'], 'is never used: nothing is deducted')
    if (fullAttendance.secondHalf && !fullAttendance.year)
      say(['fullAttendance', 'secondHalf'], 'needs `year`: it is for those who do not get that')
    for (const [index, { types: only = [], over }] of approve.entries()) {
      for (const name of only)
        if (!names.includes(name)) say(['approve', index, 'types'], `there is no type named ${name}`)
      const first = approve.findIndex(
        (one, at) =>
          at < index &&
          (one.over ?? 0) <= (over ?? 0) &&
          (!one.types || (only.length > 0 && only.every(name => one.types?.includes(name)))),
      )
      if (first >= 0) say(['approve', index], `is never reached: approve[${first}] takes all its requests first`)
    }
    const last = approve.at(-1)
    if (!last || last.types || last.over !== undefined)
      say(['approve'], 'leaves requests that nobody decides: end with an entry without `types` and `over`')
  })
  .transform(({ remind, lapse, atOnce, fullAttendance, ...rest }) => ({
    ...rest,
    remindMs: remind,
    lapseDays: lapse / dayMs,
    atOnce: atOnce ?? null,
    fullAttendance: {
      month: fullAttendance.month ?? null,
      year: fullAttendance.year ?? null,
      secondHalf: fullAttendance.secondHalf ?? null,
    },
  }))

export type LeaveRule = z.output<typeof leaveRule>

export const leaveTypeOf = (rule: LeaveRule, name: string): LeaveType | undefined =>
  rule.types.find(type => type.name === name)
