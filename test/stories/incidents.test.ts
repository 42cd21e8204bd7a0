import { expect, it } from 'vitest'
import { onBoth, takenOrder } from '../support/shop.ts'

/** A shop with a catalogue: R9.1, R9.2, R9.3, R11. */
const policy = `
name: default
version: 1
hours: ["08:00-12:00", "13:30-18:00"]
days: [1, 2, 3, 4, 5, 6, 7]
incidents:
  appealWithin: 3d
  answerWithin: 2d
  items:
    - { name: 未穿鞋套, words: [鞋套没穿], group: 上门规范, fine: "30.00", rule: R9.1,
        repeat: [{ time: 3, fine: "30.00", losesAppraisal: true }] }
    - { name: 未带鞋套, group: 上门规范, fine: "20.00" }
    - { name: 不团结, group: 纪律, between: { points: [-4, -10] }, rule: R11 }
    - { name: 私自收费, group: 纪律, times: { of: 修理费, by: 5 }, proposesDismissal: true, rule: R9.2 }
    - { name: 表扬信, group: 奖励, reward: "100.00", points: 2 }
`

// Tuesday, 24 November 2026, nine o'clock.
onBoth(
  story => {
    it('is entered in a sentence, told with its reasons, appealed, answered, and can be taken back', async () => {
      const { world } = story
      const { zhang, wang, zhao, li } = world
      const code = await takenOrder(world)

      await zhang.says('扣分 李四 2分 不团结')
      zhang.sees('奖惩由经理或派工员来记，没有记录')
      await wang.saysInGroup('罚款 张三 30元 未穿鞋套')
      world.groupSees('这件事请和我单聊说，没有记录')

      // A manager's counts at once; photos that follow belong to it.
      await wang.says(`罚款 张三 30元 鞋套没穿 ${code} 客户打电话来说的`)
      wang.sees(
        `✅ 已记 奖惩1：张三 未穿鞋套（R9.1），罚款 ¥30.00，11月24日周二，单 ${code}。已告诉张三，可申诉到 11月27日周五。照片 10 分钟内发来会附上。`,
      )
      zhang.sees('奖惩1 · 张三')
      zhang.cardShows(
        '奖惩1 · 张三',
        '罚款 ¥30.00',
        '未穿鞋套',
        'R9.1',
        '客户打电话来说的',
        '不同意可以申诉，到 11月27日周五 为止',
        '[申诉]',
        '[看单]',
      )
      await world.again()
      await wang.sendsPhoto()
      wang.sees('📷 已附到 奖惩1，共 1 张')
      expect(await story.db.prisma.incident.count()).toBe(1)

      // Two items could be meant; how much is left open; a sum that is taken so many times.
      await wang.says('罚款 张三 鞋套')
      wang.sees('记哪一项')
      await wang.taps('未带鞋套')
      wang.cardShows('已记 奖惩2：张三 未带鞋套，罚款 ¥20.00')
      zhang.sees('奖惩2 · 张三')
      await wang.says('扣分 张三 不团结')
      wang.sees('「不团结」记多少分？制度定 4 分 到 10 分。直接回复数目，或说：扣分 张三 4分 不团结')
      await wang.says('12分')
      wang.sees('「不团结」制度定 4 分 到 10 分，没有记录')
      await wang.says('5分')
      wang.sees('✅ 已记 奖惩3：张三 不团结（R11），扣 5 分')
      zhang.sees('奖惩3 · 张三')
      await wang.says('罚款 张三 私自收费')
      wang.sees('「私自收费」按修理费的 5 倍算，修理费是多少？')
      await wang.says('修理费 80元')
      wang.sees('✅ 已记 奖惩4：张三 私自收费（R9.2），罚款 ¥400.00，建议辞退（由经理决定）')
      zhang.sees('奖惩4 · 张三')
      zhang.cardShows('奖惩4 · 张三', '罚款 ¥400.00')
      expect(zhang.cards().some(({ card }) => card.text.includes('辞退'))).toBe(false)
      await wang.says('罚款 张三 迟到')
      wang.sees('奖惩项目里没有「迟到」，没有记录')

      // A dispatcher's waits for the manager; her word stays hers until then.
      await zhao.says('奖励 张三 表扬信 客户送来的')
      zhao.sees('已提出 奖惩5：张三 表扬信，奖励 ¥100.00，加 2 分，11月24日周二。等王经理确认，确认以前不算数。')
      wang.sees('奖惩5 · 张三')
      wang.cardShows('奖惩5 · 张三', '等王经理确认', '[确认]', '[撤销]')
      await wang.taps('确认')
      wang.cardShows('奖惩5 · 张三', '已确认 · 王经理')
      zhang.sees('奖惩5 · 张三')
      zhao.sees('✅ 奖惩5（张三 表扬信，11月24日周二） 已由王经理确认，已告诉本人')

      // The appeal: why has to be said, once, in its days; the answer says why as well.
      await li.says('申诉 1 我来说两句')
      li.sees('没有找到 奖惩1')
      await zhang.says('申诉 1')
      zhang.sees('为什么申诉 奖惩1（未穿鞋套）？请回复「申诉 奖惩1 原因」')
      await zhang.says('申诉 1 我穿了，客户电话 13800001234 可以作证')
      zhang.sees('已提交 奖惩1（未穿鞋套）的申诉，送王经理，应在 11月26日周四 前答复')
      wang.sees('奖惩1 · 张三')
      wang.cardShows(
        '申诉中，等王经理答复',
        '申诉：我穿了，客户电话 138****1234 可以作证',
        '请在 11月26日周四 前答复',
        '[维持]',
        '[改轻]',
        '[成立，撤销]',
      )
      await zhang.sendsPhoto()
      zhang.sees('📷 已附到 奖惩1 的申诉，共 1 张')
      await zhang.says('申诉 1 再说一次')
      zhang.sees('奖惩1 已经申诉过，王经理还没有答复')
      await world.until('2026-11-26T08:05:00+08:00')
      wang.sees('⏰ 张三 对 奖惩1（未穿鞋套）的申诉还没有答复，请在今天答复')
      world.ignore()
      await wang.says('改为 奖惩1 50元 态度不好')
      wang.sees('申诉以后只能改轻，不能加重')
      await wang.taps('改轻')
      wang.cardShows('改为多少、为什么？直接回复，比如：10元 已补联系')
      await wang.says('10元 第一次，有照片')
      wang.sees('✅ 奖惩1（张三 未穿鞋套） 改为「罚款 ¥10.00」，已告诉张三')
      zhang.sees('✅ 奖惩1（未穿鞋套，11月24日周二） 你的申诉已答复：改为「罚款 ¥10.00」。王经理说：第一次，有照片。')
      await zhang.says('申诉 1 还是不服')
      zhang.sees('一条只能申诉一次')

      // After the days for it; and taken back by the manager, who says why.
      await world.until('2026-11-28T09:00:00+08:00')
      world.ignore()
      await zhang.says('申诉 3 我没有')
      zhang.sees('奖惩3 的申诉到 11月27日周五 为止，已经过了，没有提交。有疑问请当面找王经理。')
      await wang.says('撤销 奖惩3')
      wang.sees('奖惩3 已经生效，为什么撤销？请回复「撤销 奖惩3 原因」')
      await wang.says('撤销 奖惩3 记错人了')
      wang.sees('✅ 已撤销 奖惩3（张三 不团结），原因已告诉张三')
      zhang.sees('✅ 奖惩3（不团结，11月24日周二） 已由王经理撤销：记错人了。原来的「扣 5 分」不再算。')
      await wang.says('撤销 奖惩3 再撤一次')
      wang.sees('奖惩3 已由你撤销（记错人了），这次没有改动')

      await zhang.says('我的奖惩')
      zhang.sees(/奖惩5 11月24日周二 表扬信｜奖励 ¥100.00，加 2 分｜已确认[\s\S]*本月合计 4 条：罚款 ¥330.00，加 2 分/)
      await wang.says('奖惩')
      wang.sees('没有等你处理的奖惩')
      await wang.says('奖惩1')
      wang.sees(
        /奖惩1 张三 未穿鞋套（R9.1）[\s\S]*王经理：记录（客户打电话来说的）[\s\S]*张三：申诉[\s\S]*王经理：改为罚款 ¥10.00（第一次，有照片）/,
      )
      wang.sees('奖惩1 · 张三')
      await zhang.says('奖惩项目')
      zhang.sees(/【上门规范】\n未穿鞋套：罚 ¥30.00\n未带鞋套：罚 ¥20.00\n【纪律】\n不团结：扣 4 分 到 10 分/)
    })
  },
  { policy },
)
