import { describe, expect, it } from 'vitest'
import type { Actor } from '../support/actor.ts'
import { onBoth } from '../support/shop.ts'
import type { World } from '../support/world.ts'

/** A shop where one technician may be away at a time, long leave goes two steps up, and farming has days of its own. */
const policy = `
name: default
version: 1
clocks:
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], within: 30d }
leave:
  types:
    - { name: 事假, notice: 1d, late: { deduct: 2 }, deduct: 1, rule: R4.1 }
    - { name: 病假, notice: 0d, deduct: 1, proof: 先交, words: [发烧] }
    - { name: 农忙假, deduct: 0, fullAttendance: 不计入, limits: { per: 季, days: 3 }, atOnce: 1, agreed: true, words: [农忙], rule: R4.5 }
  atOnce: 1
  approve:
    - { over: 3, by: [派工员, 经理] }
    - { by: 经理 }
  deputies: 派工员
  cancel: 要批
  fullAttendance:
    month: { amount: "100.00", over: 2 }
    year: { amount: "1200.00", over: 24, by: 农历年 }
`

async function prepared(person: Actor, words: string): Promise<void> {
  await person.says(words)
  person.sees('请核对')
}

async function sent(world: World, words: string): Promise<void> {
  await prepared(world.zhang, words)
  await world.zhang.says('确认')
  world.zhang.sees('已提交')
}

onBoth(
  story => {
    it('gives the last place to one of two who ask at once, and tells the other', async () => {
      const { world } = story
      const { zhang, li } = world
      await prepared(zhang, '请假 后天 有事')
      await prepared(li, '请假 后天 有事')
      const taps = [zhang, li].map(person => {
        const { message, card } = person.cardWith('确认')
        return person.tapsKey(message, card.buttons.find(({ text }) => text === '确认')?.key ?? '')
      })
      await Promise.all(taps)
      await world.settle()
      const held = await world.db.prisma.leaveDay.findMany({ where: { day: '2026-11-26' } })
      expect(held).toHaveLength(1)
      world.wang.sees('假1 · ')
      const [winner, loser] = zhang.cards().at(-1)?.card.text.includes('已提交') ? [zhang, li] : [li, zhang]
      winner.cardShows('已提交', '等王经理批')
      const refusal = `11月26日周四休假的已有 ${winner.name}，同一天最多 1 人`
      const told = world.unseen().some(message => JSON.stringify(message).includes(refusal))
      const drawn = loser.cards().some(({ card }) => card.text.includes(refusal))
      expect(told || drawn, world.screen(loser.userId)).toBe(true)
      world.ignore()
    })

    it('lets one of two managers decide; the other sees what was decided', async () => {
      const { world } = story
      const { wang, zhao } = world
      const made = await world.db.prisma.membership.findFirstOrThrow({ where: { person: { name: '王经理' } } })
      const { id } = await world.db.prisma.person.findFirstOrThrow({ where: { name: '赵派工' } })
      await world.db.prisma.membership.create({
        data: { company: made.company, teamId: made.teamId, personId: id, role: 'manager' },
      })
      await sent(world, '请假 后天 有事')
      wang.sees('假1 · 张三')
      zhao.sees('假1 · 张三')
      const tap = (person: Actor, text: string) => {
        const { message, card } = person.cardWith(text)
        return person.tapsKey(message, card.buttons.find(button => button.text === text)?.key ?? '')
      }
      await wang.taps('驳回')
      await Promise.all([tap(zhao, '批准'), tap(wang, '人手不够')])
      await world.settle()
      const facts = await world.db.prisma.leaveJournal.findMany({ orderBy: { seq: 'asc' } })
      const decisions = facts.filter(({ fact }) => fact === 'granted' || fact === 'rejected')
      expect(decisions).toHaveLength(1)
      const word = decisions[0]?.fact === 'granted' ? '已批准' : '已驳回'
      for (const person of [wang, zhao]) person.cardShows(word)
      world.ignore()
    })

    it('applies no tap on a card that shows other days than are asked for now, nor one by who has no business with it', async () => {
      const { world } = story
      const { wang, zhao, li } = world
      await sent(world, '请假 后天 有事')
      wang.sees('假1 · 张三')
      const { message, card } = wang.cardWith('批准')
      const key = card.buttons.find(({ text }) => text === '批准')?.key ?? ''
      const { id } = await world.db.prisma.leave.findFirstOrThrow()
      await world.db.prisma.leaveJournal.createMany({
        data: (['proposed', 'refused'] as const).map((fact, index) => ({
          ...{ company: 'main', leaveId: id, seq: index + 2, at: world.clock.now(), fact, via: 'text' },
          body:
            fact === 'proposed'
              ? { span: { from: { day: '2026-12-01', minute: 0 }, to: { day: '2026-12-01', minute: 1440 } }, days: [] }
              : {},
        })),
      })
      await wang.tapsKey(message, key)
      await world.settle()
      wang.cardShows('假1 已有变化，刚才的点击没有生效')
      expect(await world.db.prisma.leaveJournal.count({ where: { fact: 'granted' } })).toBe(0)
      await li.says('假1')
      li.sees('没有找到 假1')
      await zhao.says('假1')
      zhao.sees('假1 张三 事假')
      world.ignore()
    })

    it('goes up two steps when it is long, and falls to the deputy while the manager is away', async () => {
      const { world } = story
      const { zhang, wang, zhao } = world
      await sent(world, '请假 12月1日到12月7日 回老家')
      zhao.sees('假1 · 张三')
      zhao.cardShows('12月1日周二–12月7日周一', '12月满勤奖 ¥100.00 会没有')
      await zhao.says('批准 假1')
      zhao.sees('假1（张三 事假 7 天，12月1日周二–12月7日周一） 已转下一步，等王经理批')
      zhang.sees('赵派工已批，等王经理批')
      wang.sees('假1 · 张三')
      await wang.taps('批准')
      zhang.sees('✅ 假1')
      zhao.sees('假1） 已批准')

      await world.db.prisma.person.updateMany({ where: { name: '王经理' }, data: { daysOff: ['2026-11-24'] } })
      await sent(world, '请假 后天 有事')
      zhao.sees('假2 · 张三')
      zhao.cardShows('王经理不在，等赵派工批')
      await zhao.says('批准')
      zhao.sees('✅ 已批准 假2')
      zhang.sees('已由赵派工批准')
    })

    it('weighs what is asked on the day itself: absence at twice the wage, or ordinary leave for one who came', async () => {
      const { world } = story
      const { zhang, wang, zhao } = world
      await sent(world, '请假 今天 家里有事')
      wang.sees('假1 · 张三')
      wang.cardShows('当天才请，没有到岗', '按旷工：扣 2 天基本工资（1 天 × 2 倍）', '[已到岗，批准]')
      await wang.taps('已到岗，批准')
      zhang.sees(/✅ 假1[\s\S]*按到岗后请假算，不算旷工/)
      zhao.sees('假1） 已批准')
      zhao.sees('开始，手上没有单')
    })

    it('wants the paper first where the rule book says so', async () => {
      const { world } = story
      const { zhang, wang, zhao } = world
      await sent(world, '请病假 后天 发烧')
      wang.sees('假1 · 张三')
      await wang.says('批准')
      wang.sees('假1 要先交证明才能批')
      await zhang.says('证明 假1')
      zhang.sees('请把 假1 的证明照片发来')
      await zhang.sendsPhoto()
      zhang.sees('📎 已收到 假1 的证明，共 1 张')
      wang.sees('张三 交了 假1 的证明（第 1 张）')
      await wang.says('批准')
      wang.sees('✅ 已批准 假1')
      zhang.sees('✅ 假1')
      zhao.sees('假1） 已批准')
    })

    it('is filed by a colleague for one who can’t (R4.8), and the days of a quarter have an end (R4.5)', async () => {
      const { world } = story
      const { zhang, li, wang, zhao } = world
      await li.says('代请 张三 后天 农忙 家里收麦子')
      li.sees('请核对')
      li.cardShows('请假 · 张三', '农忙假 1 天', '不扣工资（R4.5）', '[确认，已商量好]')
      await li.says('确认')
      li.sees('已提交 假1')
      zhang.sees('李四替你申请了 假1（农忙假 1 天，11月26日周四），等王经理批')
      wang.sees('假1 · 张三')
      wang.cardShows('别人代请', '已和同事商量好')
      await wang.says('批准 假1')
      wang.sees('✅ 已批准 假1')
      zhang.sees('✅ 假1')
      li.sees('假1） 已批准')
      zhao.sees('假1） 已批准')
      // Who filed it may hand in the paper, too.
      await li.says('证明 假1')
      li.sees('请把 假1 的证明照片发来')
      await zhang.says('农忙假 12月1日到3日 收麦子')
      zhang.sees('农忙假第4季度最多 3 天，已用 1 天，这次要 3 天，不够')
      await zhang.says('撤销请假')
      zhang.sees('已提交 假2（撤销请假')
      wang.sees('撤销请假 假2 · 张三')
      await wang.taps('批准')
      zhang.sees(/假1（[\s\S]*已取消，请照常上班/)
      zhao.sees('取消，照常上班')
      world.ignore()
    })

    it('leaves no request behind that would change leave which is no more', async () => {
      const { world } = story
      const { zhang, wang, zhao } = world
      await sent(world, '请农忙假 后天 收麦子')
      wang.sees('假1 · 张三')
      await wang.says('批准')
      wang.sees('✅ 已批准 假1')
      zhang.sees('✅ 假1')
      zhao.sees('假1） 已批准')
      await sent(world, '续假 假1 1天 没收完')
      wang.sees('续假 假2 · 张三')
      await zhang.says('撤销 假1')
      zhang.sees('已提交 假3')
      wang.sees('撤销请假 假3')
      await wang.says('批准 假3')
      wang.sees('✅ 已批准 假3')
      const states = await world.db.prisma.leave.findMany({ orderBy: { id: 'asc' }, select: { state: true } })
      expect(states.map(({ state }) => state)).toEqual(['cancelled', 'withdrawn', 'granted'])
      expect(await world.db.prisma.leaveDay.count()).toBe(0)
      world.ignore()
    })

    it('ends with the job: whoever leaves the company has no leave that waits or is ahead', async () => {
      const { world } = story
      const { wang } = world
      await sent(world, '请假 后天 有事')
      wang.sees('假1 · 张三')
      const { id } = await world.db.prisma.person.findFirstOrThrow({ where: { name: '张三' } })
      await world.api('PATCH', `/people/${id}`, { active: false })
      wang.sees('作废：人已离职')
      wang.cardShows('已撤回')
      expect(await world.db.prisma.leaveDay.count()).toBe(0)
    })

    describe('with nobody to decide', () => {
      it('says so: a manager without another one can’t ask himself', async () => {
        const { world } = story
        await world.wang.says('请假 后天 有事')
        world.wang.sees('按班组的制度现在没有人能批你的假')
      })
    })
  },
  { policy },
)
