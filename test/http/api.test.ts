import { describe, expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'

const story = eachStory({ empty: true })

const customer = { name: '王女士', phone: '138 0000 1234', address: '花园路38号' }

async function team(): Promise<void> {
  const { world } = story
  expect(await world.api('POST', '/teams', { name: '二班' })).toMatchObject({
    status: 201,
    body: { name: '二班', policy: 'default' },
  })
  const person = {
    name: '张三',
    team: '二班',
    roles: ['technician'],
    mobile: '13800000002',
    wecom: { userId: 'ZhangSan' },
  }
  expect((await world.api('POST', '/people', person)).status).toBe(201)
}

describe('the API', () => {
  it('takes teams, people and an order, assigns it and shows its life', async () => {
    const { world } = story
    await team()
    const order = {
      team: '二班',
      kind: 'repair',
      customer,
      product: { brand: '格力' },
      fault: '不制冷',
      warranty: 'in',
      invoice: { date: '2026-11-03', price: '3299.5' },
      wantedAt: '2026-11-24T15:00:00+08:00',
      externalId: 'ERP-1',
    }
    const made = await world.api('POST', '/orders', order)
    expect(made).toMatchObject({
      status: 201,
      body: {
        code: '1001',
        state: 'new',
        clocks: [{ kind: 'dispatch', state: 'running', dueAt: '2026-11-24T01:30:00.000Z' }],
      },
    })
    expect(made.body.id).toMatch(/^[0-9a-f-]{36}$/)
    const assigned = await world.api('POST', '/orders/1001/assign', { person: '张三' })
    expect(assigned).toMatchObject({ status: 200, body: { state: 'dispatched', assignee: { name: '张三' } } })
    world.zhang.sees('派工单 1001')
    const shown = await world.api<{ timeline: object[] }>('GET', '/orders/1001')
    expect(shown.body).toMatchObject({
      customer: { phone: '13800001234' },
      invoice: { date: '2026-11-03', price: '3299.50' },
      externalId: 'ERP-1',
      clocks: [{ kind: 'dispatch', state: 'met' }, { kind: 'accept' }, { kind: 'contact' }, { kind: 'complete' }],
    })
    expect(shown.body.timeline).toMatchObject([{ fact: 'created', via: 'api', by: null }, { fact: 'dispatched' }])
    expect(await world.api('POST', '/orders', order)).toMatchObject({ status: 409, body: { title: 'Known order' } })
    expect((await world.api('GET', '/people')).body).toMatchObject({
      items: [{ name: '张三', memberships: [{ team: '二班', role: 'technician' }] }],
      next: null,
    })
    const page = await world.api<{ items: object[]; next: string }>('GET', '/orders?limit=1')
    expect(page.body.items).toHaveLength(1)
    expect((await world.api('GET', `/orders?limit=1&after=${page.body.next}`)).body).toEqual({ items: [], next: null })
  })

  it('knows one person by a name, and lets him change his number or leave', async () => {
    const { world } = story
    await team()
    const other = { name: '张三', team: '二班', roles: ['technician'], mobile: '13800000009' }
    expect(await world.api('POST', '/people', other)).toMatchObject({
      status: 409,
      body: { errors: [{ path: 'name' }] },
    })
    const { body } = await world.api<{ items: Array<{ id: string }> }>('GET', '/people')
    const path = `/people/${body.items[0]?.id}`
    expect(await world.api('PATCH', path, { mobile: '13800000009' })).toMatchObject({
      status: 200,
      body: { mobile: '13800000009' },
    })
    expect((await world.api('PATCH', path, { active: false })).status).toBe(200)
    await world.zhang.says('我的单')
    world.zhang.sees('我还不认识你')
    expect((await world.api('PATCH', '/people/00000000-0000-7000-8000-000000000000', { active: true })).status).toBe(
      404,
    )
  })

  it('does a request with an Idempotency-Key once, also when it comes twice at the same time', async () => {
    const { world, db } = story
    await team()
    const order = { team: '二班', customer, fault: '不制冷' }
    const key = { 'Idempotency-Key': 'erp-77' }
    const [one, two] = await Promise.all([
      world.api('POST', '/orders', order, key),
      world.api('POST', '/orders', order, key),
    ])
    expect(one).toEqual(two)
    expect(one.status).toBe(201)
    expect(await world.api('POST', '/orders', order, key)).toEqual(one)
    expect(await world.api('POST', '/orders', { ...order, fault: '漏水' }, key)).toMatchObject({
      status: 422,
      body: { title: 'Idempotency-Key used before' },
    })
    expect(await db.prisma.order.count()).toBe(1)
  })

  it.each([
    ['an unknown team', { team: '九班', customer, fault: 'x' }, 422, /no team/],
    [
      'a phone that is none',
      { team: '二班', customer: { ...customer, phone: '12345' }, fault: 'x' },
      422,
      /customer\.phone/,
    ],
    ['a missing fault', { team: '二班', customer }, 422, /fault/],
    ['an unknown field', { team: '二班', customer, fault: 'x', colour: 'red' }, 422, /colour/],
    [
      'a time without its offset',
      { team: '二班', customer, fault: 'x', wantedAt: '2026-11-24 15:00' },
      422,
      /wantedAt/,
    ],
    [
      'an invoice without its price',
      { team: '二班', customer, fault: 'x', invoice: { date: '2026-11-03' } },
      422,
      /invoice\.price/,
    ],
    [
      'an invoice of a day that is none',
      { team: '二班', customer, fault: 'x', invoice: { date: '2026-02-30', price: '3299.00' } },
      422,
      /invoice\.date/,
    ],
    ['a technician who is none', { team: '二班', customer, fault: 'x', assign: '赵钱孙' }, 422, /no person/],
  ])('refuses %s with a body that names it', async (_, body, status, detail) => {
    const { world, db } = story
    await team()
    const answer = await world.api<{ detail: string; status: number }>('POST', '/orders', body)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ type: 'about:blank', status })
    expect(answer.body.detail).toMatch(detail)
    expect(await db.prisma.order.count()).toBe(0)
  })

  it.each(['3299.999', '0.00', '-1', '3,299', '三千', '123456789'])('refuses the price %s', async price => {
    const { world } = story
    await team()
    const order = { team: '二班', customer, fault: 'x', invoice: { date: '2026-11-03', price } }
    const answer = await world.api<{ detail: string }>('POST', '/orders', order)
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'invoice.price' }] } })
  })

  it('wants its token, JSON, known paths and small bodies', async () => {
    const { url } = story.world
    const post = (headers: Record<string, string>, body: string) =>
      fetch(`${url}/api/v1/orders`, { method: 'POST', headers, body })
    const token = { Authorization: 'Bearer a-token-for-the-stories' }
    const json = { 'Content-Type': 'application/json' }
    const statuses = await Promise.all([
      post(json, '{}'),
      post({ ...json, Authorization: 'Bearer wrong' }, '{}'),
      post({ ...token, 'Content-Type': 'text/plain' }, '{}'),
      post({ ...token, ...json }, '{broken'),
      post({ ...token, ...json }, `{"fault":"${'x'.repeat(300_000)}"}`),
      fetch(`${url}/api/v1/nothing`, { headers: token }),
      fetch(`${url}/api/v1/orders/9999`, { headers: token }),
    ])
    expect(statuses.map(answer => answer.status)).toEqual([401, 401, 415, 400, 413, 404, 404])
    for (const answer of statuses) expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  })

  it('shows its health, and its counters without a name or a number of anybody', async () => {
    const { world } = story
    await team()
    await world.api('POST', '/orders', { team: '二班', customer, fault: '不制冷', assign: '张三' })
    world.zhang.sees('派工单 1001')
    const ready = await fetch(`${world.url}/health/ready`)
    expect(ready.status).toBe(200)
    expect(await ready.json()).toMatchObject({ ok: true, outbox: { dead: 0 }, problems: [] })
    const metrics = await (await fetch(`${world.url}/metrics`)).text()
    expect(metrics).toMatch(/paigong_outbox_rows\{status="dead"\} 0/)
    expect(metrics).not.toMatch(/王女士|张三|1380000/)
    expect(metrics).toMatch(/^paigong_inbox_unfinished 0$/m)
    // As it is left by an instance that was killed over it.
    const [now, later] = [new Date(), new Date('2099-01-01T00:00:00Z')]
    const left = { platform: 'wecom', key: 'left', status: 'new', event: {}, receivedAt: now, nextAt: later }
    await world.db.prisma.inbox.create({ data: { company: 'main', ...left } })
    expect(await (await fetch(`${world.url}/metrics`)).text()).toMatch(/^paigong_inbox_unfinished 1$/m)
  })
})
