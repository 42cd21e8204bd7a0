import { z } from 'zod'
import { type Formula, FormulaFault, isFunction, readFormula } from './formulatree.ts'
import { constantOf, isTooLarge } from './formulavalue.ts'

export { type Formula, Num, readFormula } from './formulatree.ts'
export { constantOf, DividedByZero, holds, isTooLarge, numberOf } from './formulavalue.ts'

const formulaHelp = 'must be a formula like 毛利 × 20%, or a number'

/** Read to a `Formula`; a number is one too. */
export const formula = z.union([z.string(), z.number()], { error: formulaHelp }).transform((given, context) => {
  try {
    return readFormula(String(given))
  } catch (error) {
    if (!(error instanceof FormulaFault)) throw error
    context.addIssue({ code: 'custom', message: error.message })
    return z.NEVER
  }
})
export const numberFormula = formula.refine(({ gives }) => gives === 'number', {
  error: 'must give a number, not a yes or no',
})
export const condition = formula.refine(({ gives }) => gives === 'yesno', {
  error: 'must be a condition like 积分 >= 60, not a number',
})

/** What rows are compared with while the policy is read: nothing looks at one that is refused. */
export const fixedNumber = numberFormula
  .refine(({ names }) => names.length === 0, { error: 'must be a number: a name may change under it', abort: true })
  .refine(isReckonable, { error: 'divides by 0, or is too large', abort: true })

function isReckonable(given: Formula): boolean {
  try {
    return !isTooLarge(constantOf(given))
  } catch {
    return false
  }
}

const nameHelp = 'must be a name of 1 to 16 letters or characters and digits, beginning with no digit, like 毛利'
/** A name that formulas use. */
export const valueName = z
  .string({ error: nameHelp })
  .regex(/^[\p{L}_][\p{L}\p{N}_]{0,15}$/u, { error: nameHelp })
  .refine(name => !isFunction(name), { error: 'is the name of a function' })
  .refine(name => !['this', 'true', 'false', 'null'].includes(name) && !(name in {}), {
    error: 'has a meaning of its own in formulas',
  })
