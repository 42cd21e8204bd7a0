import { expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'

const story = eachStory()

it('gives a team’s leave, one with its journal, and the calendar of who is away', async () => {
  const { world } = story
  const { zhang, wang, zhao } = world
  await zhang.says('请假 明天下午 家里有事')
  zhang.sees('请核对')
  await zhang.says('确认')
  zhang.sees('已提交 假1')
  wang.sees('假1 · 张三')

  const listed = await world.api<{ items: Array<Record<string, unknown>>; next: null }>(
    'GET',
    '/leaves?team=一班&state=asked',
  )
  expect(listed.body).toMatchObject({
    items: [{ code: '假1', person: { name: '张三' }, type: '事假', state: 'asked', total: 0.5, reason: '家里有事' }],
    next: null,
  })
  await wang.says('批准 假1')
  wang.sees('✅ 已批准 假1')
  zhang.sees('✅ 假1')
  zhao.sees('假1） 已批准')
  const one = await world.api<{ timeline: Array<{ fact: string }> }>('GET', `/leaves/${encodeURIComponent('假1')}`)
  expect(one.body).toMatchObject({ state: 'granted', decidedBy: { name: '王经理' } })
  expect(one.body.timeline.map(({ fact }) => fact)).toEqual(['asked', 'granted'])
  const calendar = await world.api('GET', '/leave-calendar?team=一班&from=2026-11-24&to=2026-11-25')
  expect(calendar.body).toMatchObject({
    items: [
      { day: '2026-11-24', works: true, away: [] },
      {
        day: '2026-11-25',
        away: [{ person: { name: '张三' }, why: '事假', from: 720, to: 1440, days: 0.5, asked: false }],
      },
    ],
  })
})

it('names what is wrong with a question', async () => {
  const { world } = story
  expect(await world.api('GET', '/leaves?team=九班')).toMatchObject({ status: 422, body: { title: 'Unknown team' } })
  expect(await world.api('GET', '/leaves/x')).toMatchObject({ status: 404 })
  expect(await world.api('GET', '/leave-calendar?team=一班&from=2026-11-25&to=2026-11-24')).toMatchObject({
    status: 422,
  })
  expect(await world.api('GET', '/leave-calendar?team=一班&from=heute&to=2026-11-24')).toMatchObject({ status: 422 })
})
