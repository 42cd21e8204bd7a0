import { z } from 'zod'
import { duration, timeOfDay } from './terms.ts'

const dayMs = 86_400_000

const wholeDays = duration.refine(ms => ms % dayMs === 0, { error: 'must be whole days like 3d' })

/** `month` of a policy file: when a month is drafted, how long it may be appealed, and when it is locked (design.md §9). */
export const monthRule = z
  .strictObject({
    /** Day of the next month on which the draft is made and the manager asked; R15.3: the report is due by the 5th. */
    draftOn: z.int().min(1).max(28).default(1),
    at: timeOfDay.default(540),
    /** How long lines may be appealed after they were published. */
    appeals: wholeDays.default(3 * dayMs),
    /** What the ranking goes by: the name of a scorecard, count, item or fact. Without it points, a scorecard, or orders. */
    rankBy: z.string().min(1).max(16).optional(),
    /** How many months back corrections are looked for. */
    corrections: z.int().min(0).max(12).default(3),
  })
  .transform(({ appeals, ...rest }) => ({ ...rest, appealDays: appeals / dayMs }))
export type MonthRule = z.output<typeof monthRule>
