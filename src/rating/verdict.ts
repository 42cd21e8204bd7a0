import type { Grade } from '../chat/intent.ts'
import type { RevisitResult } from '../orders/revisitresult.ts'
import type { RatingRule } from '../policy/revisitrule.ts'
import { sayReasons } from './say.ts'

/** The grade an order counts with, in satisfaction, points, pay and incidents. `at`: ISO time it was given or noted. */
export interface Verdict {
  by: 'customer' | 'desk'
  grade: Grade
  at: string
  note?: string
}

/**
 * Of the customer's own grade and the one the desk noted the policy's `prefer` counts, the other only where that one is
 * missing. Unless told it is the customer's: what the desk writes down is his word at second hand.
 */
export function verdictOf(result: RevisitResult | null | undefined, prefer: RatingRule['prefer']): Verdict | null {
  const { rating, done } = result ?? {}
  const own = rating && { by: 'customer' as const, grade: rating.grade, at: rating.at, ...noteOf(sayReasons(rating)) }
  const noted = done?.grade && { by: 'desk' as const, grade: done.grade, at: done.at, ...noteOf(done.note) }
  if (!own || !noted) return own ?? (noted || null)
  if (prefer === 'latest') return rating?.gradedAfter ? noted : own
  return prefer === 'desk' ? noted : own
}

const noteOf = (note: string | undefined) => (note ? { note } : {})
