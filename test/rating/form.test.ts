import fc from 'fast-check'
import { expect, it } from 'vitest'
import { charactersIn, readForm, tidy } from '../../src/rating/form.ts'
import { RateLimit } from '../../src/rating/limit.ts'
import { customerName, streetOf } from '../../src/rating/masks.ts'
import { ratingBody } from '../../src/rating/page.ts'
import { inChat } from '../../src/rating/say.ts'

const tags = ['准时', '没修好']
const sent = (fields: Record<string, string>) => new URLSearchParams(fields).toString()

it('reads what a form may send, and nothing else', () => {
  expect(readForm('grade=5&tag=没修好&tag=准时&tag=准时&tag=x&words=+a%0Ab+', tags)).toEqual({
    ...{ grade: 5, tags: ['准时', '没修好'], words: 'a b' },
  })
  expect(readForm('grade=3', tags)).toEqual({ grade: 3, tags: [] })
  for (const grade of ['', '0', '6', '3.0', ' 3', '33', 'null'])
    expect(readForm(sent({ grade, words: '好' }), tags)).toEqual({ tags: [], words: '好', wrong: 'grade' })
  expect(readForm(sent({ grade: '4', words: '好'.repeat(301) }), tags)).toMatchObject({ grade: 4, wrong: 'words' })
  // A few signs that look like one, thousands of marks deep.
  expect(readForm(sent({ grade: '4', words: `e${'\u0301'.repeat(2000)}` }), tags)).toMatchObject({ wrong: 'words' })
})

it('counts characters as people do', () => {
  expect([charactersIn('满意👍🏽'), charactersIn('👨‍👩‍👧'), charactersIn('é')]).toEqual([3, 1, 1])
})

it('leaves out what nobody sees, and what turns round or breaks what is seen', () => {
  expect(tidy(' a\u202eb\u2066c\ufeff\u200bd\u2028e\tf\u0000g\u{e0041} ')).toBe('abcd e f g')
  expect(tidy('见 https://example.com/x 和 javascript://y')).toBe('见 https：//example.com/x 和 javascript：//y')
})

it('never throws, whatever is sent, and keeps words to a line that turns nothing round', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'binary' }), (body, words) => {
      readForm(body, tags)
      const kept = tidy(words)
      expect(kept).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u)
      expect(kept).not.toMatch(/[a-z]:\/\//i)
      expect(tidy(kept)).toBe(kept)
    }),
  )
})

it('makes markup of no chat and no page of what was written', () => {
  const nasty = fc
    .array(fc.constantFrom(...'<>"\'`&[](){}*_#|$=/ab号单 \n'), { maxLength: 60 })
    .map(all => `字${all.join('')}`)
  fc.assert(
    fc.property(nasty, words => {
      expect(inChat(words)).not.toMatch(/<|\]\s*\(|\$\w/)
      const page = ratingBody(
        {
          ...{ code: '1', team: words, customer: words, job: words, fault: words, result: words, street: words },
          ...{ people: [{ name: words, post: words }], doneOn: '', tags: [words], rated: null },
        },
        { tags: [words], words, wrong: 'words' },
      )
      const marks = page.match(/<\/?[a-z1]*/g) ?? []
      expect(new Set(marks)).toEqual(new Set(ratingBody(blank, keptBlank).match(/<\/?[a-z1]*/g)))
    }),
  )
})
const blank = {
  ...{ code: '1', team: 'x', customer: 'x', job: 'x', fault: 'x', result: 'x', street: 'x' },
  ...{ people: [{ name: 'x', post: 'x' }], doneOn: '', tags: ['x'], rated: null },
}
const keptBlank = { tags: ['x'], words: 'x', wrong: 'words' as const }

it('tells customers who came and which road it was, and no more', () => {
  expect(['张三', '欧阳建国', '王师傅', 'Tom', ''].map(customerName)).toEqual([
    ...['张师傅', '欧阳师傅', '王师傅', 'Tom', '师傅'],
  ])
  expect(
    ['花园路38号院5号楼1801', '金水区东风大道与黄河路口', '阳光小区3栋', '5路车站', '幸福胡同9号', ''].map(streetOf),
  ).toEqual(['花园路', '金水区东风大道', '', '', '幸福胡同', ''])
})

it('lets so many through within a minute, each for himself, and forgets who is gone', () => {
  const limit = new RateLimit(2, 60_000, 2)
  const at = (seconds: number) => new Date(seconds * 1000)
  expect([limit.takes('a', at(0)), limit.takes('a', at(1)), limit.takes('a', at(2))]).toEqual([true, true, false])
  expect(limit.takes('b', at(2))).toBe(true)
  expect(limit.takes('a', at(60))).toBe(true)
  expect(limit.takes('a', at(60))).toBe(false)
  // A third one: whoever was quiet longest is forgotten.
  limit.takes('c', at(60))
  expect(limit.takes('a', at(60))).toBe(false)
  expect([limit.takes('b', at(60)), limit.takes('b', at(60))]).toEqual([true, true])
  // The machine's clock was set back: nobody is locked out for it.
  expect(limit.takes('a', at(5))).toBe(true)
})
