import { describe, expect, it } from 'vitest'
import type { PolicyChecked } from '../../src/console/policywire.ts'
import { Invalid } from '../../src/errors.ts'
import { rawPolicy, readPolicy } from '../../src/policy/load.ts'
import { Desk } from '../console/desk.ts'
import { eachStory } from '../support/shop.ts'

/** A rule book is a text somebody pastes into a page: whatever is in it, it is read as settings or refused with a sentence. */

const head = 'name: shop\ntitle: 店\nversion: 1\nhours: ["08:00-18:00"]\ncalendar: { holidays: none }\nclocks: []\n'
const bomb = [
  'a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]',
  ...Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(', ')}]`),
].join('\n')
const item = (formula: string) => `${head}pay: { items: [{ name: 提成, formula: ${JSON.stringify(formula)} }] }\n`

const refused: ReadonlyArray<[what: string, text: string, says: RegExp]> = [
  ['a million laughs', `${head}${bomb}\n`, /repeats/],
  ['a list that holds itself', `${head}points: &p [*p]\n`, /repeats what it is a part of/],
  ['a map that holds itself', `${head}points: &p { orders: *p }\n`, /repeats what it is a part of/],
  ['an alias of nothing', `${head}points: *gone\n`, /repeats what is nowhere/],
  ['a tag that runs something', `${head}points: !!js/function "function () { return 1 }"\n`, /tag/i],
  ['a tag that makes an object', `${head}points: !!python/object/apply:os.system ["id"]\n`, /tag/i],
  ['a tag of its own', `%TAG ! tag:x.example,2026:\n---\n${head}points: !x {}\n`, /tag/i],
  ['bytes', `${head}points: !!binary aGVsbG8=\n`, /points|tag/i],
  ['a prototype', `${head}__proto__: { isAdmin: true }\n`, /no setting/],
  ['a prototype inside', `${head}calendar: { __proto__: { holidays: china } }\n`, /unique|no setting/],
  ['a constructor', `${head}constructor: { prototype: { isAdmin: true } }\n`, /no setting/],
  ['a merged prototype', `${head}base: &b { __proto__: { isAdmin: true } }\n<<: *b\n`, /no setting/],
  ['a key that is a list', `${head}? [a, b]\n: 1\n`, /no setting|key/i],
  ['a key twice', `${head}title: 别的\n`, /unique/],
  ['two documents', `${head}---\n${head}`, /document/i],
  ['lists without end', `${head}points: ${'['.repeat(5_000)}`, /./],
  ['maps without end', `${head}points: ${'{a: '.repeat(3_000)}1${'}'.repeat(3_000)}\n`, /./],
  ['a NUL', `${head}points: "\\0"\n`, /points/],
  ['no text but bytes', '\0\u0001\u0002', /./],
  ['a number there is not', `${head}version: 1e999\n`, /version|unique/],
  ['a constructor in a formula', item('完成单.constructor'), /numbers, names/],
  ['a constructor by its index', item('完成单["constructor"]["constructor"]("return process")()'), /./],
  ['a prototype in a formula', item('__proto__ + 1'), /nothing has that name|__proto__/],
  ['a prototype’s function', item('toString()'), /calls toString/],
  ['a number of hundreds of digits', item(`1e308 × 1e308 × ${'9'.repeat(300)}`), /no number|longer/],
  ['an exponent', item('9 ** 9 ** 9'), /no sign/],
  ['a formula as deep as it is long', item(`${'-'.repeat(190)}1`), /deep/],
  ['a loop', item('while (true) 1'), /two values|read/],
  ['an assignment', item('完成单 = 9'), /read/],
]

const problems = (text: string): string => {
  try {
    readPolicy(text, 'shop.yaml')
  } catch (error) {
    if (error instanceof Invalid) return error.message
    throw error
  }
  return ''
}

describe('a text that is no rule book', () => {
  it.each(refused)('%s is refused with a sentence, at once', (_, text, says) => {
    const begun = performance.now()
    expect(problems(text)).toMatch(says)
    expect(performance.now() - begun).toBeLessThan(2_000)
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
  })

  it.each(refused)('%s is compared with another one, or refused, and no more', (_, text) => {
    try {
      rawPolicy(text)
    } catch (error) {
      expect(error).toBeInstanceOf(Invalid)
    }
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
  })
})

describe('the console’s page of rules', () => {
  const story = eachStory({ bot: false })

  it('says of each of them what is wrong, publishes none, and stays as it was', async () => {
    const { world } = story
    const wang = await Desk.open(world, 'wangjingli')
    const { id: team } = await world.db.prisma.team.findFirstOrThrow({ where: { name: '一班' } })
    for (const [what, text] of refused) {
      const checked = await wang.send<PolicyChecked>('POST', '/policies/check', { text })
      expect([what, checked.status, checked.body.faults?.length]).toEqual([what, 200, expect.toSatisfy(n => n > 0)])
      const compared = await wang.send('POST', '/policies/default/1/compare', { text })
      expect([what, compared.status]).toEqual([what, expect.toSatisfy(one => one === 200 || one === 422)])
      const simulated = await wang.send('POST', '/policies/simulate', {
        text,
        month: '2026-10',
        orders: ['1001'],
        team,
      })
      expect([what, simulated.status]).toEqual([what, expect.toSatisfy(one => one >= 400 && one < 500)])
      const published = await wang.send('POST', '/policies/publish', { text, effective: '2027-01-01' })
      expect([what, published.status]).toEqual([what, expect.toSatisfy(one => one >= 400 && one < 500)])
    }
    expect(await world.db.prisma.policyVersion.count()).toBe(0)
    expect(world.log.errors).toEqual([])
  })
})
