import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardData } from '../../../src/platforms/dingtalk/draw.ts'
import { lines, plainMarkdown } from '../../../src/platforms/dingtalk/text.ts'
import { card } from './help.ts'

/** What DingTalk's markdown, or CommonMark's, would make something of. Looked for line by line. */
const alive: Record<string, RegExp> = {
  heading: /^\s*#{1,6}(\s|$)/,
  'underlined heading or rule': /^\s*(-+|=+|\*{3,}|_{3,})\s*$/,
  quote: /^\s*>/,
  'unordered list': /^\s*[-+*](\s|$)/,
  'ordered list': /^\s*\d+[.)](\s|$)/,
  'link or image': /\]\(/,
  tag: /<[a-z/!?]/i,
  emphasis: /[*_]/,
  code: /`/,
  'struck out': /~~/,
  table: /\|/,
}

function found(text: string): string[] {
  return Object.entries(alive).flatMap(([name, pattern]) =>
    text.split(/\r\n|\r|\n/).some(line => pattern.test(line)) ? [name] : [],
  )
}

describe('words of customers', () => {
  it.each([
    ['# 大标题', 'heading'],
    ['###### 小标题', 'heading'],
    ['  # 退一格', 'heading'],
    ['#', 'heading'],
    ['标题\n==', 'underlined heading or rule'],
    ['标题\n-', 'underlined heading or rule'],
    ['标题\n----', 'underlined heading or rule'],
    ['***', 'underlined heading or rule'],
    ['> 引用', 'quote'],
    ['>>引用', 'quote'],
    ['- 一条', 'unordered list'],
    ['+ 一条', 'unordered list'],
    ['* 一条', 'unordered list'],
    ['1. 一条', 'ordered list'],
    ['12) 一条', 'ordered list'],
    ['[点这里](https://evil.example)', 'link or image'],
    ['![图](https://evil.example/a.png)', 'link or image'],
    ['<a atId=manager7>老板</a>', 'tag'],
    ['<font color=red>红</font>', 'tag'],
    ['<https://evil.example>', 'tag'],
    ['<!-- 藏 -->', 'tag'],
    ['<?php 1', 'tag'],
    ['**重** __重__ *斜* _斜_', 'emphasis'],
    ['```js\n1\n```', 'code'],
    ['~~划掉~~ ~~~', 'struck out'],
    ['|a|b|\n|-|-|', 'table'],
  ])('mean nothing to markdown: %j', (text, kind) => {
    expect(found(text)).toContain(kind)
    expect(found(plainMarkdown(text))).toEqual([])
  })

  it('mean nothing to markdown, whatever they are', () => {
    const bit = fc.constantFrom(...'#>-+*=_`~|[]()<!/?.1 \n\t\r客a'.split(''), '<a ', '](', '1. ', '- ', '\n- ')
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 30 }), bits => {
        expect(found(plainMarkdown(bits.join('')))).toEqual([])
      }),
      { numRuns: 3_000 },
    )
  })

  it('stay readable', () => {
    expect(plainMarkdown('138****0001')).toBe('138＊＊＊＊0001')
    expect(plainMarkdown('李先生 3#楼 2-1 室，E_5 报警，<5 度，预算 1.5 万，#5 门')).toBe(
      '李先生 3#楼 2-1 室，E＿5 报警，<5 度，预算 1.5 万，#5 门',
    )
    expect(plainMarkdown('找 a@b.cn [急] 一楼 (1.2.3)')).toBe('找 a@b.cn [急] 一楼 (1.2.3)')
    expect(plainMarkdown('[急]\n(一楼)'), 'with its line break').toBe('[急］\n(一楼)')
  })

  it('mean nothing on a card either, wherever they stand', () => {
    const text = fc
      .array(fc.constantFrom(...'#>-+*=_`~|[]()<!.1 \n客'.split(''), '<a atId=x>', '](https://e)', '\n1. ', '\n# '), {
        maxLength: 12,
      })
      .map(bits => bits.join(''))
    fc.assert(
      fc.property(text, text, text, (label, value, body) => {
        const drawn = { ...card, source: value, subtitle: label, figure: value, body, rows: [{ label, value }] }
        for (const template of ['public', 'own'] as const) {
          const { markdown = '' } = cardData(drawn, template)
          // Our own emphasis, on the figure and the labels, is the only one there is.
          const bare = markdown.replace(/^(\s*)\*\*([^*]+)\*\*(：|$|(?= {2}))/gm, '$1$2$3')
          expect(found(bare)).toEqual([])
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('lines of markdown', () => {
  it('break with two spaces on both sides, and leave out what is empty', () => {
    expect(lines(['一', undefined, '', '二', '三'])).toBe('一  \n  二  \n  三')
    expect(lines([])).toBe('')
  })
})
