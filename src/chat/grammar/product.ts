import type { JobDraft } from '../intent.ts'
import { findLabelled, wordsOf } from './labels.ts'
import { brands, faults } from './lexicon.ts'
import { normalise } from './text.ts'

const longestFirst = [...brands].sort((a, b) => b.length - a.length).map(name => name.toLowerCase())
const latin = longestFirst.filter(name => /^[a-z]/.test(name)).map(name => name.replaceAll('.', '\\.'))
const chinese = longestFirst.filter(name => !/^[a-z]/.test(name))
// LG is a brand only as a word of its own; 格力KFR-35GW needs no space.
const brandWords = new RegExp(`(?<![a-z])(?:${latin.join('|')})(?![a-z])|${chinese.join('|')}`)
const modelWords = /(?<![\w-])(?=[a-z\d/()-]*\d)(?=[a-z\d/()-]*[a-z])[a-z]{1,6}[a-z\d]*-?\d[a-z\d/()-]{2,30}/

/** Brand and model from the labelled product or the fault, never from the address (美的城). */
export function readProduct(draft: JobDraft, text: string, norm: string): void {
  const product = findLabelled(norm).find(({ field }) => field === 'product')
  const words = product ? `${wordsOf(text, product) ?? ''} ${draft.fault ?? ''}` : (draft.fault ?? '')
  const low = normalise(words)
  const brand = low.match(brandWords)
  if (brand?.index !== undefined) draft.brand ??= words.slice(brand.index, brand.index + brand[0].length)
  const model = low.match(modelWords)
  if (model?.index !== undefined && model[0].length >= 4)
    draft.model ??= words.slice(model.index, model.index + model[0].length)
  if (product && !draft.fault) {
    const value = wordsOf(text, product)
    if (value) draft.fault = value
  }
}

const kinds: readonly (readonly [RegExp, NonNullable<JobDraft['kind']>])[] = [
  [/投诉/, 'complaint'],
  [/回访/, 'revisit'],
  [/安装(?!师傅|的|后|过|不)|装机|移机|拆装|新装|装(?:一|两|\d)?台?(?:空调|热水器|油烟机|净水|电视)/, 'install'],
  [new RegExp(`维修|报修|检修|修|${faults}`), 'repair'],
]

/** What is to be done, told by the labelled kind, then the fault, then anything but the address. */
export function readKind(draft: JobDraft, text: string, norm: string): void {
  const labelledKind = findLabelled(norm).find(({ field }) => field === 'kind')
  const words = normalise(`${labelledKind ? (wordsOf(text, labelledKind) ?? '') : ''} ${draft.fault ?? ''}`)
  const outside = draft.address ? norm.replace(normalise(draft.address), ' ') : norm
  const kind =
    kinds.find(([pattern]) => pattern.test(words)) ?? kinds.find(([pattern]) => pattern.test(outside.slice(0, 400)))
  if (kind) draft.kind = kind[1]
}
