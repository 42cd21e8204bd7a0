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

/** What the customer said on his own page. */
export interface Rating {
  /** `seq` of its fact. */
  seq: number
  /** ISO time. */
  at: string
  grade: Grade
  tags: readonly string[]
  words?: string
  visitor?: string
  /** It was the revisit, by the policy of then. */
  settles: boolean
  /** He changed it once already. */
  changed: boolean
  /** The desk reached him after it; and noted another grade then. */
  called: boolean
  gradedAfter: boolean
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
  rating?: Rating
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
      if (result.rating) Object.assign(result.rating, { called: true, ...(fact.grade && { gradedAfter: true }) })
      return
    }
    case 'rated': {
      const { seq, at, grade, tags, words, visitor, settles = false, changed = false } = fact
      result.rating = {
        ...{ seq, at, grade, tags, settles, changed, called: false, gradedAfter: false },
        ...(words !== undefined && { words }),
        ...(visitor !== undefined && { visitor }),
      }
      return
    }
    case 'complained':
      result.complaint = fact.code
      return
    default:
  }
}

/** 不满意 or worse: the desk and the manager have to know (R1.14). */
export const isBad = (grade: Grade | undefined): boolean => (grade ?? 5) <= 2

/** The grade that was given last, by the customer himself or to the desk that called him. */
export function latestGrade(result: RevisitResult | null | undefined): Grade | undefined {
  const { rating, done } = result ?? {}
  return rating && !rating.gradedAfter ? rating.grade : done?.grade
}

/** As things stand the customer is not content. */
export const isUnhappy = (result: RevisitResult | null | undefined): boolean => isBad(latestGrade(result))

/** He said on his page that he is not content, and nobody reached him since. */
export const waitsForCall = (result: RevisitResult | null | undefined): boolean =>
  isBad(result?.rating?.grade) && result?.rating?.called === false

/** Somebody still has to call: nobody did, or the customer is unhappy by his own word. */
export function owesCall(result: RevisitResult | null): boolean {
  if (!result) return false
  return waitsForCall(result) || (result.done === null && !result.rating?.settles)
}
