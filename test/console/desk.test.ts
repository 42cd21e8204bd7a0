import { expect, it } from 'vitest'
import type { Board, CallsPage, LoadPage, OrderPage, Pasted } from '../../src/console/wire.ts'
import { signIn } from '../login/help.ts'
import { Browser } from '../support/browser.ts'
import { givenOrder, onBoth, type Story, takenOrder } from '../support/shop.ts'

/** A dispatcher at the console's desk, with what he presses. */
async function desk({ world }: Story, userId = 'zhaopaigong') {
  const browser = new Browser(world.url)
  await signIn(world, browser, userId, '/session')
  const { csrf, teams } = (await browser.get('/session')).json<{ csrf: string; teams: Array<{ teamId: string }> }>()
  const api = (path: string) => `/console/api${path}`
  return {
    team: teams[0]?.teamId ?? '',
    get: async <T>(path: string) => (await browser.get(api(path))).json<T>(),
    open: (path: string) => browser.get(api(path)),
    post: async <T = OrderPage & { detail?: string }>(
      path: string,
      body: object,
      headers: Record<string, string> = {},
    ) => {
      const answer = await browser.post(api(path), body, { 'X-CSRF-Token': csrf, ...headers })
      return { status: answer.status, body: answer.json<T>() }
    },
  }
}

onBoth(story => {
  it('a pasted text becomes an order, once however often it is pressed', async () => {
    const { world } = story
    const zhao = await desk(story)
    const text = '王女士 13800001234 金水区花园路38号院5号楼1801 格力空调不制冷 明天下午3点 加急 派给张三'
    const read = await zhao.post<Pasted>('/orders/read', { team: zhao.team, text })
    expect(read).toMatchObject({
      status: 200,
      body: {
        draft: { name: '王女士', phone: '13800001234', urgent: true, brand: '格力' },
        ...{ unread: null, others: [] },
      },
    })
    const { draft } = read.body
    expect(draft.technician).toMatch(/^[0-9a-f-]{36}$/)
    expect(draft.wantedAt).toBe('2026-11-25T07:00:00.000Z')
    const { name, phone, address, brand, fault, technician: assign, wantedAt } = draft
    const order = {
      team: zhao.team,
      urgent: true,
      customer: { name, phone, address },
      product: { brand },
      fault,
      wantedAt,
    }
    const press = (key: string) => zhao.post('/orders', { ...order, assign, words: text }, { 'Idempotency-Key': key })
    const [first, second] = await Promise.all([press('form-1'), press('form-1')])
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.body.code).toBe(first.body.code)
    const { code } = first.body
    await world.settle()
    world.zhang.sees(`派工单 ${code}`)
    world.groupSees(`${code} 已派单给张三`)
    expect(first.body.timeline[0]).toMatchObject({ words: text, by: '赵派工' })
    expect((await zhao.post<Pasted>('/orders/read', { team: zhao.team, text })).body.others).toEqual([code])
    expect((await zhao.get<Board>('/board')).items).toHaveLength(1)
    const wrong = await zhao.post('/orders', { ...order, customer: { name, phone: '138', address } })
    expect([wrong.status, wrong.body]).toMatchObject([422, { errors: [{ path: 'customer.phone' }] }])
  })

  it('what is offered is done as from chat, what is not is refused with the sentence of chat', async () => {
    const { world } = story
    const zhao = await desk(story)
    const code = await givenOrder(world, { assign: '' })
    const fresh = await zhao.get<OrderPage>(`/orders/${code}`)
    expect(fresh.acts).toEqual(['assign', 'offer', 'urge', 'cancel'])
    const li = (await zhao.get<LoadPage>('/load')).items.find(({ name }) => name === '李四')
    const sent = await zhao.post(`/orders/${code}/do`, { do: 'assign', to: li?.id, note: '带长梯' })
    expect(sent.body).toMatchObject({ assignee: { name: '李四' }, state: 'dispatched' })
    await world.settle()
    world.li.sees(`派工单 ${code}`)
    world.groupSees(`${code} 已派单给李四`)
    world.ignore()
    expect(await zhao.post(`/orders/${code}/do`, { do: 'assign', to: li?.id })).toMatchObject({
      ...{ status: 409, body: { detail: expect.stringContaining('已经派给李四') } },
    })
    const urged = await zhao.post(`/orders/${code}/do`, { do: 'urge' })
    expect(urged.body.urgent).toBe(true)
    expect(urged.body.acts).not.toContain('urge')
    const back = await zhao.post(`/orders/${code}/do`, { do: 'release', reason: '派错了' })
    expect(back.body).toMatchObject({ assignee: null, state: 'new' })
    const over = await zhao.post(`/orders/${code}/do`, { do: 'cancel', reason: '客户不修了' })
    expect(over.body.state).toBe('cancelled')
    expect(over.body.timeline.at(-1)).toMatchObject({ what: expect.stringContaining('客户不修了'), by: '赵派工' })
    expect(over.body.acts).toEqual(['undo'])
    await world.settle()
    world.ignore()
    for (const bad of [{ do: 'cancel' }, { do: 'explode' }, { do: 'revisit', reached: true, grade: 6 }])
      expect((await zhao.post(`/orders/${code}/do`, bad)).status).toBe(422)
  })

  it('shows who has how much in hand, and photos to those who may see the order', async () => {
    const { world } = story
    const zhao = await desk(story)
    const code = await takenOrder(world)
    await givenOrder(world, { name: '李女士' })
    await world.zhang.says(`已联系 ${code} 今天下午3点上门`)
    await world.zhang.sendsPhoto(`${code} 铭牌`)
    await world.settle()
    world.ignore()
    const { items } = await zhao.get<LoadPage>('/load')
    expect(items.map(({ name, open }) => [name, open])).toEqual([
      ['李四', 0],
      ['张三', 2],
    ])
    expect(items[1]).toMatchObject({ visits: [{ code, at: '2026-11-24T07:00:00.000Z' }], rest: null })
    const page = await zhao.get<OrderPage>(`/orders/${code}`)
    expect(page.photos).toMatchObject([{ by: '张三', state: 'stored' }])
    const path = `/orders/${code}/media/${page.photos[0]?.id}`
    const photo = await zhao.open(path)
    expect([photo.status, photo.headers.get('content-type'), photo.headers.get('x-content-type-options')]).toEqual([
      ...[200, 'image/png', 'nosniff'],
    ])
    const li = await desk(story, 'lisi')
    expect((await li.open(path)).status).toBe(404)
    expect((await (await desk(story, 'zhangsan')).open(path)).status).toBe(200)
    await world.forward('7h')
    world.ignore()
    const late = await zhao.get<OrderPage>(`/orders/${code}`)
    expect((await zhao.get<LoadPage>('/load')).items[1]?.late).toBeGreaterThan(0)
    expect(late.why ?? '').not.toBe('')
  })

  it('customers to be called back are listed until somebody noted the call', async () => {
    const { world } = story
    const zhao = await desk(story)
    const code = await takenOrder(world)
    await world.zhang.says(`完工 ${code} 换了电容 收费80`)
    await world.settle()
    world.ignore()
    const calls = await zhao.get<CallsPage>('/calls')
    expect(calls).toMatchObject({
      total: 1,
      items: [{ code, phone: '13800001234', technician: '张三', result: expect.stringContaining('电容'), tries: 0 }],
    })
    expect((await zhao.get<OrderPage>(`/orders/${code}`)).acts).toContain('revisit')
    await zhao.post(`/orders/${code}/do`, { do: 'revisit', reached: false })
    expect((await zhao.get<CallsPage>('/calls')).items[0]?.tries).toBe(1)
    const noted = await zhao.post(`/orders/${code}/do`, { do: 'revisit', reached: true, grade: 2, note: '又漏水' })
    expect(noted.body.acts).toContain('complain')
    expect((await zhao.get<CallsPage>('/calls')).total).toBe(0)
    const complained = await zhao.post(`/orders/${code}/do`, { do: 'complain' })
    expect(complained.status).toBe(200)
    await world.settle()
    world.ignore()
    const { items } = await zhao.get<Board>('/board')
    expect(items).toMatchObject([{ kind: 'complaint', fault: expect.stringContaining('又漏水') }])
  })
})
