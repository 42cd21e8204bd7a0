import { expect, it } from 'vitest'
import type { IncidentDetails, IncidentDone, IncidentList } from '../../src/console/incidentwire.ts'
import type { MonthChoice, MonthPage, SlipView } from '../../src/console/monthwire.ts'
import type { MyPoints } from '../../src/mobile/pointswire.ts'
import { Desk } from '../console/desk.ts'
import { rowsOf } from '../login/help.ts'
import { onBoth, type Story } from '../support/shop.ts'
import { Phone } from './help.ts'
import { november, ownPolicy as policy } from './november.ts'

/** 李四 is a technician of another team, and never was of this one. */
async function worksElsewhere({ world, db }: Story): Promise<void> {
  await world.api('POST', '/teams', { name: '二班' })
  await world.api('POST', '/people', { name: '李四', team: '二班', roles: ['technician'] })
  const [person, team] = await Promise.all([
    db.prisma.person.findFirstOrThrow({ where: { name: '李四' } }),
    db.prisma.team.findFirstOrThrow({ where: { name: '一班' } }),
  ])
  await db.prisma.employment.deleteMany({ where: { personId: person.id, teamId: team.id } })
}

const noSlip = '没有这张工资条，或者还没有发布。'

onBoth(
  story => {
    it('everybody reads his own points on the phone, each with what earned it, and appeals what took them', async () => {
      const { world } = story
      const { code, fine } = await november(story)
      const [zhang, li] = [await Phone.of(world, 'zhangsan'), await Phone.of(world, 'lisi')]
      const mine = await zhang.reads<MyPoints>('/points')
      expect(mine).toMatchObject({ month: '2026-11', now: '2026-11' })
      expect(mine.ledgers).toEqual([
        {
          ...{ team: { id: expect.any(String), name: '一班' }, total: '3', rules: '按「空调门店」第 1 版计算。' },
          sums: [
            { rule: '上门', times: 1, points: '+5' },
            { rule: '未穿工装', times: 1, points: '-2' },
          ],
          entries: expect.arrayContaining([
            { day: '2026-11-24', what: '上门', points: '+5', order: code, incident: null, corrects: false },
            { day: '2026-11-24', what: '未穿工装', points: '-2', order: null, incident: fine, corrects: false },
          ]),
        },
      ])
      // The same as chat has it, and nobody else's.
      await world.zhang.says('我的积分')
      world.zhang.sees('你11月积分 3')
      expect((await li.reads<MyPoints>('/points')).ledgers).toMatchObject([{ total: '0', entries: [] }])
      expect((await zhang.reads<MyPoints>('/points?month=2026-10')).ledgers).toMatchObject([{ entries: [] }])
      expect(await zhang.reads('/points?month=2026-12')).toMatchObject({ status: 422, detail: '12月还没到。' })
      expect(await zhang.reads('/points?month=november')).toMatchObject({ status: 422 })

      // The fine is his to read and to appeal; a colleague is told of none.
      const [desk, colleague] = [await Desk.open(world, 'zhangsan'), await Desk.open(world, 'lisi')]
      const path = `/incidents/list/${encodeURIComponent(fine)}`
      expect((await desk.get<IncidentList>('/incidents/list')).body.items).toMatchObject([{ code: fine, own: true }])
      expect((await colleague.get<IncidentList>('/incidents/list')).body.items).toEqual([])
      expect((await colleague.get(path)).status).toBe(404)
      const shown = (await desk.get<IncidentDetails>(path)).body
      expect(shown).toMatchObject({ acts: ['appeal'], points: '2' })
      const wish = { act: 'appeal', version: shown.version, words: '那天送去洗了' }
      expect((await desk.does<IncidentDone>('POST', path, wish)).body.incident).toMatchObject({ state: 'appealed' })
      expect((await desk.does('POST', path, wish)).status).toBe(409)
      world.ignore()

      // Upheld: taken back by an entry of its own.
      await world.forward('1m')
      await world.wang.says(`撤销 ${fine} 说得对`)
      world.ignore()
      const after = await zhang.reads<MyPoints>('/points')
      expect(after.ledgers[0]).toMatchObject({ total: '5' })
      expect(after.ledgers[0]?.entries[0]).toMatchObject({ incident: fine, points: '+2', corrects: true })
    })

    it('a line of the own payslip is appealed on the phone as in chat; what is not out, or not his, is not there', async () => {
      const { world, db } = story
      await november(story)
      await worksElsewhere(story)
      await world.until('2026-12-01T09:00:00+08:00')
      await world.forward('1m')
      world.ignore()
      const manager = await Desk.open(world, 'wangjingli')
      const [team] = (await manager.get<MonthChoice>('/months')).body.teams
      const slip = `/slips/${team?.id}/2026-11`
      const appeals = `${slip}/appeals`
      const wish = { item: '提成', reason: '3日那单没算' }

      // A draft is nobody's yet, the number of a line or a reason notwithstanding.
      const zhang = await Desk.open(world, 'zhangsan')
      for (const refused of [await zhang.get(slip), await zhang.does('POST', appeals, wish)])
        expect(refused).toMatchObject({ status: 404, body: { detail: noSlip } })
      await manager.does<{ page: MonthPage }>('POST', `/months/${team?.id}/2026-11/publish`)
      world.ignore()
      expect((await zhang.get<SlipView>(slip)).body).toMatchObject({ mayAppeal: true, appeals: [] })

      const asked = await zhang.does<SlipView>('POST', appeals, wish)
      expect([asked.status, asked.body.name]).toEqual([200, '张三'])
      expect(asked.body.appeals).toMatchObject([{ nr: 1, item: '提成', reason: '3日那单没算', answer: null }])
      world.wang.sees(/张三[\s\S]*提成[\s\S]*3日那单没算/)
      const refusal = async (body: object) => {
        const { status, body: problem } = await zhang.does<{ detail: string }>('POST', appeals, body)
        return [status, problem.detail]
      }
      expect(await refusal(wish)).toEqual([409, '「提成」你已经申诉了，等经理答复。'])
      expect(await refusal({ ...wish, item: '奖金' })).toEqual([409, expect.stringContaining('没有「奖金」这一项')])
      expect(await refusal({ item: '罚款扣款', reason: ' ' })).toEqual([409, expect.stringContaining('请写明哪里不对')])
      expect((await zhang.does('POST', appeals, { ...wish, person: team?.id })).status).toBe(422)

      // One who has no slip there appeals none, of his own team or another one.
      for (const stranger of ['zhaopaigong', 'lisi']) {
        const desk = await Desk.open(world, stranger)
        for (const refused of [await desk.get(slip), await desk.does('POST', appeals, wish)])
          expect(refused).toMatchObject({ status: 404, body: { detail: noSlip } })
      }

      // Answered, it can be read; once the term is over nothing can be appealed any more.
      const kept = { upheld: false, reason: '那单是10月的' }
      await manager.does('POST', `/months/${team?.id}/2026-11/appeals/1/answer`, kept)
      world.ignore()
      const read = (await zhang.get<SlipView>(slip)).body
      expect(read.appeals).toMatchObject([{ answer: { ...kept, by: '王经理' } }])
      const until = (await manager.get<MonthPage>(`/months/${team?.id}/2026-11`)).body.appealsUntil ?? ''
      world.clock.freeze(new Date(Date.parse(until) + 1_000))
      const late = await Desk.open(world, 'zhangsan')
      expect((await late.get<SlipView>(slip)).body.mayAppeal).toBe(false)
      expect(await late.does('POST', appeals, wish)).toMatchObject({ status: 409 })
      world.ignore()
      const actions = (await rowsOf(db)).filter(({ action }) => action === 'month.appeal')
      expect(actions).toEqual([{ action: 'month.appeal', via: 'page', who: '张三' }])
    })
  },
  { policy },
)
