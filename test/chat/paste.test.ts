import { describe, expect, it } from 'vitest'
import { readPaste } from '../../src/chat/paste.ts'
import { pasted } from './paste.cases.ts'
import { draftWords, names, wednesday, zone } from './told.ts'

describe('pasted orders', () => {
  it.each(pasted.map(([text, draft]) => ({ text, draft })))('$text', ({ text, draft }) => {
    const read = draftWords(readPaste(text, { now: new Date(wednesday), zone, names }))
    expect(read, read).toBe(draft)
  })
})
