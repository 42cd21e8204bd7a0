import { describe, expect, it } from 'vitest'
import { givenOrder, onBoth, takenOrder } from '../support/shop.ts'

onBoth(story => {
  describe('what technicians say', () => {
    it('is understood without a code when one order fits', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await givenOrder(world)
      await zhang.says('接单')
      zhang.sees(`✅ ${code} 已接单 09:00 · 联系时限`)
      zhao.sees(`${code} 张三 已接单`)
      world.groupSees(`${code} 张三 已接单`)
      zhang.cardShows('待联系')
      await zhang.says('联系不上，打了三次')
      zhang.sees(`✅ ${code} 联系不上客户`)
      zhao.sees('核实后回复「确认联系不上')
      await zhao.says(`确认联系不上 ${code}`)
      zhao.sees(`✅ ${code} 已确认联系不上`)
      zhang.sees(`${code} 赵派工 已确认联系不上`)
      zhang.cardFollows(code)
      zhang.cardShows('联系不上（已确认）')
    })

    it('asks which one when two fit, and does it for the one that is tapped', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const first = await takenOrder(world)
      const second = await takenOrder(world, { name: '李先生' })
      await zhang.says('已联系 明天上午10点')
      zhang.sees('你说的是哪一张单？')
      await zhang.taps(second)
      zhang.cardShows('待上门')
      zhao.sees(`${second} 张三 已联系客户 09:00，约 明天 10:00 上门`)
      world.groupSees(`${second} 张三 已联系客户`)
      const states = await Promise.all(
        [first, second].map(async code => (await world.api('GET', `/orders/${code}`)).body.state),
      )
      expect(states).toEqual(['accepted', 'contacted'])
    })

    it('never moves an unknown, a foreign or a finished code to the only open order', async () => {
      const { world } = story
      const { zhang, li, zhao } = world
      const code = await takenOrder(world)
      await zhang.says('到达 9999')
      zhang.sees('没有 9999 这张单')
      await li.says(`到达 ${code}`)
      li.sees(/张三 今天 09:00 已接单 1001，你不用处理/)
      await zhang.says(`取消 ${code} 客户不修了`)
      zhang.sees('这件事要派工员或经理来办')
      await zhao.says(`取消 ${code} 客户不修了`)
      zhao.sees(`✅ ${code} 已取消 09:00：客户不修了`)
      zhang.sees(`${code} 赵派工 已取消 09:00：客户不修了`)
      world.groupSees(`${code} 赵派工 已取消`)
      zhang.cardShows('已取消')
      await zhang.says(`到达 ${code}`)
      zhang.sees(`${code} 已取消，不能再改`)
    })

    it('changes nothing when it is a negation, and says so', async () => {
      const { world } = story
      const { zhang } = world
      const code = await takenOrder(world)
      for (const words of [`${code} 还没到`, `${code} 没修好`]) {
        await zhang.says(words)
        zhang.sees(/./)
      }
      expect((await world.api('GET', `/orders/${code}`)).body.state).toBe('accepted')
    })

    it('is taken back with 撤回, and everybody hears of it', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await takenOrder(world)
      await zhang.says('到了')
      zhang.sees(`✅ ${code} 已到达`)
      zhao.sees(`${code} 张三 已到达`)
      await world.forward('3m')
      await zhang.says('撤回')
      zhang.sees(`↩️ ${code} 已撤回（已到达） 09:03，现在是「待联系」`)
      zhao.sees(`${code} 张三 撤回了上一步`)
      zhang.cardFollows(code)
      zhang.cardShows('待联系', '[已联系]')
      await zhang.says('撤回')
      zhang.sees(`↩️ ${code} 已撤回（已接单） 09:03，现在是「待接单」`)
      zhao.sees('撤回了上一步')
      await zhang.says('撤回')
      zhang.sees('最后一步不是你报的，不能撤回')
    })

    it('gives a reason in two taps, or in words after the first', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const first = await givenOrder(world)
      await zhang.taps('拒单')
      zhang.cardShows('为什么不接？', '[在外地]', '[返回]')
      await zhang.taps('在外地')
      zhao.sees(`${first} 张三 拒单 09:00：在外地`)
      zhao.sees(`派工单 ${first}`)
      const second = await givenOrder(world)
      await zhang.taps('拒单')
      await zhang.says('家里有急事')
      zhang.sees(`✅ ${second} 拒单 09:00：家里有急事`)
      zhao.sees(`${second} 张三 拒单 09:00：家里有急事`)
      zhao.sees(`派工单 ${second}`)
    })

    it('does not take a later word for the answer to a question that was answered by a tap', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await takenOrder(world)
      await zhang.taps('已联系')
      zhang.cardShows('约在什么时候？', '[约明天上午]')
      await zhang.taps('约明天上午')
      zhao.sees('张三 已联系客户')
      world.groupSees('张三 已联系客户')
      await zhang.says('客户说带梯子')
      zhang.sees('没看懂，什么都没有改')
      await zhang.taps('挂起')
      await zhang.says('到了')
      zhang.sees(`✅ ${code} 已到达`)
      zhao.sees('张三 已到达')
      await zhang.says('楼下停车难')
      zhang.sees('没看懂，什么都没有改')
    })

    it('lists, shows, explains and helps', async () => {
      const { world } = story
      const { zhang, zhao, wang } = world
      await zhang.says('我的单')
      zhang.sees('你现在没有进行中的单')
      const code = await takenOrder(world)
      await zhang.says('我的单')
      zhang.sees(new RegExp(`你有 1 张单[\\s\\S]*${code} 王女士 · 不制冷 · 待联系`))
      await zhang.says(`为什么超时 ${code}`)
      zhang.sees(/联系[\s\S]*还剩/)
      await zhang.says(`单 ${code}`)
      zhang.sees(`派工单 ${code}`)
      await zhang.says('帮助')
      zhang.sees(/接单 1024｜拒单 1024 原因[\s\S]*请假 明天下午 家里有事｜续假/)
      await wang.says('帮助')
      wang.sees('待批｜批准 假12')
      await zhang.says('今日')
      zhang.sees('这个清单只有派工员和经理能看')
      await zhao.says('今日')
      zhao.sees(new RegExp(`今天完工 0 单，进行中 1 单[\\s\\S]*${code}.*（张三）`))
      await wang.says('超时单')
      wang.sees('现在没有超时的单')
      await zhang.says('今天天气不错')
      zhang.sees('没看懂，什么都没有改')
      await zhang.chatsInGroup('中午吃什么')
    })

    it('can suspend and resume, with the clock standing still for an accepted reason', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await takenOrder(world)
      await zhang.says('到了')
      zhang.sees('已到达')
      zhao.sees('已到达')
      const before = await dueOf(code)
      await zhang.says('挂起 等配件 压缩机后天到')
      zhang.sees(`✅ ${code} 挂起`)
      zhao.sees(`${code} 张三 挂起`)
      await zhang.says('完工')
      zhang.sees('先回复「恢复')
      await world.forward('90m')
      await zhang.says('恢复')
      zhang.sees('已恢复')
      zhao.sees('已恢复')
      expect((await dueOf(code)) - before).toBe(90 * 60_000)

      async function dueOf(of: string): Promise<number> {
        const { body } = await world.api<{ clocks: Array<{ kind: string; dueAt: string }> }>('GET', `/orders/${of}`)
        return Date.parse(body.clocks.find(clock => clock.kind === 'complete')?.dueAt ?? '')
      }
    })
  })
})
