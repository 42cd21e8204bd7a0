import type { CompletionRule } from '../policy/evidencerule.ts'
import { type Fact, type OrderFields, standing } from './fact.ts'

/** What the policy still wants to see before the work may be reported done (R1.4). */
export interface Missing {
  /** Photos that have to come yet. */
  photos: number
  /** What they have to show. */
  of: string[]
  /** The customer has not signed yet. */
  signature: boolean
}

/** The rule that holds for an order; the first that fits. */
export function completionRule(rules: readonly CompletionRule[], fields: OrderFields): CompletionRule | null {
  return rules.find(({ when }) => !when || fits(when, fields)) ?? null
}

function fits(when: NonNullable<CompletionRule['when']>, { kind, warranty, category }: OrderFields): boolean {
  if (when.kind && !when.kind.includes(kind)) return false
  if (when.warranty && when.warranty !== warranty) return false
  return !when.category || (category !== undefined && when.category.includes(category))
}

/**
 * What is missing; null when nothing is. A photo from the chat says nothing of what it shows: it is taken for one of
 * those that are wanted.
 */
export function missingFor(
  rules: readonly CompletionRule[],
  fields: OrderFields,
  facts: readonly Fact[],
): Missing | null {
  const rule = completionRule(rules, fields)
  if (!rule) return null
  const live = standing(facts)
  const signature = rule.signature === true && !live.some(({ fact }) => fact === 'signed')
  const { min, of: wanted } = rule.photos ?? { min: 0, of: [] }
  const shown = live.flatMap(fact => (fact.fact === 'photo' ? [fact.of ?? null] : []))
  const unnamed = shown.filter(of => of === null || !wanted.includes(of)).length
  const lacking = wanted.filter(of => !shown.includes(of))
  const of = lacking.length > unnamed ? lacking : []
  const photos = Math.max(min - shown.length, lacking.length - unnamed, 0)
  return photos === 0 && !signature ? null : { photos, of, signature }
}

/** `2 张照片（铭牌、条码）、客户签字` */
export const sayMissing = (missing: Missing): string =>
  [sayPhotos(missing), missing.signature && '客户签字'].filter(Boolean).join('、')

/** `2 张照片（铭牌、条码）`; null when none is missing. */
export function sayPhotos({ photos, of }: Missing): string | null {
  return photos === 0 ? null : `${photos} 张照片${of.length > 0 ? `（${of.join('、')}）` : ''}`
}
