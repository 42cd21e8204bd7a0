import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import type { MyOrders } from '../../src/mobile/wire.ts'
import { Browser } from '../support/browser.ts'
import { eachStory, givenOrder, onBoth } from '../support/shop.ts'
import { Phone } from './help.ts'

onBoth(story => {
  it('an order is worked through on the phone as in the chat, and everybody hears of it', async () => {
    const { world } = story
    const code = await givenOrder(world)
    const zhang = await Phone.of(world, world.zhang.userId)
    expect(await zhang.reads<MyOrders>('/orders')).toMatchObject({
      open: [{ code, stateName: '待接单', helps: false, clock: { name: '接单' } }],
      done: [],
    })
    const first = await zhang.order(code)
    expect(first).toMatchObject({
      customer: { phone: '13800001234', full: true },
      steps: ['accept', 'decline', 'contacted', 'reschedule', 'suspend', 'askHelp'],
    })
    const accepted = await zhang.takes(code, { do: 'accept' })
    expect(accepted).toMatchObject({ says: expect.stringContaining(`${code} 已接单`), order: { stateName: '待联系' } })
    await world.settle()
    world.zhao.sees(`${code} 张三 已接单`)
    world.groupSees(`${code} 张三 已接单`)
    world.zhang.cardShows('已联系')

    const time = { from: '2026-11-25T10:00', to: '2026-11-25T12:00' }
    const contacted = await zhang.takes(code, { do: 'contacted', time })
    expect(contacted.order).toMatchObject({ stateName: '待上门', appointment: '明天 10:00–12:00' })
    expect(contacted.order?.steps.slice(0, 2)).toEqual(['depart', 'arrive'])
    await world.forward('1h')
    await zhang.takes(code, { do: 'arrive' })
    await world.forward('10m')
    world.ignore()
    const done = await zhang.takes(code, {
      do: 'complete',
      result: '换电容',
      charge: '80',
      parts: [{ name: '电容', quantity: 1 }],
    })
    expect(done.order).toMatchObject({ stateName: '已完工', outcome: '换电容，收费 ¥80', steps: ['undo'] })
    // The work is done: the number is his no more.
    expect(done.order?.customer).toMatchObject({ phone: '138****1234', full: false })
    expect((await zhang.takes(code, { do: 'undo' })).order).toMatchObject({ stateName: '在修', outcome: null })
    await world.settle()
    world.ignore()
  })
})

const story = eachStory()

it('a step sent again after a lost answer is taken once; one chosen on an old page is explained', async () => {
  const { world, db } = story
  const code = await givenOrder(world)
  const zhang = await Phone.of(world, 'zhangsan')
  const { seen } = await zhang.order(code)
  const body = { key: randomUUID(), seen, wish: { do: 'accept' } }
  const first = await zhang.sends(`/orders/${code}/steps`, body)
  expect(await zhang.sends(`/orders/${code}/steps`, body)).toEqual(first)
  expect(await db.prisma.journal.count({ where: { fact: 'accepted' } })).toBe(1)
  const stale = await zhang.sends(`/orders/${code}/steps`, {
    key: randomUUID(),
    seen,
    wish: { do: 'decline', reason: '有事' },
  })
  expect(stale).toMatchObject({
    status: 409,
    detail: expect.stringMatching(/^单子有变化，刚才的没有生效：张三 .*已接单/),
  })
  expect(await zhang.takes(code, { do: 'accept' })).toMatchObject({
    status: 409,
    detail: expect.stringContaining('已经接过'),
  })
  await world.settle()
  world.ignore()
})

it('declined, it is his no more; what he helps with he sees, and does not report', async () => {
  const { world } = story
  const code = await givenOrder(world)
  const [zhang, li] = [await Phone.of(world, 'zhangsan'), await Phone.of(world, 'lisi')]
  expect(await li.order(code)).toMatchObject({ status: 404 })
  const { seen } = await zhang.order(code)
  expect(await li.sends(`/orders/${code}/steps`, { key: randomUUID(), seen, wish: { do: 'accept' } })).toMatchObject({
    status: 404,
  })
  expect(await zhang.takes(code, { do: 'decline', reason: '在外地' })).toMatchObject({ order: null })
  expect(await zhang.order(code)).toMatchObject({ status: 404 })
  await world.settle()
  world.ignore()

  await world.api('POST', `/orders/${code}/assign`, { person: '张三' })
  await world.zhao.says(`加派 ${code} 李四`)
  await world.settle()
  world.ignore()
  expect(await li.order(code)).toMatchObject({ helps: true, steps: ['askHelp'], customer: { full: false } })
  expect(await li.reads<MyOrders>('/orders')).toMatchObject({ open: [{ code, helps: true }] })
  expect(await li.takes(code, { do: 'accept' })).toMatchObject({
    status: 409,
    detail: expect.stringContaining('由张三负责'),
  })
  const zhao = await Phone.of(world, 'zhaopaigong')
  expect(await zhao.order(code)).toMatchObject({ code, steps: ['undo'], customer: { full: true } })
})

it('what was done there before is shown, and for how long one may look back at one’s own', async () => {
  const { world } = story
  const before = await givenOrder(world, { fault: '漏水' })
  const zhang = await Phone.of(world, 'zhangsan')
  await zhang.takes(before, { do: 'complete', result: '换密封圈', charge: '0' })
  await world.settle()
  world.ignore()
  const code = await givenOrder(world, { assign: '李四' })
  const li = await Phone.of(world, 'lisi')
  expect((await li.order(code)).visits).toMatchObject([
    { code: before, by: '张三', fault: '漏水', outcome: '换密封圈，没收费' },
  ])
  expect((await zhang.reads<MyOrders>('/orders')).done).toMatchObject([{ code: before, outcome: '换密封圈，没收费' }])
  await world.settle()
  world.ignore()
})

it('nonsense changes nothing, and nobody gets in who is not signed in', async () => {
  const { world } = story
  const code = await givenOrder(world)
  const zhang = await Phone.of(world, 'zhangsan')
  for (const wish of [
    { do: 'reschedule', time: { from: '2026-13-41T10:00' } },
    { do: 'reschedule', time: { from: '2026-11-25T10:00', to: '2026-11-25T09:00' } },
    { do: 'complete', result: '' },
    { do: 'complete', result: '好', charge: '-5' },
    { do: 'assign', to: randomUUID() },
  ])
    expect(await zhang.sends(`/orders/${code}/steps`, { key: randomUUID(), seen: 2, wish })).toMatchObject({
      status: 422,
    })
  const past = await zhang.takes(code, { do: 'reschedule', time: { from: '2026-11-23T10:00' } })
  expect(past).toMatchObject({ status: 409, detail: expect.stringContaining('已经过去') })
  const stranger = new Browser(world.url)
  expect((await stranger.get('/m/api/orders')).status).toBe(401)
  const page = await stranger.open(`/m/orders/${code}`)
  expect([page.status, page.location]).toEqual([302, `/login?next=${encodeURIComponent(`/m/orders/${code}`)}`])
  const missing = await stranger.open('/m/none.js')
  expect([missing.status, missing.text]).toEqual([404, 'not found'])
  expect((await zhang.browser.post(`/m/api/orders/${code}/steps`, {})).status).toBe(403)
})
