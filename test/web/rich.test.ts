import { describe, expect, it } from 'vitest'
import { markdown } from '../../src/web/sandbox/rich.ts'
import { type Inline, marked, plain, type Reading, safeHref } from '../../src/web/sandbox/spans.ts'

const nameOf = (id: string) => (id === 'zhang3' || id === 'zhang3_dd' ? '张三' : id)
const reading: Reading = { app: 'wecom', names: ['张三', '张三丰', '派工助手'], nameOf }
const dingtalk: Reading = { ...reading, app: 'dingtalk', ids: ['zhang3_dd'] }

/** What is shown, without marks. */
function shown(tokens: Inline[]): string {
  const words = (token: Inline) =>
    'text' in token ? token.text : token.t === 'image' ? `[${token.alt}]` : shown(token.kids)
  return tokens.map(words).join('')
}

describe('safeHref', () => {
  it.each(['https://a.example/x?y=1', 'http://a.example', 'tel:13800001234', '/m/orders/1024', '/'])(
    'opens %s',
    href => {
      expect(safeHref(href)).toBe(href)
    },
  )

  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/\\evil.example',
    'vbscript:x',
    '',
  ])('refuses %s', href => {
    expect(safeHref(href)).toBeUndefined()
  })
})

describe('plain', () => {
  it('marks known names, the longest first, and leaves other @ alone', () => {
    expect(plain('@张三丰 找 @张三，别找 @某人', reading)).toEqual([
      { t: 'mention', text: '@张三丰' },
      { t: 'text', text: ' 找 ' },
      { t: 'mention', text: '@张三' },
      { t: 'text', text: '，别找 @某人' },
    ])
  })

  it('reads the anchor an app may send and bare links, stopping at Chinese punctuation', () => {
    const tokens = plain('<a href="/m/1">打开</a> 或 https://a.example/b。', reading)
    expect(tokens[0]).toEqual({ t: 'link', href: '/m/1', kids: [{ t: 'text', text: '打开' }] })
    expect(tokens[2]).toEqual({
      t: 'link',
      href: 'https://a.example/b',
      kids: [{ t: 'text', text: 'https://a.example/b' }],
    })
    expect(shown(tokens)).toBe('打开 或 https://a.example/b。')
  })

  it('keeps markup and marks as the words they are', () => {
    const text = '<img src=x onerror=alert(1)> **不是粗体** <script>x</script>'
    expect(plain(text, reading)).toEqual([{ t: 'text', text }])
  })

  it('shows the words of a link it will not open', () => {
    expect(plain('<a href="javascript:alert(1)">点我</a>', reading)).toEqual([{ t: 'text', text: '点我' }])
  })

  it('survives names with regular expression characters', () => {
    expect(plain('@a.b(c', { app: 'wecom', names: ['a.b(c'] })).toEqual([{ t: 'mention', text: '@a.b(c' }])
  })
})

describe('marked', () => {
  it('nests font colours and bold', () => {
    expect(marked('<font color="warning">**超时** 12 分</font>', reading)).toEqual([
      {
        t: 'font',
        colour: 'warning',
        kids: [
          { t: 'bold', kids: [{ t: 'text', text: '超时' }] },
          { t: 'text', text: ' 12 分' },
        ],
      },
    ])
  })

  it('names the one mentioned by id', () => {
    expect(marked('<@zhang3> 好', reading)[0]).toEqual({ t: 'mention', text: '@张三' })
  })

  it('reads names and bare links too', () => {
    const tokens = marked('@张三 **看** https://a.example/b', reading)
    expect(tokens.map(token => token.t)).toEqual(['mention', 'text', 'bold', 'text', 'link'])
  })

  it('does not read marks inside code', () => {
    expect(marked('`**1031**`', reading)).toEqual([{ t: 'code', text: '**1031**' }])
  })

  it('loses no words of unbalanced marks', () => {
    const odd = '<font color="info">**底</font>** `开 [无](址'
    expect(shown(marked(odd, reading))).toBe('**底** `开 [无](址')
  })

  it('refuses script links in markdown', () => {
    expect(marked('[点我](javascript:alert(1))', reading).some(token => token.t === 'link')).toBe(false)
  })
})

describe('markdown', () => {
  it('divides a post into its blocks', () => {
    const text = '## 今日\n第一行\n第二行\n\n> 引\n> 文\n- 甲\n- 乙\n1. 一\n2. 二'
    expect(markdown(text, reading).map(block => block.t)).toEqual(['heading', 'para', 'quote', 'list', 'list'])
  })

  it('reads a table with its cells', () => {
    const [table] = markdown('| 单号 | 谁 |\n| --- | :-: |\n| 1024 | **张三** |\n| 1019 | 李四 |', reading)
    if (table?.t !== 'table') throw new Error('no table')
    expect(table.head.map(shown)).toEqual(['单号', '谁'])
    expect(table.rows.map(row => row.map(shown))).toEqual([
      ['1024', '张三'],
      ['1019', '李四'],
    ])
  })

  it('takes a bar without a rule below it as text', () => {
    expect(markdown('联系 10:30 前|完成 明天', reading)[0]?.t).toBe('para')
  })

  it('keeps the number of a heading level and reads no heading without a space', () => {
    expect(markdown('### 小', reading)[0]).toMatchObject({ t: 'heading', level: 3 })
    expect(markdown('#1024 到了', reading)[0]?.t).toBe('para')
  })
})

describe('DingTalk', () => {
  const drawn = (text: string) => {
    const blocks = markdown(text, dingtalk)
    return blocks.map(block => ('lines' in block ? block.lines.map(shown) : block.t))
  }

  it('begins a new line only after two spaces, in quotes as well', () => {
    expect(drawn('**客户** 王女士  \n  **故障** 漏水\n接着说')).toEqual([['客户 王女士', '故障 漏水 接着说']])
    expect(drawn('> 一  \n> 二\n> 三')).toEqual([['一', '二 三']])
    expect(drawn('一\n\n二')).toEqual([['一'], ['二']])
    expect(drawn('一<br>二')).toEqual([['一', '二']])
  })

  it('draws headings, lists, italics, links and images', () => {
    expect(markdown('#### 小题\n- 甲\n- 乙\n\n1. 一', dingtalk).map(block => block.t)).toEqual([
      'heading',
      'list',
      'list',
    ])
    expect(marked('*斜* **粗** [看](https://a.example) ![图](https://a.example/p.png)', dingtalk)).toEqual([
      { t: 'italic', kids: [{ t: 'text', text: '斜' }] },
      { t: 'text', text: ' ' },
      { t: 'bold', kids: [{ t: 'text', text: '粗' }] },
      { t: 'text', text: ' ' },
      { t: 'link', href: 'https://a.example', kids: [{ t: 'text', text: '看' }] },
      { t: 'text', text: ' ' },
      { t: 'image', src: 'https://a.example/p.png', alt: '图' },
    ])
  })

  it('leaves what it does not draw as it was written: tables, code, colours, anchors', () => {
    expect(drawn('| 单号 | 谁 |\n| --- | --- |')).toEqual([['| 单号 | 谁 | | --- | --- |']])
    const odd = '`x` <font color="warning">y</font> <a href="/m/1">z</a>'
    expect(marked(odd, dingtalk)).toEqual([{ t: 'text', text: odd }])
    expect(plain(odd, dingtalk)).toEqual([{ t: 'text', text: odd }])
  })

  it('loads and opens nothing unsafe', () => {
    const evil = marked('![x](javascript:a) [点](javascript:a) <img src=x onerror=a>', dingtalk)
    expect(evil.every(token => token.t === 'text')).toBe(true)
    expect(shown(evil)).toBe('[图片 x] 点 <img src=x onerror=a>')
  })

  it('shows the name where an id is called', () => {
    const called = { t: 'mention', text: '@张三' }
    expect(marked('<a atId=zhang3_dd>谁</a>', dingtalk)[0]).toEqual(called)
    expect(plain('@zhang3_dd 到了吗', dingtalk)[0]).toEqual(called)
    expect(plain('@zhang3_dd2 到了吗', dingtalk)).toEqual([{ t: 'text', text: '@zhang3_dd2 到了吗' }])
  })
})
