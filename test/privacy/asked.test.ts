import { readXlsx } from 'hucre/xlsx'
import { expect, it } from 'vitest'
import type { CustomerErased, CustomerFound, PrivacyPage } from '../../src/console/privacywire.ts'
import { Desk } from '../console/desk.ts'
import { onBoth, takenOrder } from '../support/shop.ts'

const phone = '13800001234'

onBoth(story => {
  it('a customer asks: he is found by his number, gets a copy, and is deleted as far as his orders are over', async () => {
    const { world } = story
    const { db, zhang, zhao } = world
    await zhao.says('派单 花园路38号院5号楼1801 王女士 13800001234 不制冷 明天上午')
    await zhao.taps('确认')
    world.ignore()
    const [pasted] = await db.prisma.order.findMany()
    await zhao.says(`改派 ${pasted?.code} 张三`)
    world.ignore()
    await zhang.says(`接单 ${pasted?.code}`)
    await zhang.says(`到达 ${pasted?.code}`)
    await zhang.sendsPhoto(pasted?.code)
    await zhang.says(`完工 ${pasted?.code} 换电容，王女士付了80 收费80`)
    world.ignore()
    const open = await takenOrder(world)
    world.ignore()

    const wang = await Desk.open(world, 'wangjingli')
    const page = (await wang.get<PrivacyPage>('/privacy')).body
    expect(page.teams).toEqual([
      expect.objectContaining({ team: '一班', customers: '3 年', photos: '2 年', people: '2 年' }),
    ])
    const found = (await wang.send<CustomerFound>('POST', '/privacy/customer', { phone: '138 0000 1234' })).body
    expect(found).toMatchObject({ orders: 2, open: [open] })
    const [orders, course, photos] = found.sections
    expect(orders?.rows.flat()).toContain('花园路38号院5号楼1801')
    expect(course?.rows.flat().join()).toContain('换电容，王女士付了80')
    expect(photos?.rows).toHaveLength(1)

    const file = await wang.raw('POST', '/privacy/customer/file', JSON.stringify({ phone }), 'application/json')
    expect(file.headers.get('content-disposition')).toContain('138xxxx1234')
    const { sheets } = await readXlsx(new Uint8Array(await file.arrayBuffer()))
    expect(sheets.map(({ name }) => name)).toEqual(['工单', '经过', '照片和签字'])
    expect(JSON.stringify(sheets[0]?.rows)).toContain(phone)

    const done = (await wang.does<CustomerErased>('POST', '/privacy/customer/erase', { phone })).body
    expect(done).toEqual({ erased: [pasted?.code], open: [open] })
    // No message is about it: whoever needs to know looks at the order.
    const row = await db.prisma.order.findFirstOrThrow({ where: { code: pasted?.code ?? '' } })
    expect(row).toMatchObject({ customerName: '已删除', customerPhone: '', address: '已删除', erased: 2 })
    const journal = JSON.stringify(await db.prisma.journal.findMany({ where: { orderId: row.id } }))
    for (const known of [phone, '王女士', '花园路38号院']) expect(journal).not.toContain(known)
    const left = JSON.stringify([await db.prisma.inbox.findMany(), await db.prisma.draft.findMany()])
    for (const known of [phone, '花园路38号院']) expect(left).not.toContain(known)
    expect(await db.prisma.media.findMany({ select: { state: true, bytes: true } })).toEqual([
      { state: 'erased', bytes: null },
    ])
    // The one that is still to be done has all that is needed to do it.
    expect((await wang.get(`/orders/${open}`)).body).toMatchObject({ customer: { phone, name: '王女士' } })
    const shown = (await wang.get<{ timeline: Array<{ what: string }> }>(`/orders/${pasted?.code}`)).body
    expect(shown.timeline.at(-1)?.what).toMatch(/^已删除客户资料 .*（应客户要求）$/)
    expect((await wang.send('POST', '/privacy/customer', { phone })).body).toMatchObject({ orders: 1 })
    expect(await wang.send('POST', '/privacy/customer', { phone: 'x' })).toMatchObject({ status: 422 })

    // Who looked and who deleted is written down, without the number.
    const entries = await db.prisma.auditEntry.findMany({ where: { via: 'page' }, orderBy: { id: 'asc' } })
    expect(entries.map(({ action, subject }) => [action, subject])).toEqual([
      ...[
        ['customer.seen', '138****1234'],
        ['customer.export', '138****1234'],
      ],
      ...[
        ['customer.erase', '138****1234'],
        ['order.seen', open],
        ['order.seen', pasted?.code],
      ],
      ['customer.seen', '138****1234'],
    ])
    expect(JSON.stringify(entries)).not.toContain(phone)
  })

  it('who saw an order is written down once a day for each of them, and of programs by their token', async () => {
    const { world } = story
    const code = await takenOrder(world)
    world.ignore()
    const zhao = await Desk.open(world, 'zhaopaigong')
    const zhang = await Desk.open(world, 'zhangsan')
    const { body: token } = await world.api<{ secret: string }>('POST', '/tokens', {
      ...{ name: 'ERP', scopes: ['orders:read'] },
    })
    const headers = { Authorization: `Bearer ${token.secret}` }
    const look = async () => {
      for (let turn = 0; turn < 2; turn++) {
        await zhao.get(`/orders/${code}`)
        await zhang.browser.get(`/m/api/orders/${code}`)
        expect((await fetch(`${world.url}/api/v1/orders/${code}`, { headers })).status).toBe(200)
        await world.api('GET', `/orders/${code}`)
      }
    }
    const seen = async () => {
      const where = { action: 'order.seen', subject: code }
      const rows = await world.db.prisma.auditEntry.findMany({ where, orderBy: { id: 'asc' } })
      return rows.map(({ personId, via, data }) => [personId ?? (data as { token: string }).token, via])
    }
    await look()
    const once = [
      [zhao.id, 'page'],
      [zhang.id, 'page'],
      ['ERP', 'api'],
      ['API_TOKEN', 'api'],
    ]
    expect(await seen()).toEqual(once)
    // Those at the pages are signed out by then.
    await world.forward('24h')
    world.ignore()
    await look()
    expect(await seen()).toEqual([...once, ...once.slice(2)])
  })

  it('a person has a copy of what is kept of him; who left is deleted, whoever works here is not', async () => {
    const { world } = story
    const { zhang } = world
    const code = await takenOrder(world)
    await zhang.says(`到达 ${code}`)
    await zhang.says('打卡')
    world.ignore()
    const own = await Desk.open(world, 'zhangsan')
    const other = await Desk.open(world, 'lisi')
    const wang = await Desk.open(world, 'wangjingli')
    const got = await own.browser.get(`/console/api/people/${own.id}/data`)
    expect(got.status).toBe(200)
    expect((await other.get(`/people/${own.id}/data`)).status).toBe(404)
    const told = await world.api<{ sections: Array<{ title: string; rows: string[][] }> }>(
      'GET',
      `/people/${own.id}/data`,
    )
    const section = (title: string) => told.body.sections.find(one => one.title === title)?.rows.flat() ?? []
    expect(section('本人')).toContain('13800000002')
    expect(section('工单记录')).toEqual(expect.arrayContaining([code, '已接单', '已到达']))
    // Nothing of the customer: that is somebody else's.
    expect(JSON.stringify(told.body)).not.toContain(phone)

    expect(await wang.send('POST', `/people/${own.id}/erase`)).toMatchObject({ status: 409 })
    await wang.send('POST', `/people/${own.id}/leave`, { lastDay: '2026-11-24' })
    await world.settle()
    world.ignore()
    expect(await wang.does('POST', `/people/${own.id}/erase`)).toEqual({ status: 200, body: { erased: true } })
    expect(await wang.does('POST', `/people/${own.id}/erase`)).toEqual({ status: 200, body: { erased: false } })
    const row = await world.db.prisma.person.findFirstOrThrow({ where: { id: own.id } })
    expect(row).toMatchObject({ name: `离职-${own.id.slice(-8)}`, mobile: null, active: false })
    expect(await world.db.prisma.identity.count({ where: { personId: own.id } })).toBe(0)
    // A namesake who begins afterwards is somebody else.
    const again = await world.api<{ id: string }>('POST', '/people', {
      name: '张三',
      team: '一班',
      roles: ['technician'],
    })
    expect(again.body.id).not.toBe(own.id)
  })

  it('programs ask and delete with scopes of their own', async () => {
    const { world } = story
    const { body: token } = await world.api<{ secret: string }>('POST', '/tokens', {
      ...{ name: '读', scopes: ['orders:read', 'people:read'] },
    })
    const ask = (path: string) =>
      fetch(`${world.url}/api/v1${path}`, {
        ...{ method: 'POST', body: JSON.stringify({ phone }) },
        headers: { Authorization: `Bearer ${token.secret}`, 'Content-Type': 'application/json' },
      })
    expect((await ask('/privacy/customer')).status).toBe(403)
    expect((await ask('/privacy/customer/erasure')).status).toBe(403)
    const code = await takenOrder(world)
    world.ignore()
    expect((await world.api('POST', '/privacy/customer', { phone })).body).toMatchObject({ orders: 1, open: [code] })
    expect((await world.api('POST', `/orders/${code}/cancel`, { reason: '不修了' })).status).toBe(200)
    world.ignore()
    const erased = await world.api('POST', '/privacy/customer/erasure', { phone })
    expect(erased).toMatchObject({ status: 200, body: { erased: [code], open: [] } })
    expect((await world.api('GET', `/orders/${code}`)).body).toMatchObject({
      customer: { name: '已删除', phone: '' },
    })
  })
}, {})
