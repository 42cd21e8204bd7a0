import type { RateCommand, World } from '../orders/command.ts'
import type { FactBody } from '../orders/fact.ts'
import type { OrderView } from '../orders/order.ts'
import { refuse } from '../orders/refusals.ts'
import { isBad, type Rating } from '../orders/revisitresult.ts'

/** So long he may think better of it, once. */
export const changeWithinMs = 24 * 3_600_000

/**
 * Whose customer may rate: work that is done, an empty run (空单) included, since somebody came and may have been kind or
 * late, and a complaint, of which it matters most how it ended. An order that is itself a call back is not rated again.
 */
export function mayBeRated({ state, fields, revisit }: Pick<OrderView, 'state' | 'fields' | 'revisit'>): boolean {
  return revisit !== null && (state === 'completed' || state === 'closed') && fields.kind !== 'revisit'
}

/** Whether this phone may change what it gave. Nobody else may: the link is also the technician's. */
export function mayChange({ at, visitor, changed }: Rating, asking: string | undefined, now: Date): boolean {
  const own = visitor !== undefined && visitor === asking
  return own && !changed && now.getTime() - Date.parse(at) <= changeWithinMs
}

/** The customer rates, or thinks better of it. The same said twice is once. */
export function rate(order: OrderView, said: RateCommand, { code, now }: World): FactBody[] {
  if (!mayBeRated(order)) throw refuse('step', `${code} 现在不能评价。`)
  const { grade, tags, visitor, settles } = said
  const old = order.revisit?.rating
  const fact: FactBody = {
    ...{ fact: 'rated', grade, tags: [...tags] },
    ...(visitor !== undefined && { visitor }),
    ...(settles && !isBad(grade) && { settles }),
  }
  if (!old) return [fact]
  if (visitor !== undefined && old.visitor === visitor && isSame(old, said)) return []
  if (!mayChange(old, visitor, now)) throw refuse('rated', `${code} 已经评价过了。`)
  return [
    { fact: 'undone', undoes: old.seq },
    { ...fact, changed: true },
  ]
}

function isSame(old: Rating, { grade, tags, words }: RateCommand): boolean {
  const same = old.tags.length === tags.length && tags.every(tag => old.tags.includes(tag))
  return old.grade === grade && same && old.words === words
}
