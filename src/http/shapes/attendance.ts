import { z } from 'zod'
import { day, moment, month, named, personRef, teamRef, whole, yuan } from './common.ts'

/** The attendance table of a month as programs get it. Times off in working days. */

const days = z.number().describe('Working days')

const dayVerdict = named(
  'AttendanceDay',
  z.strictObject({
    day,
    state: z.enum([
      ...(['rest', 'leave', 'unknown', 'absent', 'tooLate', 'late', 'early', 'offPost', 'open', 'normal'] as const),
    ]),
    text: z.string(),
    why: z.string(),
    arrivedAt: moment.nullable(),
    leftAt: moment.nullable(),
    leave: days,
  }),
)

export const attendance = z.strictObject({
  team: teamRef,
  month,
  items: z.array(
    z.strictObject({
      person: personRef,
      days: z.array(dayVerdict),
      sums: z.strictObject({
        ...{ late: z.int(), early: z.int(), offPost: z.int() },
        lates: z
          .strictObject({ per: z.int().nullable(), days: z.int(), left: z.int() })
          .describe('So many lates are a day off duty; `left` those that are none'),
        ...{ offDuty: days, absent: days, leave: days, unknown: z.int(), fine: yuan, points: z.number() },
        wageDays: days.describe('Days whose base wage is not paid'),
        run: z.array(day).describe('The longest run of absent working days'),
      }),
      why: z.array(z.string()),
      proposals: z.array(
        z.strictObject({
          why: z.enum(['running', 'absences', 'offPost']),
          limit: z.int(),
          count: z.int(),
          days: z.array(day),
          text: z.string(),
        }),
      ),
    }),
  ),
  ...whole,
})

export const attendanceImported = z.strictObject({
  rows: z.int().describe('Rows without a fault'),
  stored: z.int(),
  known: z.int().describe('Check-ins that were there before'),
  problems: z.array(z.strictObject({ path: z.string(), message: z.string() })),
})
