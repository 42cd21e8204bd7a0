import { expect, it } from 'vitest'
import { eachStory, givenOrder } from '../support/shop.ts'

const shop = (name: string, hours: number) => `
name: ${name}
version: 1
clocks: [{ kind: complete, start: dispatched, stop: [completed, emptyRun], within: ${hours}h }]
`

const story = eachStory({ policy: [shop('default', 24), shop('quick', 4)] })

interface Shown {
  clocks: Array<{ kind: string; dueAt: string }>
}

it('a team that takes another policy keeps its promises to the orders it has', async () => {
  const { world } = story
  const before = await givenOrder(world)
  await world.api('POST', '/teams', { name: '一班', policy: 'quick' })
  const after = await givenOrder(world, { name: '李先生' })
  const due = async (code: string) =>
    (await world.api<Shown>('GET', `/orders/${code}`)).body.clocks.map(({ dueAt }) => dueAt)
  expect(await due(before)).toEqual(['2026-11-25T01:00:00.000Z'])
  expect(await due(after)).toEqual(['2026-11-24T05:00:00.000Z'])
  // The sweep goes by the same rules as what is shown.
  await world.forward('5h')
  expect(await due(before)).toEqual(['2026-11-25T01:00:00.000Z'])
})

it('a policy whose file is gone is the default one from then on, said once, and nothing stops', async () => {
  const { world, db } = story
  const code = await givenOrder(world)
  await db.prisma.team.updateMany({ data: { policy: 'renamed' } })
  await db.prisma
    .$executeRaw`UPDATE "Journal" SET "body" = jsonb_set("body", '{policy}', '"renamed"') WHERE "fact" = 'created'`
  const { body } = await world.api<Shown>('GET', `/orders/${code}`)
  expect(body.clocks.map(({ dueAt }) => dueAt)).toEqual(['2026-11-25T01:00:00.000Z'])
  await world.zhang.says(`接单 ${code}`)
  world.zhang.sees(`✅ ${code} 已接单`)
  world.zhao.sees(`${code} 张三 已接单`)
  world.groupSees(`${code} 张三 已接单`)
  const warnings = world.log.warnings.filter(line => line.includes('there is no such policy'))
  expect(warnings).toHaveLength(1)
  const refused = await world.api('POST', '/teams', { name: '一班', policy: 'renamed' })
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([422, expect.stringContaining('there are ')])
})
