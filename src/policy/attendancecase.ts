import { z } from 'zod'

const dayHelp = 'must be a day like "2026-11-25"'
const day = z.iso.date({ error: dayHelp })
const moneyHelp = 'must be an amount in quotes like "20.00"'
const money = z.string({ error: moneyHelp }).regex(/^\d{1,8}\.\d\d$/, { error: moneyHelp })
const count = z.number({ error: 'must be a number' }).min(0)

/** What a proposal of dismissal follows from. */
export const proposalGrounds = { running: '连续旷工', absences: '旷工次数', offPost: '离岗次数' } as const
export type ProposalGround = keyof typeof proposalGrounds

/**
 * An example of `attendance`: what was recorded of one person, what his days are called, and what a month adds up to.
 * `npm run policy -- check` and the tests run it.
 */
export const attendanceCase = z.strictObject({
  name: z.string({ error: 'must say what the case shows' }).min(1),
  /** His own days of rest: weekdays 1 to 7, and single days. */
  rests: z.array(z.int().min(1).max(7)).default([]),
  off: z.array(day).default([]),
  /**
   * `2026-11-25 09:00 上班`, `2026-11-25 18:00 下班`, `2026-11-25 08:40 出发`, `2026-11-25 14:00 离岗`, and of whole days
   * `2026-11-25 没来`, `2026-11-25 告假`, `2026-11-25 请假 [上午|下午|09:00-12:00]`, `2026-11-25 申请请假`,
   * `2026-11-25 补卡 上班|下班|全天 [08:55]`, `2026-11-25 无记录`.
   */
  facts: z.array(z.string()).min(1, 'names nothing that is recorded'),
  /** When it is looked at; after the last day named when missing. */
  at: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d \d{1,2}:\d\d(:\d\d)?$/, { error: 'must be a moment like 2026-11-25 09:00' })
    .optional(),
  /** Days and what they are: 正常, 迟到 1 分, 早退 10 分, 离岗, 缺勤, 旷工, 请假, 休息, 未知, 未结束; several with 、. */
  expect: z.array(z.tuple([day, z.string()], { error: 'must be a day and what it is: ["2026-11-25", 迟到 1 分]' })),
  /** What the month of the last day named adds up to; what is not named is not looked at. */
  month: z
    .strictObject({
      late: count,
      early: count,
      offPost: count,
      /** Days off duty (缺勤), lates counted in, and the lates that are left. */
      offDuty: count,
      left: count,
      /** Days absent (旷工), and days of leave. */
      absent: count,
      leave: count,
      fine: money,
      points: count,
      /** Deducted, in days of base wage. */
      wage: count,
      run: count,
      proposals: z.array(
        z.enum(Object.values(proposalGrounds), {
          error: `must be one of ${Object.values(proposalGrounds).join(', ')}`,
        }),
      ),
    })
    .partial()
    .optional(),
})

export type AttendanceExample = z.output<typeof attendanceCase>
