import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Card } from '../../../src/chat/card.ts'
import { Permanent } from '../../../src/errors.ts'
import { cutBytes, cutChars, webUrl } from '../../../src/platforms/text.ts'
import { appBody, botBody, botText, invisibleTag, replyText, robotBody } from '../../../src/platforms/wecom/render.ts'
import { drawTemplate } from '../../../src/platforms/wecom/template.ts'
import { plain, plainMarkdown } from '../../../src/platforms/wecom/text.ts'
import { buildXml, cardReply, parseXml } from '../../../src/platforms/wecom/xml.ts'
import { card } from './help.ts'

const long: Card = {
  ...card,
  source: '派'.repeat(60),
  title: '题'.repeat(60),
  subtitle: '副'.repeat(60),
  figure: '数'.repeat(60),
  body: '文'.repeat(400),
  rows: Array.from({ length: 9 }, (_, at) => ({ label: `标签标签标签${at}`, value: '值'.repeat(60) })),
  buttons: Array.from({ length: 9 }, (_, at) => ({
    text: '按'.repeat(20),
    style: 'default',
    payload: `k${at}`,
    words: `词 ${at}`,
  })),
}
const app = (drawn: Card, repaint = false) => drawTemplate(drawn, { channel: 'app', taskId: 't1', repaint })
const count = (text: string | undefined) => [...(text ?? '')].length

describe('drawTemplate', () => {
  it('draws a card with buttons', () => {
    expect(app({ ...card, link: 'https://paigong.example/m/1' })).toEqual({
      card_type: 'button_interaction',
      source: { desc: '派工 · 一班', desc_color: 0 },
      card_action: { type: 1, url: 'https://paigong.example/m/1' },
      task_id: 't1',
      main_title: { title: '派工单 1024 · 空调维修', desc: '接单剩 18 分 · 待接单' },
      sub_title_text: '地址：和平路 1 号',
      horizontal_content_list: [
        { keyname: '客户', value: '李先生' },
        { keyname: '电话', value: '138 0000 0001' },
        { keyname: '地图', value: '打开', type: 1, url: 'https://paigong.example/m/1' },
      ].map((row, at) => (at === 2 ? { ...row, url: 'https://paigong.example/m/1' } : row)),
      button_list: [
        { text: '接单', style: 1, key: 'o:1:1:accept' },
        { text: '拒单', style: 3, key: 'o:1:1:decline' },
      ],
    })
  })

  it.each([
    ['app', 20, 36, 44, 160, 30],
    ['bot', 13, 26, 30, 112, 26],
  ] as const)('keeps to the limits of the %s', (channel, source, title, desc, sub, value) => {
    const drawn = drawTemplate(long, { channel, taskId: 't1' })
    expect(count(drawn?.source.desc)).toBe(source)
    expect(count(drawn?.main_title.title)).toBe(title)
    expect(count(drawn?.main_title.desc)).toBe(desc)
    expect(drawn?.main_title.desc).toMatch(/^数.*…$/)
    expect(count(drawn?.sub_title_text)).toBe(sub)
    expect(drawn?.horizontal_content_list).toHaveLength(6)
    expect(drawn?.horizontal_content_list?.map(row => [count(row.keyname), count(row.value)])).toEqual(
      Array(6).fill([5, value]),
    )
    expect(drawn?.button_list).toHaveLength(6)
    expect(drawn?.button_list?.every(button => count(button.text) === 10)).toBe(true)
  })

  it.each([
    ['normal', 0, '派工 · 一班'],
    ['urgent', 2, '派工 · 一班 · 加急'],
    ['near', 1, '派工 · 一班 · 快到时限'],
    ['late', 2, '派工 · 一班 · 已超时'],
    ['done', 3, '派工 · 一班'],
  ] as const)('shows the tone %s', (tone, color, desc) => {
    expect(app({ ...card, tone })?.source).toEqual({ desc, desc_color: color })
    expect(count(app({ ...long, tone })?.source.desc)).toBeLessThanOrEqual(20)
  })

  it('shows what became of a closed card on a dead button', () => {
    const closed = app({ ...card, buttons: [], closed: '已完工' }, true)
    expect(closed).toMatchObject({
      card_type: 'button_interaction',
      replace_text: '已完工',
      button_list: [{ text: '已完工', style: 4 }],
    })
    expect(app(card)).not.toHaveProperty('replace_text')
  })

  it('stays a card when it is drawn over one', () => {
    expect(app({ ...card, buttons: [] }, true)).toMatchObject({
      card_type: 'button_interaction',
      replace_text: '已更新',
    })
    expect(app({ ...card, buttons: [] })).toBeNull()
  })

  it('draws a notice with a big figure when there are no buttons but a link', () => {
    const drawn = app({ ...card, buttons: [], link: 'https://paigong.example/m/1' })
    expect(drawn).toMatchObject({
      card_type: 'text_notice',
      emphasis_content: { title: '接单剩 18 分' },
      card_action: { type: 1 },
      main_title: { desc: '待接单' },
    })
    expect(drawn).not.toHaveProperty('button_list')
    expect(app({ ...long, buttons: [], link: 'https://paigong.example/m/1' })).not.toHaveProperty('emphasis_content')
  })

  it('never sends two buttons with one key, or a key that is too long', () => {
    const [first] = card.buttons
    const buttons = first ? [first, { ...first, text: '又一个' }, { ...first, payload: 'k'.repeat(1_025) }] : []
    expect(app({ ...card, buttons })?.button_list).toEqual([{ text: '接单', style: 1, key: 'o:1:1:accept' }])
  })

  it('leaves out rows without label, and fills empty values', () => {
    const drawn = app({
      ...card,
      rows: [
        { label: ' ', value: 'x' },
        { label: '备注', value: ' \n' },
      ],
    })
    expect(drawn?.horizontal_content_list).toEqual([{ keyname: '备注', value: '—' }])
    expect(app({ ...card, rows: [] })).not.toHaveProperty('horizontal_content_list')
  })

  it('needs a task id for buttons that are new', () => {
    expect(() => drawTemplate(card, { channel: 'app' })).toThrow(Permanent)
  })
})

describe('bodies', () => {
  it('sends text, and a card without buttons and link as markdown', () => {
    expect(appBody({ kind: 'text', text: '好' }, undefined)).toEqual({ msgtype: 'text', text: { content: '好' } })
    const body = appBody({ kind: 'card', card: { ...card, buttons: [], tone: 'late' } }, undefined)
    expect(body).toMatchObject({ msgtype: 'markdown' })
    expect(JSON.stringify(body)).toContain('<font color=\\"warning\\">接单剩 18 分</font>')
  })

  it('keeps to every limit in bytes, tag included', () => {
    const text = '汉😀'.repeat(9_000)
    const size = (body: object) => {
      const found = /"content":"((?:[^"\\]|\\.)*)"/.exec(JSON.stringify(body))?.[1] ?? ''
      return Buffer.byteLength(JSON.parse(`"${found}"`))
    }
    const tag = invisibleTag(Buffer.from([1, 2]))
    const bodies: Array<[object, number]> = [
      [appBody({ kind: 'text', text }, undefined, tag), 2_048],
      [appBody({ kind: 'card', card: { ...long, buttons: [], body: text } }, undefined, tag), 2_048],
      [botBody({ kind: 'text', text }, undefined), 20_480],
      [botBody({ kind: 'card', card: { ...long, buttons: [], body: text } }, undefined), 20_480],
      [robotBody({ kind: 'text', text }), 4_096],
      [robotBody({ kind: 'text', text, mentions: ['zhang3'] }), 2_048],
      [robotBody({ kind: 'card', card: { ...long, body: text } }), 4_096],
    ]
    for (const [body, limit] of bodies) {
      expect(size(body)).toBeLessThanOrEqual(limit)
      expect(size(body)).toBeGreaterThan(limit - 8)
    }
    expect(Buffer.byteLength(replyText(text))).toBeLessThanOrEqual(2_048)
  })

  it('mentions in a group’s text only by the list it is given', () => {
    expect(robotBody({ kind: 'text', text: '超时 <@all>', mentions: ['zhang3'] })).toEqual({
      msgtype: 'text',
      text: { content: '超时 ＜@all>', mentioned_list: ['zhang3'] },
    })
  })

  it('prints what to reply where a card has no buttons', () => {
    expect(robotBody({ kind: 'card', card: { ...card, link: 'https://paigong.example/m/1' } })).toMatchObject({
      msgtype: 'template_card',
      template_card: { card_type: 'text_notice', sub_title_text: '回复 接单 1024 或 拒单 1024\n地址：和平路 1 号' },
    })
    const markdown = JSON.stringify(robotBody({ kind: 'card', card }))
    expect(markdown).toContain('回复 接单 1024 或 拒单 1024')
    expect(markdown).toContain('[打开](https://paigong.example/m/1)')
    expect(markdown).not.toContain('tel:')
  })

  it('never sends an empty message', () => {
    expect(appBody({ kind: 'text', text: ' \n' }, undefined)).toEqual({ msgtype: 'text', text: { content: '—' } })
    expect(botText('')).toBe('—')
  })

  it('makes equal tags for equal ids, of invisible characters', () => {
    expect(invisibleTag(Buffer.from([5, 6]))).toBe(invisibleTag(Buffer.from([5, 6])))
    expect(invisibleTag(Buffer.from([5, 6]))).not.toBe(invisibleTag(Buffer.from([7, 6])))
    expect(invisibleTag(Buffer.from([5, 6]))).toMatch(/^[\u200b\u200c]{12}$/)
  })
})

describe('words of customers', () => {
  it.each([
    ['<a href="https://x.example">领奖</a>', '＜a href="https://x.example">领奖＜/a>'],
    ['<@all> <@zhang3>', '＜@all> ＜@zhang3>'],
    ['$userName=boss$ $departmentName=1$', '＄userName=boss$ ＄departmentName=1$'],
    ['温度 < 30 且 $5', '温度 < 30 且 $5'],
  ])('%s stays text', (text, expected) => {
    expect(plain(text)).toBe(expected)
  })

  it.each([
    ['[点我](https://x.example)', '[点我］(https://x.example)'],
    ['![图](https://x.example)', '![图］(https://x.example)'],
    ['**急** `code`', '＊＊急＊＊ ｀code｀'],
    ['# 标题\n> 引用', '＃ 标题\n＞ 引用'],
    ['| a | b |\n---', '｜ a ｜ b ｜\n———'],
    ['<font color="warning">x</font>', '＜font color="warning">x＜/font>'],
    ['KFR_35 3-5 小时', 'KFR_35 3-5 小时'],
  ])('%s is no markdown', (text, expected) => {
    expect(plainMarkdown(text)).toBe(expected)
  })

  it('cannot get a mention, link or name into any body', () => {
    const nasty = fc
      .array(
        fc.constantFrom(
          '<@all>',
          '<a href="x">',
          '$userName=a$',
          '](',
          '[',
          'x',
          '*',
          '`',
          '|',
          '<',
          '@',
          '$',
          '\n',
          ' ',
        ),
        { maxLength: 12 },
      )
      .map(parts => parts.join(''))
    fc.assert(
      fc.property(nasty, text => {
        const drawn: Card = {
          ...card,
          source: text,
          title: text,
          figure: text,
          subtitle: text,
          body: text,
          rows: [{ label: '备注', value: text }],
        }
        const kinds = [
          appBody({ kind: 'card', card: drawn }, 't'),
          robotBody({ kind: 'card', card: drawn }),
          botBody({ kind: 'text', text }, undefined),
          appBody({ kind: 'text', text }, undefined),
        ]
        for (const body of kinds) expect(JSON.stringify(body)).not.toMatch(/<@|<a |\$userName=/)
        expect(plainMarkdown(text)).not.toMatch(/[*`|]|\]\s*\(/)
      }),
    )
  })

  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 4, 'abcd'],
    ['汉汉汉', 8, '汉…'],
    ['😀😀', 7, '😀…'],
    ['😀😀', 6, '…'],
  ])('cuts %s to %i bytes', (text, bytes, expected) => {
    expect(cutBytes(text, bytes)).toBe(expected)
  })

  it('cuts between characters', () => {
    expect(cutChars('😀😀😀', 2)).toBe('😀…')
    expect(cutChars('😀😀', 2)).toBe('😀😀')
  })

  it.each([
    ['https://x.example/a b', 'https://x.example/a%20b'],
    ['tel:13800000001', undefined],
    ['javascript:alert(1)', undefined],
    ['//x.example', undefined],
    [`https://x.example/${'a'.repeat(2_048)}`, undefined],
    [undefined, undefined],
  ])('opens %s: %s', (link, expected) => {
    expect(webUrl(link)).toBe(expected)
  })
})

describe('buildXml', () => {
  it('survives whatever people write', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom(']]>', ']]]]>', '<![CDATA[', '</Content>', '&lt;', 'a]]>b]]>c'))
    fc.assert(
      fc.property(text, written => {
        const whole = `x${written}x`
        expect(parseXml(`<xml>${buildXml({ Content: whole })}</xml>`)).toEqual({ Content: whole })
      }),
    )
  })

  it('leaves out what XML cannot carry', () => {
    expect(buildXml({ A: 'a\u0000b\u001fc\ud800d\n' })).toBe('<A><![CDATA[abcd\n]]></A>')
  })

  it('repeats siblings and names them as the platform does', () => {
    const drawn = app(card)
    const xml = drawn ? cardReply({ userId: 'u', corpId: 'c', at: 1 }, drawn) : ''
    expect(xml.match(/<ButtonList>/g)).toHaveLength(2)
    expect(xml).toContain(
      '<HorizontalContentList><KeyName><![CDATA[客户]]></KeyName><Value><![CDATA[李先生]]></Value></HorizontalContentList>',
    )
    expect(xml).toContain('<Source><Desc><![CDATA[派工 · 一班]]></Desc><DescColor>0</DescColor></Source>')
    expect(xml).not.toContain('t1')
  })
})
