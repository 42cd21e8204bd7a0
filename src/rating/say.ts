import type { Grade } from '../chat/intent.ts'
import { gradeNames } from '../orders/revisitresult.ts'

interface Said {
  grade: Grade
  tags: readonly string[]
  words?: string | undefined
}

/** `不满意（没修好、迟到）：还是不凉`. */
export function sayRating({ grade, tags, words }: Said): string {
  const why = tags.length > 0 ? `（${tags.join('、')}）` : ''
  return `${gradeNames[grade]}${why}${words ? `：${inChat(words)}` : ''}`
}

/**
 * The customer's words where colleagues read them: markup of no platform, whichever carries them. Each platform sees to its
 * own besides.
 */
export const inChat = (words: string): string =>
  words
    .replaceAll('<', '＜')
    .replace(/\](?=\s*\()/g, '］')
    .replace(/\$(?=\w)/g, '＄')

/** `没修好、迟到：还是不凉`, without the grade; empty when he said no more. */
export const sayReasons = ({ tags, words }: Pick<Said, 'tags' | 'words'>): string =>
  [tags.join('、'), inChat(words ?? '')].filter(Boolean).join('：')
