import { z } from 'zod'
import type { Grade } from '../chat/intent.ts'

/** So many characters, as people count them, and so long at most in all: one character may hold any number of marks. */
export const mostCharacters = 300
const mostUnits = 1_500

export interface RatingForm {
  grade: Grade
  tags: string[]
  words?: string
}

/** What was filled in, as far as it can be shown again, and what is wrong with it. */
export interface Unfinished {
  grade?: Grade
  tags: string[]
  words: string
  wrong: 'grade' | 'words'
}

const grade = z.enum(['1', '2', '3', '4', '5']).transform(text => Number(text) as Grade)
const signs = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** As people count: 👨‍👩‍👧 is one. */
export const charactersIn = (text: string): number => [...signs.segment(text)].length

/** What the page sent. Tags that are not on it (any more) are left out. */
export function readForm(body: string, known: readonly string[]): RatingForm | Unfinished {
  const sent = new URLSearchParams(body)
  const given = grade.safeParse(sent.get('grade'))
  const said = new Set(sent.getAll('tag'))
  const tags = known.filter(tag => said.has(tag))
  const words = tidy(sent.get('words') ?? '')
  const whole = { ...(given.success && { grade: given.data }), tags }
  if (words.length > mostUnits || charactersIn(words) > mostCharacters)
    return { ...whole, words: words.slice(0, mostUnits * 2), wrong: 'words' }
  if (!given.success) return { tags, words, wrong: 'grade' }
  return { grade: given.data, tags, ...(words !== '' && { words }) }
}

/**
 * One line of what can be read: no control characters, and nothing that turns the direction of what stands around it.
 * Lines would let a customer write what looks like another message of the service's; an address is no link any more.
 */
export function tidy(words: string): string {
  return words
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, '')
    .replace(/(?<=[a-z])\s*:\s*(?=\/\/)/gi, '：')
    .replace(/\s+/g, ' ')
    .trim()
}
