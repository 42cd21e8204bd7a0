import { takes } from './takes.ts'
import { codeSign, matches, type Range } from './text.ts'
import { type Reading, table } from './verbtable.ts'

export type { Reading } from './verbtable.ts'

export interface Verb extends Range {
  reads: Reading
  words: string
  /** Yields to any plain verb beside it: 帮忙, 机器正常. */
  soft: boolean
}

/** CODE is where a code stood, GAP a space that may hold one. */
const compile = (source: string) =>
  new RegExp(source.replaceAll('GAP', `[\\s${codeSign}]*`).replaceAll('CODE', codeSign), 'g')

const patterns = table.map(([reads, source, soft]) => ({ reads, soft: soft === 'soft', pattern: compile(source) }))

/** Every verb of ours in the text, left to right. */
export function findVerbs(norm: string): Verb[] {
  const all = patterns.flatMap(({ reads, soft, pattern }) =>
    matches(norm, pattern).map(({ start, end, match }) => ({ reads, soft, start, end, words: match[0] })),
  )
  all.sort((a, b) => a.start - b.start || b.end - a.end)
  const kept: Verb[] = []
  for (const verb of all) if (verb.start >= (kept.at(-1)?.end ?? 0)) kept.push(verb)
  return kept
}

/** Commands which, when a sentence opens with them, take what follows as their reason. */
const heads: Partial<Record<Reading, { words: RegExp; never: readonly Reading[] }>> = {
  decline: { words: /^(?:拒|退)/, never: ['accept', 'complete'] },
  cancel: { words: /^取消/, never: ['accept'] },
  suspend: { words: /^(?:挂|暂停)/, never: ['complete', 'resume'] },
  askHelp: { words: /^求/, never: ['complete'] },
  revisit: { words: /回访/, never: ['close', 'complain'] },
  complain: { words: /投诉/, never: ['close', 'revisit'] },
  // 换机完工, 退货 接单: what was done counts. Everything else that follows 退换 is about the unit.
  returns: { words: /^/, never: ['accept', 'arrive', 'complete', 'assign', 'close'] },
}

/** 退货 beside another word of ours is mostly its reason; beside 等配件 it may be a fact of either. */
const yields = (one: Reading, other: Reading): boolean => one === 'returns' && other !== 'suspend' && other !== 'stuck'

/** The readings that no other reading in the sentence takes in. `opens`: nothing of note stands before the first verb. */
export function strongest(verbs: readonly Verb[], opens: boolean): Reading[] {
  const [first] = verbs
  const head = first && opens ? heads[first.reads] : undefined
  if (first && head?.words.test(first.words) && !verbs.some(({ reads }) => head.never.includes(reads)))
    return [first.reads]
  const plain = verbs.some(({ soft }) => !soft) ? verbs.filter(({ soft }) => !soft) : verbs
  const reads = [...new Set(plain.map(verb => verb.reads))]
  return reads.filter(
    one =>
      !reads.some(
        other => other !== one && (yields(one, other) || (takes[other]?.includes(one) && !takes[one]?.includes(other))),
      ),
  )
}
