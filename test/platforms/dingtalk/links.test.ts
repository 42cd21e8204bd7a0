import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Deed, Links } from '../../../src/platforms/dingtalk/links.ts'
import { hour, start } from './help.ts'

const page = 'https://paigong.example/dingtalk/tap'
const links = new Links('client-secret', page)
const deed: Deed = {
  ...{ userId: 'zhang3', taskId: 'T1', payload: 'o:1:1:decline:太远' },
  ...{ text: '拒单：太远', title: '派工单 1024 · <空调>' },
}
const at = (ms: number) => new Date(start.getTime() + ms)
const tokenOf = (link: string) => new URL(link).searchParams.get('t') ?? ''
const token = tokenOf(links.write(deed, start))

describe('a link', () => {
  it('leads to the page and says what it does, for three days', () => {
    const link = links.write(deed, start)
    expect(link.startsWith(`${page}?t=`)).toBe(true)
    expect(link).toMatch(/^[\w:/.?=-]+$/)
    expect(links.read(token, start)).toEqual(deed)
    expect(links.read(token, at(72 * hour))).toEqual(deed)
    expect(links.read(token, at(72 * hour + 1))).toBeNull()
  })

  it('brings back whatever it was given', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 })
    const deeds = fc.record({ userId: fc.string({ minLength: 1 }), taskId: text, payload: text, text, title: text })
    fc.assert(
      fc.property(deeds, given => {
        expect(links.read(tokenOf(links.write(given, start)), start)).toEqual(given)
      }),
    )
  })

  it('shows neither the secret nor words that could be read over a shoulder', () => {
    expect(token).not.toContain('client-secret')
    expect(token).not.toContain('zhang3')
  })

  it('made with another secret is of no use, nor one made for something else', () => {
    expect(new Links('other-secret', page).read(token, start)).toBeNull()
    expect(links.read(tokenOf(new Links('other-secret', page).write(deed, start)), start)).toBeNull()
  })

  it.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['its first half', token.split('.')[0] ?? ''],
    ['its second half', `.${token.split('.')[1]}`],
    ['both halves swapped', token.split('.').reverse().join('.')],
    ['more after it', `${token}.x`],
    ['more after it, of nothing', `${token}.`],
    ['a space after it', `${token} `],
    ['padding after it', `${token}=`],
    ['itself twice', `${token}${token}`],
    ['far too much', `${token.split('.')[0]}${'A'.repeat(4_000)}.${token.split('.')[1]}`],
    ['JSON', '{"u":"zhang3"}'],
  ])('is refused when it is %s', (_, forged) => {
    expect(links.read(forged, start)).toBeNull()
  })

  it('is refused with any one character changed, left out or put in', () => {
    const char = fc.constantFrom(...'ABCabc012-_.=+/ \u0000é空'.split(''))
    fc.assert(
      fc.property(fc.nat(token.length), char, fc.constantFrom('change', 'leave out', 'put in'), (where, other, how) => {
        const rest = token.slice(how === 'put in' ? where : where + 1)
        const forged = token.slice(0, where) + (how === 'leave out' ? '' : other) + rest
        fc.pre(forged !== token)
        expect(links.read(forged, start)).toBeNull()
      }),
      { numRuns: 2_000 },
    )
    for (let bit = 0; bit < token.length * 7; bit++) {
      const where = Math.floor(bit / 7)
      const flipped = String.fromCharCode(token.charCodeAt(where) ^ (1 << (bit % 7)))
      expect(links.read(token.slice(0, where) + flipped + token.slice(where + 1), start)).toBeNull()
    }
  })

  it('never throws, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 5_000 }), text => links.read(text, start) === null))
  })
})
