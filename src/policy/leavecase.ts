import { z } from 'zod'

const dayHelp = 'must be a day like "2026-11-25"'
const day = z.iso.date({ error: dayHelp })
const moneyHelp = 'must be an amount in quotes like "20.00"'
const money = z.string({ error: moneyHelp }).regex(/^\d{1,8}\.\d\d$/, { error: moneyHelp })

/**
 * An example of `leave`: who asks for what and when, what it counts to, and what the month's end makes of it.
 * `npm run policy -- check` and the tests run it.
 */
export const leaveCase = z.strictObject({
  name: z.string({ error: 'must say what the case shows' }).min(1),
  /** The technicians beside the one it is about (本人), who is on duty with him on a day unless on leave. */
  colleagues: z.array(z.string().min(1).max(20)).default(['李四', '王五']),
  /** His own weekdays of rest, 1 (Monday) to 7. */
  rests: z.array(z.int().min(1).max(7)).default([]),
  /** His first day, and his last. */
  joined: day.default('2020-01-01'),
  left: day.optional(),
  /** His base wage of a day. */
  wage: money.default('50.00'),
  /**
   * When, whose where it is not his own, and what: `2026-11-24 09:00 请假 事假 2026-11-25`,
   * `2026-11-24 09:00 李四 请假 事假 2026-11-25 下午 到 2026-11-27`, `2026-11-25 09:00 到岗后请假 事假 2026-11-25 09:00-11:00`;
   * 做单中请假, 代请 (a colleague asks for him), 申请 (waits for a decision), 续假, and 销假 or 撤销 for his last one. Of a whole
   * day: `2026-11-25 旷工`.
   */
  facts: z.array(z.string()).min(1, 'names nothing that happens'),
  /** What each fact with a time comes to: 3 天, 1 天 旷工, 不收 超过限额. */
  counts: z.array(z.string()).optional(),
  /** Days of the last request that cost nothing, and why. */
  free: z.array(z.tuple([day, z.string()], { error: 'must be a day and why: ["2026-10-01", 国庆放假]' })).optional(),
  /** What the month's end makes of it for him; what is not named is not looked at. */
  month: z
    .strictObject({
      of: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'must be a month like "2026-11"' }),
      /** Deducted in all, what of it the company keeps, and what each colleague gets. */
      deduct: money.optional(),
      company: money.optional(),
      shares: z.record(z.string(), money).optional(),
      /** Full attendance of the month, of the year, and of its second half; none is paid where it says none. */
      full: z.union([money, z.literal('none')]).optional(),
      year: z.union([money, z.literal('none')]).optional(),
      half: z.union([money, z.literal('none')]).optional(),
    })
    .optional(),
})

export type LeaveExample = z.output<typeof leaveCase>
