import { z } from 'zod'
import { duration } from './terms.ts'
import { writeDuration } from './units.ts'

const dayMs = 86_400_000

/** Whole days like `30d`, read to their number: an earlier job is so many dates of the calendar ago, whatever the hour. */
const days = duration.transform((ms, context) => {
  if (ms > 0 && ms % dayMs === 0) return ms / dayMs
  context.addIssue({ code: 'custom', message: `must be whole days like 30d, not ${writeDuration(ms)}` })
  return z.NEVER
})

/** 返修 (R1.10): the same fault reported again on the same unit, so soon after it was repaired. */
export const reworkRule = z
  .strictObject({
    within: days,
    /** False: whatever is reported on the unit in that time counts. */
    sameFault: z.boolean().default(true),
  })
  .transform(({ within, sameFault }) => ({ days: within, sameFault }))

/** A leak so soon after the install is the installer's (R9.5, R9.8): he has so many hours to see to it. */
export const leakRule = z
  .strictObject({
    within: days,
    /** What counts as a leak, in the category or in the customer's words. */
    words: z.array(z.string().min(1)).min(1, 'is empty: name what counts as a leak'),
    installerHours: duration.default(dayMs),
  })
  .transform(({ within, words, installerHours }) => ({ days: within, words, installerMs: installerHours }))
