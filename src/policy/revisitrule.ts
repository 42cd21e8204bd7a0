import { z } from 'zod'
import { oneOf } from './terms.ts'

const formHelp = 'must be a whole number: one completed order in so many gets the satisfaction form'
const daysHelp = 'must be a whole number of days from 1 to 180'
const usualTags = ['准时', '态度好', '收费清楚', '没修好', '乱收费', '迟到']

/** What customers may say on their own page (客户评价), and what it counts for. */
export const ratingRule = z.strictObject({
  /** The customer's own rating is the revisit: nobody has to call, unless he is unhappy. */
  settles: z.boolean({ error: 'must be true or false' }).default(false),
  /** Whose grade counts where the customer and the desk both gave one; `latest`: whoever spoke last. */
  prefer: oneOf({ customer: '客户', desk: '派工员', latest: '最后' }).default('customer'),
  /** How long after completion he may. */
  days: z.int({ error: daysHelp }).min(1, daysHelp).max(180, daysHelp).default(30),
  tags: z
    .array(z.string().trim().min(1).max(8, 'has no room on a phone: at most 8 characters'))
    .max(12, 'are more than a phone shows at once: at most 12')
    .default(usualTags)
    .check(({ value, issues }) => {
      for (const [index, tag] of value.entries())
        if (value.indexOf(tag) < index)
          issues.push({ code: 'custom', message: 'is there twice', input: tag, path: [index], continue: true })
    }),
})

export type RatingRule = z.output<typeof ratingRule>

/**
 * Calling customers back (回访, R1.11): of every `form` orders a team completes the first needs a grade (满意度表). Without
 * `form` it only says how customers rate, and calls nobody back.
 */
export const revisitRule = z
  .strictObject({
    form: z
      .int({ error: formHelp })
      .min(1, formHelp)
      .max(100, 'is more than 100: hardly any order would get the form')
      .optional(),
    rating: ratingRule.optional(),
  })
  .check(({ value, issues }) => {
    if (value.form !== undefined || value.rating) return
    const message = `${formHelp}; or there is \`rating\``
    issues.push({ code: 'custom', message, input: value, path: ['form'], continue: true })
  })
