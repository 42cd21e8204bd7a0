import { z } from 'zod'

const formHelp = 'must be a whole number: one completed order in so many gets the satisfaction form'

/** Calling customers back (回访, R1.11): of every `form` orders a team completes the first needs a grade (满意度表). */
export const revisitRule = z.strictObject({
  form: z.int({ error: formHelp }).min(1, formHelp).max(100, 'is more than 100: hardly any order would get the form'),
})
