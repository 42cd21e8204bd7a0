import { describe, expect, it } from 'vitest'
import { type Cell, readSheet } from '../../src/attendance/sheet.ts'

const told = (rows: Cell[][]) => {
  const { rows: read, problems } = readSheet(rows)
  return [
    ...read.map(({ name, userId, day, in: came, out, any, excused }) =>
      [
        name ?? userId,
        day,
        ...came.map(at => `in ${at.slice(5)}`),
        ...out.map(at => `out ${at.slice(5)}`),
        ...any.map(at => `? ${at.slice(5)}`),
        ...(excused ? ['excused'] : []),
      ].join(' | '),
    ),
    ...problems.map(({ row, column, message }) => `${row} ${column}: ${message}`),
  ]
}

describe('tables as they are exported', () => {
  it('WeCom’s day report, with a title and a span above the headings', () => {
    expect(
      told([
        ['上下班打卡_日报'],
        ['统计时间 2026-11-24 至 2026-11-24'],
        ['时间', '姓名', '账号', '部门', '班次', '最早', '最晚', '打卡次数', '考勤结果'],
        ['2026/11/24 星期二', '张三', 'zhangsan', '售后', '白班', '08:55', '次日 00:10', 2, '正常'],
        ['2026/11/24 星期二', '李四', 'lisi', '售后', '白班', '--', '--', 0, '旷工'],
        [],
      ]),
    ).toEqual(['张三 | 2026-11-24 | in 11-24T08:55:00 | out 11-25T00:10:00', '李四 | 2026-11-24'])
  })

  it('DingTalk’s day table, whose headings stand in two rows, and its list of records', () => {
    expect(
      told([
        ['姓名', 'UserId', '日期', '上班1', '', '下班1', ''],
        ['', '', '', '打卡时间', '打卡结果', '打卡时间', '打卡结果'],
        ['张三', 'Dd7002', '26-11-24 星期二', '08:55', '正常', '18:03', '正常'],
        ['李四', 'Dd7003', '26-11-24 星期二', '', '缺卡', '请假', '请假'],
      ]),
    ).toEqual(['张三 | 2026-11-24 | in 11-24T08:55:00 | out 11-24T18:03:00', '李四 | 2026-11-24 | excused'])
    expect(
      told([
        ['姓名', '考勤日期', '打卡时间', '打卡类型', '打卡地址'],
        ['张三', '2026-11-24', '2026-11-24 08:55', '上班打卡', '花园路'],
        ['张三', '2026-11-24', '2026-11-24 18:05', '下班打卡', '花园路'],
        ['张三', '2026-11-24', '2026-11-24 12:05', '', ''],
      ]),
    ).toEqual([
      '张三 | 2026-11-24 | in 11-24T08:55:00',
      '张三 | 2026-11-24 | out 11-24T18:05:00',
      '张三 | 2026-11-24 | ? 11-24T12:05:00',
    ])
  })

  it('cells that hold days and times', () => {
    const day = new Date('2026-11-24T00:00:00Z')
    const time = new Date('1899-12-31T09:00:30Z')
    expect(
      told([
        ['姓名', '日期', '上班', '下班'],
        ['张三', day, time, 0.75],
        ['李四', '2026年11月24日', '8:55(外勤)', ''],
      ]),
    ).toEqual(['张三 | 2026-11-24 | in 11-24T09:00:30 | out 11-24T18:00:00', '李四 | 2026-11-24 | in 11-24T08:55:00'])
  })
})

describe('what is wrong is told, all of it', () => {
  it('by row and column', () => {
    expect(
      told([
        ['姓名', '日期', '上班', '下班'],
        ['', '2026-11-24', '08:55', ''],
        ['张三', '11月32日', '25:00', '早上'],
        ['张三', '2026-02-30', '', ''],
      ]),
    ).toEqual([
      '2 姓名: 没有写是谁',
      '3 日期: 看不懂日期「11月32日」，要像 2026-11-24 或 2026/11/24',
      '3 上班: 看不懂时间「25:00」，要像 08:55',
      '3 下班: 看不懂时间「早上」，要像 08:55',
      '4 日期: 看不懂日期「2026-02-30」，要像 2026-11-24 或 2026/11/24',
    ])
  })

  it('of the table as a whole', () => {
    expect(told([['甲', '乙']])[0]).toContain('没有表头')
    expect(told([])[0]).toContain('没有表头')
    expect(told([['姓名', '日期', '上班']])).toEqual(['2 表头: 表头下面没有一行数据'])
  })
})
