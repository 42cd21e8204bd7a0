import { describe, expect, it } from 'vitest'
import { readEntries } from '../../src/chat/grammar/entries.ts'
import { readPolicy } from '../../src/policy/load.ts'
import { fieldsOf, itemsOf, latest, monthMeant, objectionTo } from '../../src/settlement/figureentry.ts'
import { meaningOf } from '../../src/settlement/figuresaid.ts'
import { readValue, sayValue } from '../../src/settlement/figurevalue.ts'
import { missingText } from '../../src/settlement/figurewords.ts'

const policy = readPolicy(
  `
name: x
version: 1
posts: [维修工, 内勤]
figures:
  - { name: 毛利, words: [毛利润] }
  - { name: 完成率, unit: "%", min: 0, max: 120, usual: 100 }
  - { name: 级别工资, of: 个人, for: 维修工, standing: true, min: 0, words: [底薪] }
scorecards:
  - name: 考核
    for: 维修工
    columns: [{ name: 自评, weight: 0 }, { name: 上级, weight: 60% }, { name: 总部, weight: 40% }]
    items: [{ name: 工作态度, full: 10, by: marks }, { name: 团队协作, full: 5, by: marks }]
pay: { items: [{ name: 提成, of: 班组, formula: 毛利 }] }
`,
  'x.yaml',
)
const people = [
  { id: 'a', name: '张三', post: '维修工' },
  { id: 'b', name: '李四', post: '内勤' },
]
const fields = fieldsOf(policy, people, '2026-10')
const row = (name: string, personId: string | null, month: string, value: string | null) => ({
  ...{ name, personId, month, value, by: null, at: new Date('2026-11-01T00:00:00Z') },
})

describe('an amount', () => {
  const amounts: ReadonlyArray<readonly [said: string, unit: string, exact: string | null]> = [
    ['52300.5', '元', '52300.5'],
    ['５２，３００．５０', '元', '52300.5'],
    ['1,234,567元', '元', '1234567'],
    ['¥660', '元', '660'],
    ['5.23万', '元', '52300'],
    ['5万2', '元', '52000'],
    ['3千', '元', '3000'],
    ['负1200', '元', '-1200'],
    ['95%', '%', '95'],
    ['7档', '档', '7'],
    ['9分', '分', '9'],
    // Neither thousands nor a point, or no number of this kind.
    ['52,30', '元', null],
    ['95%', '元', null],
    ['5.2万3', '元', null],
    ['五百', '元', null],
    ['', '元', null],
  ]
  for (const [said, unit, exact] of amounts)
    it(`${said} in ${unit} is ${exact}`, () => expect(readValue(said, unit)?.toFixed() ?? null).toBe(exact))

  it('is said back as it is kept', () => {
    expect([
      sayValue('52300.5', '元'),
      sayValue('-1200', '元'),
      sayValue('95', '%'),
      sayValue('1234.125', '台'),
    ]).toEqual([...['¥52,300.50', '-¥1,200.00', '95%', '1,234.125 台']])
  })

  it('keeps to its bounds and places', () => {
    const [gross, rate, wage] = fields
    const fault = (field: (typeof fields)[number] | undefined, text: string) => {
      const value = readValue(text, field?.unit ?? '')
      return field && value && objectionTo(field, value)
    }
    expect([fault(gross, '-5'), fault(gross, '1.005'), fault(gross, '1000000000000')]).toEqual([
      null,
      'decimals',
      'long',
    ])
    expect([fault(rate, '120'), fault(rate, '120.1'), fault(wage, '-1')]).toEqual([null, 'above', 'below'])
  })
})

describe('the numbers of a month', () => {
  it('are the team’s, those of whoever has the post, and his marks', () => {
    expect(fields.map(({ name, person }) => `${person?.name ?? ''} ${name}`)).toEqual([
      ...[' 毛利', ' 完成率', '张三 级别工资', '张三 考核/工作态度/自评', '张三 考核/工作态度/上级'],
      ...['张三 考核/工作态度/总部', '张三 考核/团队协作/自评', '张三 考核/团队协作/上级', '张三 考核/团队协作/总部'],
    ])
    const quarterly = {
      ...policy,
      scorecards: policy.scorecards.map(card => ({ ...card, period: 'quarter' as const })),
    }
    expect(fieldsOf(quarterly, people, '2026-10').filter(({ mark }) => mark)).toEqual([])
    expect(fieldsOf(quarterly, people, '2026-12').filter(({ mark }) => mark)).toHaveLength(6)
  })

  it('stand until they are changed, and fall back when they are taken back', () => {
    const rows = [
      row('级别工资', 'a', '2026-08', '600'),
      row('级别工资', 'a', '2026-09', '640'),
      row('级别工资', 'a', '2026-09', '660'),
      row('毛利', null, '2026-10', '1'),
      row('毛利', null, '2026-10', null),
    ]
    expect(latest(rows)).toMatchObject([{ name: '级别工资', month: '2026-09', value: '660' }])
    expect(latest([...rows, row('级别工资', 'a', '2026-09', null)])).toMatchObject([{ month: '2026-08', value: '600' }])
    const items = itemsOf(fields, latest(rows))
    expect(items.slice(0, 4)).toMatchObject([
      { value: null, missing: true },
      { value: '100', from: null, missing: false },
      { value: '660', from: '2026-09', missing: false },
      { value: null, missing: false, field: { optional: true } },
    ])
    expect(missingText(items)).toBe(
      '还缺 5 项：\n· 毛利（元）\n· 打分 考核 上级：张三\n· 打分 考核 总部：张三\n比如说：填数 毛利 52300.50',
    )
  })

  it('are the last month’s until the 15th, unless that is locked', () => {
    expect([
      ...[monthMeant('2026-11-15', false), monthMeant('2026-11-16', false), monthMeant('2026-11-02', true)],
      monthMeant('2027-01-03', false),
    ]).toEqual(['2026-10', '2026-11', '2026-11', '2026-12'])
  })
})

/** Said by 王经理, who manages 一班, or by 张三, who is only in it. */
const sentences: ReadonlyArray<
  readonly [by: 'manager' | 'self', of: 'figure' | 'mark', words: string, means: string | string[]]
> = [
  ['manager', 'figure', '毛利 52300.50', ['毛利=52300.5']],
  ['manager', 'figure', '毛利润：5.23万，完成率 95%', ['毛利=52300', '完成率=95']],
  ['manager', 'figure', '张三底薪660', ['张三 级别工资=660']],
  ['manager', 'figure', '级别工资 张三 660元', ['张三 级别工资=660']],
  ['manager', 'figure', '级别工资 660', '级别工资是每个人的，请带上名字，比如：填数 张三 级别工资 52300.50'],
  ['manager', 'figure', '李四 级别工资 660', '李四不用填级别工资：要填的有 张三'],
  ['manager', 'figure', '张三 毛利 1', '毛利是班组的，不用带名字'],
  ['manager', 'figure', '完成率 121', '完成率最多 120%，收到的是 121'],
  ['manager', 'figure', '张三 级别工资 -5', '张三 级别工资不能小于 ¥0.00，收到的是 -5'],
  ['manager', 'figure', '毛利', '毛利填多少？比如：填数 毛利 52300.50'],
  ['manager', 'figure', '52300', '填哪个数？可以填的有：毛利、完成率、级别工资'],
  ['manager', 'mark', '张三 工作态度 9', 'column 上级 总部'],
  ['manager', 'mark', '张三 工作态度 上级 9 团队协作 5', ['张三 工作态度（上级）=9', '张三 团队协作（上级）=5']],
  ['manager', 'mark', '张三 工作态度 9分 上级', ['张三 工作态度（上级）=9']],
  ['manager', 'mark', '张三 团队协作 上级 6', '张三 团队协作（上级）最多 5 分，收到的是 6'],
  ['manager', 'mark', '李四 工作态度 9', '李四这个月没有考核表，要打分的有：张三'],
  ['self', 'mark', '工作态度 8', ['张三 工作态度（自评）=8']],
  ['self', 'mark', '张三 工作态度 8', ['张三 工作态度（自评）=8']],
  ['self', 'mark', '工作态度 上级 10', '你自己只能打「自评」'],
]

describe('a sentence', () => {
  const all = (pick: (field: (typeof fields)[number]) => string | readonly string[] | undefined) =>
    fields.flatMap(field => pick(field) ?? [])
  for (const [by, of, words, means] of sentences)
    it(`by ${by}: ${words}`, () => {
      const { entries, unread } = readEntries(words, {
        ...{ teams: ['一班'], people: ['张三', '李四', '王经理'], units: all(({ unit }) => unit) },
        names:
          of === 'mark'
            ? all(({ mark }) => mark?.item)
            : all(field => (field.mark ? [] : [field.label, ...field.words])),
        columns: of === 'mark' ? all(({ mark }) => mark?.column) : [],
        cards: [],
      })
      expect(unread).toBe('')
      const teams = [{ team: '一班', manages: by === 'manager', items: itemsOf(fields, []) }]
      const speaker = by === 'manager' ? { id: 'm', name: '王经理' } : { id: 'a', name: '张三' }
      const found = meaningOf(entries, teams, speaker, { of, takeBack: false })
      if (found.kind === 'column') expect(['column', ...found.columns].join(' ')).toBe(means)
      else if (found.kind === 'objection') expect(found.say).toContain(means)
      else
        expect(
          found.meant.map(
            ({ field, value }) => `${field.person ? `${field.person.name} ` : ''}${field.label}=${value?.toFixed()}`,
          ),
        ).toEqual(means)
    })
})
