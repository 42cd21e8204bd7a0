import { expect, it } from 'vitest'
import { inTransaction } from '../../src/db/tx.ts'
import { follow } from '../../src/leave/native.ts'
import { onBoth } from '../support/shop.ts'
import type { World } from '../support/world.ts'

const policy = `
name: default
version: 1
clocks:
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], within: 30d }
leave:
  decide: 平台审批
  types:
    - { name: 事假, deduct: 1 }
    - { name: 病假, deduct: 1, words: [发烧] }
`

async function sent(world: World, words: string): Promise<void> {
  await world.zhang.says(words)
  world.zhang.sees('请核对')
  await world.zhang.says('确认')
  world.zhang.sees(/已提交 假\d+[\s\S]*已送(企业微信|钉钉)「审批」，等王经理批/)
  // What he has to weigh is here (R4.10), the buttons are there.
  world.wang.sees(/假\d+ · 张三/)
  world.wang.cardShows('到「审批」里批')
}

/** The newest request in the platform's own app. */
const there = (world: World) => {
  const { approvals } = world.sandbox.state()
  const approval = approvals.find(({ status }) => status === 'pending') ?? approvals[0]
  if (!approval) throw new Error('nothing was asked for in the platform’s approval')
  return approval
}

const decides = async (
  world: World,
  as: string,
  what: 'approve' | 'reject' | 'revoke' | 'withdraw',
  words?: string,
) => {
  await world.sandbox.approval({ id: there(world).id, as, do: what, ...(words && { words }) })
  await world.settle()
}

const state = async (world: World, code = '假1') =>
  (await world.db.prisma.leave.findFirstOrThrow({ where: { code } })).state

onBoth(
  story => {
    it('sends the request there, and does here what was decided there', async () => {
      const { world } = story
      const { zhang, wang, zhao } = world
      await sent(world, '请假 明天 家里有事')
      expect(there(world)).toMatchObject({ applicant: 'zhangsan', status: 'pending', deciders: ['wangjingli'] })
      expect(there(world).lines.join('\n')).toContain('家里有事')
      await wang.says('批准 假1')
      wang.sees('请到那里点，结果会自动同步过来')
      await decides(world, 'wangjingli', 'approve')
      zhang.sees('✅ 假1（事假 1 天，11月25日周三） 已由王经理批准')
      zhao.sees('张三 事假 1 天（11月25日周三，假1） 已批准')
      expect(await world.db.prisma.leaveDay.count({ where: { state: 'granted' } })).toBe(1)
      await sent(world, '请假 后天 有事')
      await decides(world, 'wangjingli', 'reject', '那天要装十台')
      zhang.sees('❌ 假2（事假 1 天，11月26日周四） 没有批准：那天要装十台')
      expect(await state(world, '假2')).toBe('rejected')
    })

    it('gives the days back when it is revoked there after it was approved', async () => {
      const { world } = story
      const { zhang, zhao } = world
      await sent(world, '请假 后天 有事')
      await decides(world, 'wangjingli', 'approve')
      zhang.sees('✅ 假1')
      zhao.sees('假1） 已批准')
      await zhang.says('撤销请假')
      zhang.sees('请到那里撤销，这里会自动跟着改')
      await decides(world, 'zhangsan', 'revoke')
      zhang.sees('假1（事假 1 天，11月26日周四） 在审批里被撤销了，不再算请假，请照常上班')
      zhao.sees('在审批里被撤销，照常上班，可以派单')
      expect(await state(world)).toBe('cancelled')
      expect(await world.db.prisma.leaveDay.count()).toBe(0)
    })

    it('keeps the request while the platform is down, sends it once later, and finds by comparing what no event told', async () => {
      const { world } = story
      const { zhang, zhao, wang } = world
      const api = world.on[0] === 'wecom' ? 'oa/applyevent' : 'POST /v1.0/workflow/processInstances'
      const back = world.sandbox.fail({ api, status: 503 })
      await sent(world, '请假 后天 有事')
      expect(world.sandbox.state().approvals).toEqual([])
      expect(await state(world)).toBe('asked')
      back()
      await world.forward('5m')
      await world.forward('5m')
      expect(world.sandbox.state().approvals).toHaveLength(1)

      // The event is lost: what was decided is found in the night.
      world.loses = ({ said }) => said.kind === 'event'
      await decides(world, 'wangjingli', 'approve')
      world.loses = () => false
      expect(await state(world)).toBe('asked')
      await world.until('2026-11-25T08:10:00+08:00')
      zhang.sees('✅ 假1')
      zhao.sees('假1） 已批准')
      wang.sees('🔄 审批对账：假1 在审批里是「已批准」，这里原来是「待批」，已改过来')
    })

    it('enters what somebody asked for over there by himself, and tells who asks for what the platform does not take', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const { ctx } = world.app
      const [platform = 'wecom'] = world.on
      const form = {
        ...{ type: '病假', reason: '发烧' },
        from: new Date('2026-11-26T00:00:00+08:00'),
        to: new Date('2026-11-27T00:00:00+08:00'),
      }
      const found = { id: '202611240077', status: 'approved' as const, applicant: zhang.account, form }
      const what = await inTransaction(ctx.db, tx => follow(tx, ctx, platform, found))
      expect(what).toContain('在审批里是「已批准」')
      await world.settle()
      zhang.sees('✅ 假1（病假 1 天，11月26日周四） 已在审批里批准')
      zhao.sees('张三 病假 1 天')
      // The same again changes nothing, and nobody of ours is nobody.
      expect(await inTransaction(ctx.db, tx => follow(tx, ctx, platform, found))).toBeNull()
      const stranger = { ...found, id: '202611240078', applicant: 'nobody' }
      expect(await inTransaction(ctx.db, tx => follow(tx, ctx, platform, stranger))).toBeNull()
      expect(await world.db.prisma.leave.count()).toBe(1)

      if (platform !== 'wecom') return
      world.sandbox.fail({ api: 'oa/applyevent', times: 1, errcode: 301079, errmsg: 'leave time overlaps' })
      await zhang.says('请假 11月30日 有事')
      zhang.sees('请核对')
      await zhang.says('确认')
      zhang.sees('已提交 假2')
      zhang.sees(/假2（事假 1 天，11月30日周一） 没有送进审批：.+。请改好再请/)
      expect(await state(world, '假2')).toBe('rejected')
    })

    it('takes it back there where the platform lets a program do that, else says where', async () => {
      const { world } = story
      const { zhang } = world
      await sent(world, '请假 后天 有事')
      await world.forward('1m')
      await zhang.says('撤回 假1')
      zhang.sees(/正在(企业微信|钉钉)「审批」里撤回 假1/)
      if (world.on[0] === 'wecom') {
        zhang.sees('要在企业微信审批里撤回：打开「审批」')
        await decides(world, 'zhangsan', 'withdraw')
      }
      zhang.sees('已在审批里撤回')
      world.ignore()
      expect(await state(world)).toBe('withdrawn')
    })
  },
  { policy },
)
