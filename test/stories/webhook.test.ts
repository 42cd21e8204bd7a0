import { describe, expect, it } from 'vitest'
import { enterTeams } from '../../src/people/enter.ts'
import { eachStory, takenOrder } from '../support/shop.ts'

const story = eachStory({ bot: false })

describe('a team without a bot', () => {
  it('has its notices posted by the group robot, masked', async () => {
    const { world } = story
    const { webhookKey } = world.sandbox.credentials
    await enterTeams(world.app.ctx, { teams: [{ name: '一班', policy: 'default', wecom: { webhookKey }, people: [] }] })
    const code = await takenOrder(world)
    const posts = world.sandbox.state().messages.filter(message => message.from.kind === 'robot')
    expect(posts).toHaveLength(2)
    expect(JSON.stringify(posts)).toContain(`${code} 已派单给张三`)
    expect(JSON.stringify(posts)).not.toContain('13800001234')
  })
})
