import { z } from 'zod'
import { duration } from './terms.ts'
import { writeDuration } from './units.ts'

const dayMs = 86_400_000

/** What becomes of work that is suspended (R1.5). */
export const suspendRule = z
  .strictObject({
    /** Workdays until it is asked how it stands, where nobody said until when; `none`: only at times that were said. */
    followUp: z
      .union([z.literal('none'), duration], { error: 'must be workdays like 1d, or none' })
      .default(dayMs)
      .check(({ value, issues }) => {
        if (value === 'none' || (value > 0 && value % dayMs === 0)) return
        issues.push({
          ...{ code: 'custom', message: `must be whole workdays like 1d, not ${writeDuration(value)}` },
          ...{ input: value, path: [], continue: true },
        })
      }),
  })
  .transform(({ followUp }) => ({ followUpDays: followUp === 'none' ? null : followUp / dayMs }))
