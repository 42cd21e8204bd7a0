import { expect, it } from 'vitest'
import type {
  LeaveCalendar,
  LeaveDetails,
  LeaveDone,
  LeaveList,
  LeavePlan,
  LeaveWaiting,
} from '../../src/console/leavewire.ts'
import { onBoth, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'
import { Asker } from './asker.ts'

/** 张三 asks in chat and confirms. Returns the request's number. */
async function asked(world: World, words: string): Promise<string> {
  const { zhang, wang } = world
  await zhang.says(words)
  zhang.sees('请核对')
  await zhang.taps('确认')
  const code = /请假 (假\d+)[\s\S]*已提交/.exec(zhang.cards().at(-1)?.card.text ?? '')?.[1] ?? ''
  wang.sees(`${code} · 张三`)
  return code
}

const path = (code: string) => `/leave/requests/${encodeURIComponent(code)}`
const teamOf = async (world: World, name = '一班') =>
  (await world.db.prisma.team.findFirstOrThrow({ where: { name } })).id
const personOf = async (world: World, name: string) =>
  (await world.db.prisma.person.findFirstOrThrow({ where: { name } })).id

// Tuesday, 24 November 2026, nine o'clock.
onBoth(story => {
  it('what was asked in chat is decided in the console with all it needs, and every card and message follows', async () => {
    const { world } = story
    const { zhang, zhao, wang } = world
    const visit = await takenOrder(world)
    await zhang.says(`已联系 ${visit} 明天上午10点`)
    const other = await takenOrder(world, { name: '李先生' })
    world.ignore()
    const code = await asked(world, '请假 明天 家里有事')
    const desk = await Asker.of(world, 'wangjingli')
    const { mine } = await desk.reads<LeaveWaiting>('/leave/waiting')
    expect(mine).toMatchObject([
      {
        ...{ code, person: { name: '张三' }, what: '事假 1 天', when: '11月25日周三', reason: '家里有事' },
        ...{ stateName: '等王经理批', taken: '本月 0 天，今年 0 天', cost: ['扣 1 天基本工资（R4.1）'], away: [] },
        acts: ['approve', 'reject', 'propose'],
        orders: [
          { code: visit, customer: '王女士', visit: '明天 10:00', fate: 'granted' },
          { code: other, customer: '李先生', visit: null, fate: 'begun' },
        ],
        story: [{ who: '张三', said: '提出请假 事假 1 天，11月25日周三：家里有事', words: '请假 明天 家里有事' }],
      },
    ])
    const version = mine[0]?.version ?? 0
    expect(await desk.refused(path(code), { act: 'reject', version })).toEqual([
      422,
      `为什么驳回 ${code}？原因会告诉本人，请写上。`,
    ])
    const done = await desk.does<LeaveDone>(path(code), { act: 'approve', version })
    expect(done.said).toBe(`✅ 已批准 ${code}（张三 事假 1 天，11月25日周三），已告诉本人和派工员。`)
    expect(done.leave).toMatchObject({ state: 'granted', stateName: '已批准 · 王经理', acts: [] })
    expect(done.leave.story.map(({ said }) => said)).toContain(`退回 1 单给派工员：${visit}`)
    await world.settle()
    zhang.sees(`✅ ${code}（事假 1 天，11月25日周三） 已由王经理批准`)
    zhao.sees(`${code}） 已批准`)
    zhao.sees(`退回 1 单，请改派：${visit}`)
    // The card he never touched says what he decided elsewhere, or is gone where it can't be drawn again.
    if (wang.can.repaint === 'always') wang.cardShows(`${code} · 张三`, '已批准 · 王经理')
    else expect(wang.cards().some(({ card }) => card.text.includes('[批准]'))).toBe(false)
    world.ignore()
    // Once more, and what chat says of it, change nothing.
    expect(await desk.refused(path(code), { act: 'reject', version, words: '人手不够' })).toEqual([
      409,
      `${code} 已由你批准，这次没有改动。要改请让张三续假、销假或撤销后重新请。`,
    ])
    await wang.says(`驳回 ${code} 人手不够`)
    wang.sees(`${code} 已由你批准，这次没有改动`)
  })

  it('a decision in chat stands: the page that was open says so, and overwrites nothing', async () => {
    const { world } = story
    const { zhang, wang } = world
    const code = await asked(world, '请假 明天下午 家里有事')
    const desk = await Asker.of(world, 'wangjingli')
    const { version } = await desk.reads<LeaveDetails>(path(code))
    await wang.says(`改期 ${code} 后天下午 要装机`)
    wang.sees(`已建议 张三 把 ${code} 改到`)
    zhang.sees(`${code} · 张三`)
    await zhang.says(`同意 ${code}`)
    world.ignore()
    const [status, words] = await desk.refused(path(code), { act: 'approve', version })
    // 张三 agreed to what the manager proposed: it is granted, for other days than the page shows.
    expect([status, words]).toEqual([409, expect.stringMatching(new RegExp(`^${code} 已由.*批准，这次没有改动`))])

    const second = await asked(world, '请假 12月1日 家里有事')
    const seen = await desk.reads<LeaveDetails>(path(second))
    await wang.says(`改期 ${second} 12月2日`)
    world.ignore()
    await zhang.says(`不同意 ${second} 只有那天`)
    world.ignore()
    expect(await desk.refused(path(second), { act: 'approve', version: seen.version })).toEqual([
      409,
      `${second} 已有变化，这次没有改动，请看现在的内容再决定。`,
    ])
    // Page and card at the same moment: one of them wins, the other is told.
    const third = await asked(world, '请假 12月8日 家里有事')
    const now = await desk.reads<LeaveDetails>(path(third))
    const { message, card } = wang.cardWith('批准')
    const key = card.buttons.find(({ text }) => text === '批准')?.key ?? ''
    const [page] = await Promise.all([
      desk.posts(path(third), { act: 'reject', version: now.version, words: '人手不够' }),
      wang.tapsKey(message, key),
    ])
    await world.settle()
    world.ignore()
    const after = await desk.reads<LeaveDetails>(path(third))
    expect(after.state).toBe(page.status === 200 ? 'rejected' : 'granted')
    const decisions = after.story.filter(({ said }) => /^(批准|驳回)/.test(said))
    expect(decisions).toHaveLength(1)
  })

  it('is refused, moved to other days and answered there; the one it is about takes it back and comes home early', async () => {
    const { world } = story
    const { zhang, zhao, wang } = world
    const first = await asked(world, '请假 明天 家里有事')
    const desk = await Asker.of(world, 'wangjingli')
    const own = await Asker.of(world, 'zhangsan')
    const at = async (who: Asker, code: string) => (await who.reads<LeaveDetails>(path(code))).version
    await desk.does(path(first), { act: 'reject', version: await at(desk, first), words: '那天装十台' })
    await world.settle()
    zhang.sees(`❌ ${first}（事假 1 天，11月25日周三） 没有批准：那天装十台`)
    expect(await own.reads(path(first))).toMatchObject({ rejected: '那天装十台', acts: [] })

    const second = await asked(world, '请假 明天 家里有事')
    const days = { from: { day: '2026-11-26', minute: 720 }, to: { day: '2026-11-26', minute: 1440 } }
    const proposed = await desk.does<LeaveDone>(path(second), {
      ...{ act: 'propose', version: await at(desk, second), words: '明天装机', ...days },
    })
    expect(proposed.said).toContain(`已建议 张三 把 ${second} 改到 11月26日周四 下午`)
    await world.settle()
    zhang.sees(`${second} · 张三`)
    zhang.cardShows(second, '王经理建议改到 11月26日周四 下午', '[同意改期]')
    const answer = await own.reads<LeaveWaiting>('/leave/waiting')
    expect(answer.mine).toMatchObject([{ code: second, acts: ['take', 'refuse', 'withdraw'] }])
    await own.does(path(second), { act: 'take', version: answer.mine[0]?.version })
    await world.settle()
    zhao.sees(`${second}） 已批准`)
    wang.sees(`张三 同意把 ${second} 改到 11月26日周四 下午`)
    expect((await own.reads<LeaveDetails>(path(second))).acts).toEqual(['cancel'])
    const gone = await own.does<LeaveDone>(path(second), { act: 'cancel', version: await at(own, second) })
    expect(gone.leave.state).toBe('cancelled')
    await world.settle()
    zhao.sees(`${second}） 取消，照常上班`)
    world.ignore()

    const third = await asked(world, '请假 明天到后天 家里有事')
    await desk.does(path(third), { act: 'approve', version: await at(desk, third) })
    await world.settle()
    world.ignore()
    await world.until('2026-11-25T10:00:00+08:00')
    world.ignore()
    const again = await Asker.of(world, 'zhangsan')
    const running = await again.reads<LeaveDetails>(path(third))
    expect(running.acts).toEqual(['return', 'extend'])
    const longer = await again.does<LeaveDone>(path(third), {
      act: 'extend',
      version: running.version,
      days: 1,
      words: '没办完',
    })
    expect(longer.said).toMatch(/^已提交 假\d+（续事假 1 天，11月27日周五），等王经理批/)
    await world.settle()
    wang.cardShows('续假', '续事假 1 天')
    world.ignore()
    const back = await again.does<LeaveDone>(path(third), { act: 'return', version: running.version })
    expect(back.leave.story.some(({ said }) => said.startsWith('提前回来，缩短到 11月25日周三'))).toBe(true)
    await world.settle()
    zhao.sees('张三 提前回来')
    world.ignore()
  })

  it('is entered for a technician at the desk with what it comes to, and asked of the manager as always', async () => {
    const { world } = story
    const { zhang, wang } = world
    const desk = await Asker.of(world, 'zhaopaigong')
    const team = await teamOf(world)
    const form = await desk.reads<{ people: Array<{ id: string; name: string }>; types: Array<{ name: string }> }>(
      `/leave/form?team=${team}`,
    )
    expect(form.types[0]).toEqual({ name: '事假', unit: 'hour', agreed: false, note: '提前 1 天请' })
    const person = form.people.find(({ name }) => name === '张三')?.id
    const wish = {
      ...{ person, type: '病假', reason: '发烧，电话 13800001234', came: false, agreed: false },
      ...{ from: { day: '2026-11-25', minute: 0 }, to: { day: '2026-11-26', minute: 720 } },
    }
    const plan = await desk.does<LeavePlan>('/leave/plan', wish)
    expect(plan).toMatchObject({ what: '病假 1.5 天', when: '11月25日周三–11月26日周四 上午', deciders: ['王经理'] })
    expect(plan.lines.join('\n')).toMatch(/别人代请[\s\S]*扣 1\.5 天基本工资/)
    expect(await desk.refused('/leave/plan', { ...wish, from: { day: '2026-11-20', minute: 0 } })).toEqual([
      409,
      expect.stringContaining('11月20日'),
    ])
    const done = await desk.does<LeaveDone>('/leave/requests', wish)
    expect(done.said).toContain('等王经理批')
    await world.settle()
    const { code } = done.leave
    zhang.sees(`赵派工替你申请了 ${code}`)
    wang.sees(`${code} · 张三`)
    expect(done.leave.reason).toBe('发烧，电话 138****1234')
    // A technician asks for himself only.
    const own = await Asker.of(world, 'lisi')
    expect(await own.refused('/leave/plan', wish)).toEqual([404, '没有这个人，或者不归你管。'])
    const mine = { ...wish, person: await personOf(world, '李四'), type: '事假', reason: '办事' }
    await own.does('/leave/requests', mine)
    await world.settle()
    world.ignore()
    expect((await desk.reads<LeaveList>('/leave/requests')).items.map(({ person: who }) => who.name)).toEqual([
      '李四',
      '张三',
    ])
    expect((await own.reads<LeaveList>('/leave/requests')).items.map(({ person: who }) => who.name)).toEqual(['李四'])
  })

  it('the calendar has days, halves and hours of a team with its holidays, and nothing of another team', async () => {
    const { world } = story
    const { wang } = world
    const code = await asked(world, '请假 明天下午 家里有事')
    await wang.taps('批准')
    world.ignore()
    const waits = await asked(world, '请年假 12月2日到12月3日')
    world.ignore()
    const desk = await Asker.of(world, 'zhaopaigong')
    const team = await teamOf(world)
    const month = await desk.reads<LeaveCalendar>(`/leave/calendar?team=${team}`)
    expect([month.month, month.today, month.days.length]).toEqual(['2026-11', '2026-11-24', 30])
    expect(month.types.map(({ mark }) => mark)).toEqual(['事', '病', '年', '调', '婚', '产', '陪', '丧'])
    expect(
      month.people
        .map(({ name }) => name)
        .slice(0, 2)
        .sort(),
    ).toEqual(['张三', '李四'].sort())
    const cells = (of: LeaveCalendar) => of.people.find(({ name }) => name === '张三')?.cells
    expect(cells(month)).toEqual([
      {
        ...{ day: '2026-11-25', mark: '事', type: '事假', part: '下午', asked: false, code },
        says: '张三 11月25日周三 事假 下午',
      },
    ])
    const december = await desk.reads<LeaveCalendar>(`/leave/calendar?team=${team}&month=2026-12`)
    expect(cells(december)).toMatchObject([
      { day: '2026-12-02', mark: '年', part: '', asked: true, code: waits },
      { day: '2026-12-03', asked: true },
    ])
    const own = await Asker.of(world, 'zhangsan')
    expect(await own.refused(`/leave/calendar?team=${team}`)).toEqual([403, '这一项由派工员或经理办理。'])
    expect((await own.reads<LeaveWaiting>('/leave/waiting')).used).toContain('事假：本月 半天，今年 半天')
    // A colleague sees nothing of why he is away.
    const colleague = await Asker.of(world, 'lisi')
    expect(await colleague.refused(path(code))).toEqual([404, `没有 ${code}，或者不归你看。`])
    expect(await colleague.refused(path(waits), { act: 'approve', version: 1 })).toEqual([
      404,
      `没有 ${waits}，或者不归你看。`,
    ])
    // The dispatcher sees it, and decides only where the manager is away.
    expect(await desk.refused(path(waits), { act: 'approve', version: 1 })).toEqual([
      409,
      `${waits} 现在不归你批，没有改动。`,
    ])
    expect(await desk.refused('/leave/calendar?team=019aa000-0000-7000-8000-000000000000')).toEqual([
      404,
      '没有这个班组，或者不归你管。',
    ])
  })
})
