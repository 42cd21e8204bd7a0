import { describe, expect, it } from 'vitest'
import { enterTeams } from '../../src/people/enter.ts'
import { everywhere, takenOrder } from '../support/shop.ts'

everywhere(
  story => {
    describe('a team whose groups only have a robot of their own', () => {
      it('has its notices posted by it, masked, and who gets the job is called by name', async () => {
        const { world } = story
        const { webhookKey } = world.sandbox.credentials
        const { webhookToken, webhookSecret } = world.sandbox.dingtalk.credentials
        const robots = {
          ...(world.on.includes('wecom') && { wecom: { webhookKey } }),
          ...(world.on.includes('dingtalk') && { dingtalk: { webhookToken, webhookSecret } }),
        }
        await enterTeams(world.app.ctx, { teams: [{ name: '一班', policy: 'default', ...robots, people: [] }] })
        const code = await takenOrder(world)
        const posts = world.sandbox.state().messages.filter(message => message.from.kind === 'robot')
        expect(posts).toHaveLength(2 * world.on.length)
        expect(JSON.stringify(posts)).toContain(`${code} 已派单给张三`)
        expect(JSON.stringify(posts)).not.toContain('13800001234')
        const given = posts.filter(message => JSON.stringify(message).includes('已派单给张三'))
        // He has an account on each platform that is on.
        const called = given.filter(({ body }) => 'mentions' in body && body.mentions?.includes('zhangsan'))
        expect(called).toHaveLength(world.on.length)
      })
    })
  },
  { bot: false },
)
