import { normalise } from '../chat/grammar/text.ts'
import type { IncidentItem, IncidentsRule } from '../policy/incidentrule.ts'
import type { Told } from './consequence.ts'

/** Which item of the catalogue words mean, and for how much. Pure. */

export type Chosen =
  /** `note`: what was said besides. */
  | { is: IncidentItem; note: string }
  /** More than one could be meant. */
  | { among: IncidentItem[] }
  /** None is; these come nearest, the nearest first. */
  | { near: IncidentItem[] }
  /** It is there, but not for his post. */
  | { otherPost: IncidentItem }
  /** It takes where something is to be given, or the other way round. */
  | { otherWay: IncidentItem }

const mostNear = 8

/** Whether an item gives rather than takes. */
export function isReward({ reward, points, between }: IncidentItem): boolean {
  return reward !== undefined || (points ?? 0) > 0 || between?.reward !== undefined || (between?.points?.[0] ?? 0) > 0
}

/**
 * The item that is named in words: by its name or one of its other words, the longest first; his own post's before one
 * for everybody. Where none is named word for word nothing is guessed.
 */
export function chooseItem(
  rule: IncidentsRule,
  said: { rest: string; as: 'penalty' | 'reward'; post: string | null },
): Chosen {
  const { rest, as, post } = said
  const norm = normalise(rest)
  const own = forPost(rule.items, post)
  const found = outermost(occurrences(own, norm))
  const suits = (item: IncidentItem) => isReward(item) === (as === 'reward')
  const items = [...new Set(found.map(({ item }) => item))]
  const fitting = items.filter(suits)
  const [only, second] = fitting
  if (only && second) return { among: fitting }
  if (only)
    return {
      is: only,
      note: noteWithout(
        rest,
        found.find(({ item }) => item === only),
      ),
    }
  const [wrong] = items
  if (wrong) return { otherWay: wrong }
  const [elsewhere] = outermost(occurrences(worded(rule.items), norm))
  if (elsewhere) return { otherPost: elsewhere.item }
  return nearest(
    own.filter(({ item }) => suits(item)),
    norm,
  )
}

/** For a word that both a post's own item and a general one carry, the post's own is meant. */
function forPost(items: readonly IncidentItem[], post: string | null): Worded[] {
  const own = worded(items.filter(item => post !== null && item.for?.includes(post)))
  const taken = new Set(own.flatMap(({ words }) => words))
  const general = worded(items.filter(item => !item.for))
  return [...own, ...general.map(({ item, words }) => ({ item, words: words.filter(word => !taken.has(word)) }))]
}

interface Worded {
  item: IncidentItem
  words: string[]
}

const worded = (items: readonly IncidentItem[]): Worded[] =>
  items.map(item => ({ item, words: [item.name, ...item.words].map(word => normalise(word)) }))

interface Occurrence {
  item: IncidentItem
  start: number
  end: number
}

function occurrences(items: readonly Worded[], norm: string): Occurrence[] {
  return items.flatMap(({ item, words }) =>
    words.flatMap(word => {
      const start = norm.indexOf(word)
      return start < 0 ? [] : [{ item, start, end: start + word.length }]
    }),
  )
}

/** 未穿鞋套 says more than 鞋套 within it. */
const outermost = (all: readonly Occurrence[]): Occurrence[] =>
  all.filter(
    one =>
      !all.some(
        other =>
          other.item !== one.item &&
          other.start <= one.start &&
          other.end >= one.end &&
          other.end - other.start > one.end - one.start,
      ),
  )

function noteWithout(rest: string, found: Occurrence | undefined): string {
  if (!found) return rest
  const left = `${rest.slice(0, found.start)} ${rest.slice(found.end)}`
  return left.replace(/\s+/g, ' ').replace(/^[\s,，。:：;；、的了]+|[\s,，。;；、]+$/g, '')
}

function nearest(items: readonly Worded[], norm: string): Chosen {
  const wanted = pairs(norm)
  const scored = items
    .map(({ item, words }) => {
      const inside = norm.length >= 2 && words.some(word => word.includes(norm.trim()))
      const shared = Math.max(0, ...words.map(word => [...pairs(word)].filter(pair => wanted.has(pair)).length))
      return { item, inside, score: shared }
    })
    .sort((a, b) => b.score - a.score)
  const inside = scored.filter(one => one.inside).map(({ item }) => item)
  if (inside.length > 0 && inside.length <= mostAsked) return { among: inside }
  const near = scored.filter(({ score }) => score > 0)
  return { near: (near.length > 0 ? near : scored).slice(0, mostNear).map(({ item }) => item) }
}

/** A card has room for so many choices. */
const mostAsked = 5

function pairs(text: string): Set<string> {
  const chars = [...text.replace(/\s/g, '')]
  return new Set(chars.length < 2 ? chars : chars.slice(1).map((char, index) => `${chars[index]}${char}`))
}

/** What was said of sums: the one the item takes so many times, what is to be compensated, and how much it is. Fen. */
export function toldOf(
  item: IncidentItem,
  said: { as: 'penalty' | 'reward'; points?: number; sums: ReadonlyArray<{ label: string; fen: number }> },
): { told: Told; labels: string[] } {
  const { as, points, sums } = said
  const labels: string[] = []
  const take = (suits: (label: string) => boolean) => {
    const found = sums.find(({ label }) => suits(label))
    if (found) labels.push(found.label)
    return found
  }
  const base = item.times && take(label => label.endsWith(item.times?.of ?? ''))
  const loss = item.compensates ? take(label => /(?:赔偿?|损失|损坏)(?:费|款|金)?$/.test(label)) : undefined
  const fen = sums.find(sum => sum !== base && sum !== loss)
  return {
    told: {
      ...(points !== undefined && { points: as === 'penalty' ? -points : points }),
      ...(base && { base: base.fen }),
      ...(loss && { loss: loss.fen }),
      ...(fen && { fen: fen.fen }),
    },
    labels,
  }
}
