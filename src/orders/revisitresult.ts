import type { Grade } from '../chat/intent.ts'
import { type Fact, standing } from './fact.ts'

/** The five grades of satisfaction, the best first (R15.2). */
export const grades: readonly Grade[] = [5, 4, 3, 2, 1]

export const gradeNames: Readonly<Record<Grade, string>> = {
  5: '非常满意',
  4: '满意',
  3: '一般',
  2: '不满意',
  1: '很不满意',
}

/** What became of the call back of an order whose work is done (R1.11). */
export interface RevisitResult {
  /** Drawn for the satisfaction form: it needs a grade. */
  drawn: boolean
  /** Calls in vain. */
  tries: number
  /** When, by whom and with what result the customer was reached last; null while the call back is owed. */
  done: { at: string; by: string | null; grade?: Grade; note?: string } | null
  /** Code of the complaint order that was opened from it. */
  complaint?: string
}

/**
 * Null before completion, and again when it was taken back. A grade holds until another is given: a later call without
 * one does not take it away.
 */
export function revisitResult(facts: readonly Fact[]): RevisitResult | null {
  let result: RevisitResult | null = null
  for (const fact of standing(facts)) {
    if (fact.fact === 'completed' || fact.fact === 'emptyRun') result = { drawn: false, tries: 0, done: null }
    else if (result) add(result, fact)
  }
  return result
}

function add(result: RevisitResult, fact: Fact): void {
  switch (fact.fact) {
    case 'sampled':
      result.drawn = true
      return
    case 'revisitTried':
      result.tries += 1
      return
    case 'revisited': {
      if (fact.reached === false) return
      const { at, by } = fact
      const grade = fact.grade ?? result.done?.grade
      // Words noted first and graded after belong together; those of another grade do not.
      const note = fact.note ?? (result.done?.grade === undefined ? result.done?.note : undefined)
      result.done = { at, by, ...(grade && { grade }), ...(note !== undefined && { note }) }
      return
    }
    case 'complained':
      result.complaint = fact.code
      return
    default:
  }
}

/** 不满意 or worse: the manager has to know (R1.14). */
export const isUnhappy = (result: RevisitResult | null | undefined): boolean => (result?.done?.grade ?? 5) <= 2
