import { expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'
import type { World } from '../support/world.ts'

const story = eachStory({ at: '2026-11-25T09:00:00+08:00', bot: false })

interface Page {
  items: Array<{
    id: string
    code: string
    state: string
    assignee: { name: string } | null
    due: { at: string; by: string; late: boolean } | null
  }>
  next: string | null
  counts: { open: number; late: number; unassigned: number }
  detail?: string
}

const board = async (query = ''): Promise<Page> => {
  const { status, body } = await story.world.api<Page>('GET', `/board${query}`)
  expect(status).toBe(200)
  return body
}
async function givenOrder(world: World, more: { assign?: string } = {}): Promise<string> {
  const customer = { name: '王女士', phone: '13800001234', address: '金水区花园路38号院5号楼1801' }
  const order = { team: '一班', kind: 'repair', fault: '不制冷', customer, ...more }
  return (await world.api<{ code: string }>('POST', '/orders', order)).body.code
}
const codes = ({ items }: Page) => items.map(({ code }) => code)

it('the board shows what is due next on top, late first, and nothing that is done', async () => {
  const { world } = story
  const { zhang, li } = world
  const first = await givenOrder(world, { assign: '张三' })
  await zhang.says(`接单 ${first}`)
  await world.forward('10m')
  const second = await givenOrder(world, { assign: '李四' })
  const third = await givenOrder(world)
  world.ignore()
  const now = await board()
  expect([...codes(now)].sort()).toEqual([first, second, third])
  expect(now.items.map(({ due }) => due?.at ?? '9')).toEqual(now.items.map(({ due }) => due?.at ?? '9').sort())
  expect(now.counts).toMatchObject({ open: 3, late: 0, unassigned: 1 })
  expect(codes(await board('?unassigned=true'))).toEqual([third])
  expect(codes(await board(`?person=${encodeURIComponent('张三')}`))).toEqual([first])
  expect(codes(await board('?state=accepted'))).toEqual([first])

  // What 李四 agreed with the customer is what counts for that order now.
  await li.says(`接单 ${second}`)
  await li.says(`已联系 ${second} 后天上午10点`)
  world.ignore()
  const appointed = (await board()).items.find(({ code }) => code === second)
  expect(appointed?.due?.at).toBe('2026-11-27T02:00:00.000Z')

  // An hour later the first order's contact limit has passed: it is on top, and the only one under 超时.
  await world.forward('45m')
  world.ignore()
  const late = await board('?late=true')
  expect(late.items[0]).toMatchObject({ due: { late: true } })
  expect(codes(await board())[0]).toBe(late.items[0]?.code)
  expect(late.counts.late).toBe(late.items.length)

  await zhang.says(`完工 ${first} 换了电容`)
  world.ignore()
  expect(codes(await board())).not.toContain(first)
})

it('pages follow one another without a gap, also over orders of which nothing is known to come', async () => {
  const { world, db } = story
  for (let nr = 0; nr < 5; nr++) await givenOrder(world)
  world.ignore()
  await db.prisma.order.updateMany({ where: { code: { in: ['1002', '1004'] } }, data: { pressAt: null } })
  const seen: string[] = []
  let after = ''
  for (let turn = 0; turn < 6; turn++) {
    const page = await board(`?limit=2${after}`)
    seen.push(...codes(page))
    if (page.next === null) break
    after = `&after=${page.next}`
  }
  expect(seen).toEqual(['1001', '1003', '1005', '1002', '1004'])
})

it('orders are found by number, name, phone and address, done or not, and what people type is no pattern', async () => {
  const { world } = story
  const code = await givenOrder(world, { assign: '张三' })
  await givenOrder(world)
  world.ignore()
  const search = async (q: string, more = '') =>
    codes((await world.api<Page>('GET', `/search?q=${encodeURIComponent(q)}${more}`)).body)
  expect(await search(code)).toEqual([code])
  expect(await search('王女')).toEqual(['1002', '1001'])
  expect(await search('1234')).toEqual(['1002', '1001'])
  expect(await search('花园路38')).toEqual(['1002', '1001'])
  expect(await search('王女', '&limit=1')).toEqual(['1002'])
  for (const q of ['%', '_女', '\\', "' OR 1=1 --"]) expect(await search(q)).toEqual([])
  await world.zhang.says(`接单 ${code}`)
  await world.zhang.says(`完工 ${code} 换了电容`)
  world.ignore()
  expect(await search(code)).toEqual([code])
})

it('what can’t be asked for is said', async () => {
  const ask = async (path: string) => {
    const { status, body } = await story.world.api<Page>('GET', path)
    return [status, body.detail]
  }
  expect(await ask('/board?team=none')).toEqual([422, 'There is no team "none". POST /api/v1/teams first.'])
  expect(await ask('/board?person=none')).toEqual([422, 'There is no person "none". POST /api/v1/people first.'])
  expect(await ask('/board?after=bm90IGEgY3Vyc29y')).toEqual([422, 'after: must be the `next` of the page before'])
  expect((await ask('/board?state=closed'))[0]).toBe(422)
  expect((await ask('/board?limit=0'))[0]).toBe(422)
  expect((await ask('/search?q='))[0]).toBe(422)
})
