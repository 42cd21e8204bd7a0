import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'
import { apiToken } from '../support/world.ts'

const policy = `
name: default
version: 1
hours: ["09:00-18:00"]
days: [1, 2, 3, 4, 5]
attendance:
  source: 导入
  roles: 技术员
  late: { perAbsence: 2 }
  absence: { fine: "50.00" }
`
const story = eachStory({ policy, at: '2026-11-25T19:00:00+08:00' })
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

async function send(rows: Array<Array<string | number>>, more = '', type = xlsx) {
  const bytes = await writeXlsx({ sheets: [{ name: '日报', rows }] })
  const answer = await fetch(`${story.world.url}/api/v1/attendance/import?team=${encodeURIComponent('一班')}${more}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiToken}`, 'Content-Type': type },
    body: Buffer.from(bytes),
  })
  const body = (await answer.json()) as Record<string, unknown>
  await story.world.settle()
  return { status: answer.status, body }
}

const heading = ['姓名', '账号', '日期', '上班', '下班']
const good = [
  ['张三', '', '2026-11-23', '09:00', '18:00'],
  ['张三', '', '2026-11-24', '09:30', '18:00'],
  ['', 'LiSi', '2026-11-24', '--', '--'],
]

describe('check-ins from a workbook', () => {
  it('are taken once, show in the table of the month, and tell the manager what came about', async () => {
    const { world } = story
    expect(await send([heading, ...good])).toEqual({
      status: 200,
      body: { rows: 3, stored: 5, known: 0, problems: [] },
    })
    expect((await send([heading, ...good])).body).toMatchObject({ stored: 0, known: 5 })
    const shown = await world.api<{ month: string; items: object[] }>('GET', '/attendance?team=一班')
    expect(shown).toMatchObject({ status: 200, body: { month: '2026-11', next: null } })
    expect(shown.body.items).toMatchObject([
      { person: { name: '张三' }, sums: { late: 1, unknown: 1, lates: { left: 1 } } },
      {
        person: { name: '李四' },
        sums: { absent: 1, fine: '50.00' },
        why: ['到岗 0 天 · 旷工 1 天 · 没有打卡来源 1 天', '罚款 ¥50.00'],
      },
    ])
    await send([heading, ['张三', '', '2026-11-25', '09:01', '']])
    world.wang.sees('⚠️ 张三 2026年11月迟到满 2 次，计缺勤 1 天')
    const past = await world.api<{ items: Array<{ days: object[] }> }>('GET', '/attendance?team=一班&month=2026-10')
    expect(past.body.items[0]?.days).toHaveLength(31)
  })

  it('with bad rows are refused as a whole, each fault named, or taken without them when asked to', async () => {
    const rows = [heading, ...good, ['王五', '', '2026-11-24', '09:00', ''], ['张三', '', '2026-11-25', '九点', '']]
    expect(await send(rows)).toEqual({
      status: 422,
      body: {
        type: 'about:blank',
        title: 'Invalid request',
        status: 422,
        detail: '2 处有问题，一行都没有导入。改好再传，或加 partial=true 只导入没有问题的 3 行。',
        errors: [
          { path: '第 5 行「姓名」', message: '「一班」里没有「王五」，请核对名字或先录入这个人' },
          { path: '第 6 行「上班」', message: '看不懂时间「九点」，要像 08:55' },
        ],
      },
    })
    expect(await story.db.prisma.attendanceMark.count()).toBe(0)
    const some = await send(rows, '&partial=true')
    expect(some).toMatchObject({ status: 200, body: { rows: 3, stored: 5, problems: [{}, {}] } })
  })

  it('that are none are refused with what to send', async () => {
    const { world } = story
    expect(await send([heading, ...good], '', 'text/csv')).toMatchObject({ status: 415 })
    expect(await send([heading, ...good], '&team=x')).toMatchObject({ status: 422 })
    const answer = await fetch(`${world.url}/api/v1/attendance/import?team=${encodeURIComponent('一班')}`, {
      ...{ method: 'POST', body: 'not a workbook' },
      headers: { Authorization: `Bearer ${apiToken}`, 'Content-Type': xlsx },
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await world.api('GET', '/attendance?team=二班')).toMatchObject({
      status: 422,
      body: { title: 'Unknown team' },
    })
    expect(await world.api('GET', '/attendance?team=一班&month=2026-13')).toMatchObject({ status: 422 })
    expect(await world.api('GET', '/attendance?team=一班&month=2027-01')).toMatchObject({ status: 422 })
  })
})
