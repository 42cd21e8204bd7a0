import { afterEach, beforeEach, expect, it } from 'vitest'
import { CustomerPhone } from '../support/customer.ts'
import { type AppPair, openApps } from '../support/pair.ts'
import { textOf } from '../support/screen.ts'

let pair: AppPair

beforeEach(async () => {
  pair = await openApps({ at: '2026-11-24T09:00:00+08:00', bot: false })
})
afterEach(() => pair.close())

it('two instances take a rating once, whichever of them it comes to, and tell of it once', async () => {
  const { instances, apps, db, outside } = pair
  const [one, two] = instances
  const code = await one.order('张三')
  await pair.forward(0)
  for (const words of [`接单 ${code}`, `完工 ${code} 换了电容`, `评价码 ${code}`]) {
    await outside.say('zhangsan', words)
    await pair.forward(0)
  }
  const told = (userId: string, pattern: RegExp) =>
    outside.messages(userId).filter(message => message.from.kind === 'app' && pattern.test(textOf(message)))
  const [said] = told('zhangsan', /请点开评价/)
  const token = /\/r\/([\w-]{48})/.exec(said ? textOf(said) : '')?.[1] ?? ''
  // One signs what the other reads.
  const { id } = await db.prisma.order.findFirstOrThrow({ where: { code } })
  for (const { ctx } of apps)
    expect(ctx.pages?.rating(id, new Date('2026-12-24T09:00:00+08:00'))).toContain(`/r/${token}`)

  const links = [one, two].map(({ url }) => `${url}/r/${token}`)
  const phone = new CustomerPhone()
  await phone.opens(links[0] ?? '')
  const sent = await Promise.all(
    [0, 1, 0, 1, 0, 1].map(at => phone.sends(links[at] ?? '', { grade: 5, tags: ['准时'] })),
  )
  expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([303]))
  // Two who disagree at once: one of them was first, and that is what it is.
  const other = await Promise.all([0, 1].map(at => phone.sends(links[at] ?? '', { grade: at + 1 })))
  expect(new Set(other.map(({ status }) => status))).toEqual(new Set([303]))
  await pair.forward(0)
  const timeline = await two.timeline(code)
  expect(timeline.map(({ fact }) => fact).filter(fact => fact === 'rated' || fact === 'undone')).toEqual([
    ...['rated', 'undone', 'rated'],
  ])
  expect(told('zhangsan', /👍/)).toHaveLength(1)
  expect(told('zhaopaigong', /客户自己改评为/)).toHaveLength(1)
  expect(pair.errors()).toEqual([])
})
