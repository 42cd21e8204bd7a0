import { expect, it } from 'vitest'
import type {
  IncidentCatalogue,
  IncidentChoices,
  IncidentDetails,
  IncidentDone,
  IncidentList,
  IncidentPreview,
  IncidentWaiting,
} from '../../src/console/incidentwire.ts'
import { dot } from '../support/actor.ts'
import { onBoth, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'
import { Asker, managesElsewhere } from './asker.ts'

const policy = `
name: default
version: 1
hours: ["08:00-12:00", "13:30-18:00"]
days: [1, 2, 3, 4, 5, 6, 7]
clocks:
  - { kind: contact, name: 联系时限, start: dispatched, stop: [contacted, completed], within: 30m }
incidents:
  appealWithin: 3d
  answerWithin: 2d
  items:
    - { name: 未穿鞋套, words: [鞋套没穿], group: 上门规范, fine: "30.00", rule: R9.1,
        repeat: [{ time: 3, fine: "30.00", losesAppraisal: true }] }
    - { name: 不团结, group: 纪律, between: { points: [-4, -10] }, rule: R11 }
    - { name: 私自收费, group: 纪律, times: { of: 修理费, by: 5 }, proposesDismissal: true, rule: R9.2 }
    - { name: 联系超时, group: 时限, points: -1, rule: R9.3, from: { clock: contact, over: 1h } }
    - { name: 表扬信, group: 奖励, reward: "100.00", points: 2 }
`

const path = (code: string) => `/incidents/list/${encodeURIComponent(code)}`
const png = Buffer.from(dot.slice(dot.indexOf(',') + 1), 'base64')

async function meant(world: World, name = '张三') {
  const { db } = world
  return {
    team: (await db.prisma.team.findFirstOrThrow({ where: { name: '一班' } })).id,
    person: (await db.prisma.person.findFirstOrThrow({ where: { name } })).id,
    day: '2026-11-24',
    words: '',
    again: false,
  }
}

// Tuesday, 24 November 2026, nine o'clock.
onBoth(
  story => {
    it('is entered by form with what the catalogue wants, told on his card, appealed on the page and answered there', async () => {
      const { world } = story
      const { zhang, wang } = world
      const desk = await Asker.of(world, 'wangjingli')
      const code = await takenOrder(world)
      const who = await meant(world)
      const catalogue = await desk.reads<IncidentCatalogue>(
        `/incidents/catalogue?team=${who.team}&person=${who.person}`,
      )
      expect(catalogue.items.find(({ name }) => name === '不团结')).toEqual({
        ...{ name: '不团结', group: '纪律', cost: '扣 4 分 到 10 分', gives: false },
        needs: { amount: null, points: { from: 4, to: 10 }, base: null, loss: false },
      })
      const wish = { ...who, item: '不团结' }
      const look = (more: object) => desk.does<IncidentPreview>('/incidents/preview', { ...wish, ...more })
      expect(await look({})).toMatchObject({
        effects: null,
        wanted: '「不团结」制度定 4 分 到 10 分，请填数目。',
        like: [],
      })
      expect(await look({ points: 12 })).toMatchObject({ wanted: expect.stringContaining('不在里面') })
      expect(await look({ points: 5 })).toMatchObject({ effects: '扣 5 分', counts: true, nth: 1, same: false })
      expect(await desk.refused('/incidents/list', wish)).toEqual([422, '「不团结」制度定 4 分 到 10 分，请填数目。'])
      const charged = await look({ item: '私自收费', base: '80' })
      expect(charged.effects).toBe('罚款 ¥400.00，建议辞退（由经理决定）')

      const shoes = { ...who, item: '未穿鞋套', order: code, words: '客户 13800001234 打电话来说的' }
      const made = await desk.does<IncidentDone>('/incidents/list', shoes)
      expect(made.said).toBe('✅ 已记 奖惩1，已告诉张三。')
      await world.settle()
      zhang.sees('奖惩1 · 张三')
      zhang.cardShows('罚款 ¥30.00', '未穿鞋套', '[申诉]')
      // The same thing twice is asked about first.
      expect(await look({ ...shoes })).toMatchObject({ same: true, like: [{ code: '奖惩1' }], nth: 2 })
      expect(await desk.refused('/incidents/list', shoes)).toEqual([
        409,
        '奖惩1 已经记过同样的「未穿鞋套」，没有再记。确实是另一次，请勾上「这是另一次」再提交。',
      ])

      // Evidence: only pictures, only from whoever may.
      const own = await Asker.of(world, 'zhangsan')
      expect(await desk.uploads(`${path('奖惩1')}/photos`, Buffer.from('<svg/>'), 'image/png')).toMatchObject({
        status: 422,
      })
      expect(await own.uploads(`${path('奖惩1')}/photos`, png, 'image/png')).toMatchObject({ status: 409 })
      const added = await desk.uploads(`${path('奖惩1')}/photos`, png, 'image/png')
      expect(added.status).toBe(200)
      await world.settle()
      const seen = await own.reads<IncidentDetails>(path('奖惩1'))
      expect(seen).toMatchObject({
        ...{ item: '未穿鞋套（R9.1）', effects: '罚款 ¥30.00', order: code, orderOpen: true, enteredBy: '王经理' },
        ...{
          note: '客户 138****1234 打电话来说的',
          acts: ['appeal'],
          mayAddPhotos: false,
          appealUntil: '11月27日周五',
        },
        rule: { group: '上门规范', cite: 'R9.1' },
        policy: { name: 'default', version: 1 },
        photos: [{ state: 'stored' }],
      })
      expect(seen.rule.lines).toEqual([
        '每次：罚 ¥30.00',
        '当月第 3 次起：罚 ¥30.00，取消考评',
        '不同意可以在 3 天内申诉',
      ])
      const photo = await own.get(`${path('奖惩1')}/photos/${seen.photos[0]?.id}`)
      expect([photo.status, photo.headers.get('content-type'), photo.headers.get('x-content-type-options')]).toEqual([
        ...[200, 'image/png', 'nosniff'],
      ])
      expect(photo.headers.get('content-disposition')).toMatch(/^inline; filename/)
      world.ignore()

      // His appeal, from the page; the manager's chat and page have it.
      expect(await own.refused(path('奖惩1'), { act: 'appeal', version: seen.version })).toEqual([
        422,
        '为什么申诉？经理按它答复，请写上。',
      ])
      const appealed = await own.does<IncidentDone>(path('奖惩1'), {
        ...{ act: 'appeal', version: seen.version, words: '我穿了，有照片' },
      })
      expect(appealed.incident).toMatchObject({ state: 'appealed', acts: [], mayAddPhotos: true })
      await world.settle()
      wang.sees('奖惩1 · 张三')
      wang.cardShows('申诉中，等王经理答复', '申诉：我穿了，有照片')
      expect((await own.uploads(`${path('奖惩1')}/photos`, png, 'image/png')).status).toBe(200)
      await world.settle()
      world.ignore()
      const waiting = await desk.reads<IncidentWaiting>('/incidents/waiting')
      expect(waiting.appeals).toMatchObject([
        { code: '奖惩1', reason: '我穿了，有照片', left: '还剩 2 天答复', late: false },
      ])
      const now = await desk.reads<IncidentDetails>(path('奖惩1'))
      expect(now).toMatchObject({ acts: ['reject', 'amend', 'uphold'], appeal: { photos: [{ state: 'stored' }] } })
      expect(
        await desk.refused(path('奖惩1'), { act: 'amend', version: now.version, amount: '50', words: '态度不好' }),
      ).toEqual([409, expect.stringContaining('只能改轻，不能加重')])
      const answered = await desk.does<IncidentDone>(path('奖惩1'), {
        ...{ act: 'amend', version: now.version, amount: '10', words: '第一次，有照片' },
      })
      expect(answered.said).toBe('✅ 奖惩1（张三 未穿鞋套） 改为「罚款 ¥10.00」，已告诉张三。')
      await world.settle()
      zhang.sees('✅ 奖惩1（未穿鞋套，11月24日周二） 你的申诉已答复：改为「罚款 ¥10.00」。王经理说：第一次，有照片。')
      world.ignore()
    })

    it('what a dispatcher proposed waits; a decision in chat or on the page is made once, and said to the other', async () => {
      const { world } = story
      const { zhang, zhao, wang } = world
      const desk = await Asker.of(world, 'zhaopaigong')
      const boss = await Asker.of(world, 'wangjingli')
      const own = await Asker.of(world, 'zhangsan')
      const who = await meant(world)
      const proposed = await desk.does<IncidentDone>('/incidents/list', { ...who, item: '表扬信' })
      expect(proposed.said).toBe('已提出 奖惩1，等王经理确认，确认以前不算数。')
      expect(proposed.incident.acts).toEqual([])
      await world.settle()
      wang.sees('奖惩1 · 张三')
      // Until it counts it is no matter of his.
      expect(await own.refused(path('奖惩1'))).toEqual([404, '没有 奖惩1，或者不归你看。'])
      expect((await own.reads<IncidentList>('/incidents/list')).items).toEqual([])
      const { proposals } = await boss.reads<IncidentWaiting>('/incidents/waiting')
      expect(proposals).toMatchObject([{ code: '奖惩1', effects: '奖励 ¥100.00，加 2 分', gives: true }])
      await wang.taps('确认')
      zhang.sees('奖惩1 · 张三')
      zhao.sees('✅ 奖惩1')
      expect(
        await boss.refused(path('奖惩1'), { act: 'drop', version: proposals[0]?.version, words: '记错了' }),
      ).toEqual([409, '奖惩1 已有变化：已确认 · 王经理。这次没有改动，请看现在的内容再决定。'])
      const { version } = await desk.reads<IncidentDetails>(path('奖惩1'))
      expect(await desk.refused(path('奖惩1'), { act: 'confirm', version })).toEqual([
        409,
        '奖惩1 要由王经理决定，没有改动。',
      ])

      // The other way round: confirmed on the page, the tap in chat is told.
      await desk.does('/incidents/list', { ...who, item: '未穿鞋套' })
      await world.settle()
      wang.sees('奖惩2 · 张三')
      const { message, card } = wang.cardWith('确认')
      const key = card.buttons.find(({ text }) => text === '确认')?.key ?? ''
      const second = await boss.reads<IncidentDetails>(path('奖惩2'))
      const [page] = await Promise.all([
        boss.posts(path('奖惩2'), { act: 'drop', version: second.version }),
        wang.tapsKey(message, key),
      ])
      await world.settle()
      world.ignore()
      const after = await boss.reads<IncidentDetails>(path('奖惩2'))
      expect(after.state).toBe(page.status === 200 ? 'dropped' : 'confirmed')
      expect(after.story.filter(({ said }) => /^(确认|撤销)/.test(said))).toHaveLength(1)
      await wang.says('确认 奖惩2')
      wang.sees(/奖惩2 已由你(撤销|确认)，这次没有改动/)
    })

    it('lists what somebody may see, page by page, and shows why a clock was missed; another team sees nothing', async () => {
      const { world } = story
      const code = await takenOrder(world)
      await world.forward('2h')
      world.ignore()
      await world.forward('1h')
      world.ignore()
      const boss = await Asker.of(world, 'wangjingli')
      const { proposals } = await boss.reads<IncidentWaiting>('/incidents/waiting')
      expect(proposals).toMatchObject([
        { item: '联系超时（R9.3）', order: code, why: expect.stringContaining('现在还没办') },
      ])
      const late = await boss.reads<IncidentDetails>(path(proposals[0]?.code ?? ''))
      expect(late).toMatchObject({
        enteredBy: '系统自动提出',
        orderOpen: true,
        ground: expect.stringContaining('超时'),
      })
      expect(late.arithmetic.join('\n')).toMatch(/【联系时限】[\s\S]*起点：[\s\S]*到期：/)
      expect(late.rule.lines).toContain('联系超过 1 小时时自动提出，经理确认才算')

      const who = await meant(world)
      const other = await meant(world, '李四')
      for (const wish of [
        { ...who, item: '未穿鞋套' },
        { ...who, item: '未穿鞋套', again: true },
        { ...other, item: '表扬信' },
      ])
        await boss.does('/incidents/list', wish)
      await world.settle()
      world.ignore()
      const list = (from: Asker, query = '') => from.reads<IncidentList>(`/incidents/list${query}`)
      const codes = async (query: string) => (await list(boss, query)).items.map(one => one.code)
      expect(await codes('')).toEqual(['奖惩4', '奖惩3', '奖惩2', '奖惩1'])
      expect(await codes(`?person=${other.person}`)).toEqual(['奖惩4'])
      expect(await codes(`?item=${encodeURIComponent('未穿鞋套')}&state=confirmed`)).toEqual(['奖惩3', '奖惩2'])
      expect(await codes('?state=proposed')).toEqual(['奖惩1'])
      expect(await codes('?month=2026-10')).toEqual([])
      const first = await list(boss, '?limit=3')
      expect(first.items).toHaveLength(3)
      expect(await codes(`?limit=3&before=${first.next}`)).toEqual(['奖惩1'])
      const own = await Asker.of(world, 'zhangsan')
      expect((await list(own)).items.map(one => one.code)).toEqual(['奖惩3', '奖惩2'])
      expect(await own.reads<IncidentChoices>('/incidents/choices')).toMatchObject({ teams: [], people: [] })
      expect(await own.refused('/incidents/preview', { ...who, item: '未穿鞋套' })).toEqual([
        403,
        '这一项由派工员或经理办理。',
      ])

      await managesElsewhere(world, '李四')
      const stranger = await Asker.of(world, 'lisi')
      // His own stays his.
      expect((await list(stranger)).items.map(one => one.code)).toEqual(['奖惩4'])
      expect(await stranger.refused(path('奖惩2'))).toEqual([404, '没有 奖惩2，或者不归你看。'])
      expect(await stranger.refused(path('奖惩2'), { act: 'revoke', version: 1, words: '不算' })).toEqual([
        404,
        '没有 奖惩2，或者不归你看。',
      ])
      expect(await stranger.refused(`/incidents/list?team=${who.team}`)).toEqual([404, '没有这个班组，或者不归你管。'])
      expect(await stranger.refused('/incidents/list', { ...who, item: '未穿鞋套' })).toEqual([
        404,
        '没有这个班组，或者不归你管。',
      ])
      world.ignore()
    })
  },
  { policy },
)
