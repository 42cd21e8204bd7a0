import { describe, expect, it, vi } from 'vitest'
import { inTransaction } from '../../src/db/tx.ts'
import { openOrder } from '../../src/orders/flow.ts'
import { textOf } from '../support/screen.ts'
import { eachStory, givenOrder, takenOrder } from '../support/shop.ts'
import { allow, bare, deliveries, type Hook, hookNow, logged, subscribed } from '../support/subscribed.ts'
import { apiToken, type World } from '../support/world.ts'

const policy = `
name: default
title: 一班工资
version: 1
posts: [维修工]
clocks:
  - { kind: accept, start: dispatched, stop: accepted, within: 15m }
leave:
  types: [{ name: 事假, deduct: 1 }]
incidents:
  items: [{ name: 未穿鞋套, fine: "30.00" }]
figures: [{ name: 级别工资, of: 个人, for: 维修工, standing: true }]
pay:
  items: [{ name: 级别, for: 维修工, formula: 级别工资 }]
`

const team = encodeURIComponent('一班')

describe('what happens', () => {
  const story = eachStory({ policy, webhooks: { allow } })

  it('is told with the order as it was and the entry that was written, in that order', async () => {
    const { world } = story
    const { at, hook } = await subscribed(world, ['order.*'])
    const code = await takenOrder(world)
    const [opened, assigned, accepted, ...more] = at.takes()
    expect(more).toEqual([])
    expect(opened).toMatchObject({
      ...{ type: 'order.opened', timestamp: '2026-11-24T01:00:00.000Z' },
      data: {
        order: { code, state: 'new', assignee: null, clocks: [] },
        fact: { fact: 'created', via: 'api', by: null },
      },
    })
    expect(assigned).toMatchObject({
      type: 'order.assigned',
      data: {
        order: { state: 'dispatched', assignee: { name: '张三' }, clocks: [{ kind: 'accept', state: 'running' }] },
        fact: { fact: 'dispatched', seq: 2 },
      },
    })
    expect(accepted).toMatchObject({
      type: 'order.accepted',
      data: {
        order: { state: 'accepted', clocks: [{ kind: 'accept', state: 'met' }] },
        fact: { fact: 'accepted', seq: 3, via: 'button', by: { name: '张三' } },
      },
    })
    expect(new Set([opened, assigned, accepted].map(one => one?.id)).size).toBe(3)
    // The journal of the API has the very entries.
    const { body } = await world.api<{ timeline: object[] }>('GET', `/orders/${code}`)
    expect(body.timeline).toEqual([opened, assigned, accepted].map(one => one?.data.fact))
    expect(await hookNow(world, hook)).toMatchObject({
      failingSince: null,
      lastDeliveredAt: '2026-11-24T01:00:00.000Z',
    })
    expect(await deliveries(world, hook, 'delivered')).toHaveLength(3)
  })

  it('in leave, incidents and months is told, and each hears what it asked for', async () => {
    const { world, db } = story
    const { at: everything } = await subscribed(world, ['*'])
    const { at: some } = await subscribed(world, ['leave.approved', 'month.*', 'order.cancelled'])
    const { at: none } = await subscribed(world, ['order.rated'])
    const [{ id: otherTeam } = { id: '' }] = [
      (await world.api<{ id: string }>('POST', '/teams', { name: '二班' })).body,
    ]
    const { at: other } = await subscribed(world, ['*'], { team: otherTeam })
    const { at: own } = await subscribed(world, ['leave.*'], { team: '一班' })

    await world.zhang.says('请假 明天下午 家里有事')
    world.zhang.sees('请核对')
    await world.zhang.says('确认')
    await world.wang.says('批准 假1')
    const fined = { team: '一班', person: '李四', item: '未穿鞋套', words: '客户说的' }
    expect((await world.api('POST', '/incidents', fined)).status).toBe(201)
    const decided = { decision: 'confirm' }
    await world.api('POST', `/incidents/${encodeURIComponent('奖惩1')}/decide`, decided)
    world.ignore()

    const told = everything.takes()
    expect(told.map(({ type }) => type)).toEqual([
      'leave.requested',
      'leave.approved',
      'incident.proposed',
      'incident.confirmed',
    ])
    expect(told.map(({ data: { leave, incident, fact } }) => [leave ?? incident, fact])).toMatchObject([
      [
        { code: '假1', state: 'asked', decidedAt: null },
        { fact: 'asked', seq: 1 },
      ],
      [{ code: '假1', state: 'granted', decidedBy: { name: '王经理' } }, { fact: 'granted' }],
      [{ code: '奖惩1', state: 'proposed', decidedAt: null }, { fact: 'proposed' }],
      [{ code: '奖惩1', state: 'confirmed', is: { amount: '-30.00' } }, { fact: 'confirmed' }],
    ])
    expect(some.types()).toEqual(['leave.approved'])

    const personId = (await db.prisma.person.findFirstOrThrow({ where: { name: '张三' } })).id
    await db.prisma.employment.updateMany({ where: { personId }, data: { post: '维修工', from: '2026-10-01' } })
    await db.prisma.employment.updateMany({ where: { personId: { not: personId } }, data: { from: '2026-11-01' } })
    const values = [{ name: '级别工资', person: '张三', value: 1000 }]
    expect((await world.api('PUT', '/figures', { team: '一班', month: '2026-10', values })).status).toBe(200)
    const path = `/settlements/${team}/2026-10`
    await world.api('POST', `${path}/draft`)
    await world.api('POST', `${path}/publish`)
    await world.forward('4d')
    const months = some.takes()
    expect(months.map(({ type, data: { settlement, fact } }) => [type, settlement?.state, fact?.fact])).toEqual([
      ['month.reckoned', 'draft', 'reckoned'],
      ['month.published', 'published', 'published'],
      ['month.locked', 'locked', 'locked'],
    ])
    expect(months[0]?.data).toMatchObject({
      settlement: { month: '2026-10', team: { name: '一班' }, result: { net: '1000.00' }, publishedAt: null },
      fact: { net: '1000.00' },
    })
    expect([none.types(), other.types()]).toEqual([[], []])
    expect(own.types()).toEqual(['leave.requested', 'leave.approved', 'leave.orders_returned'])
    world.ignore()
  })

  it('and did not happen after all is not told', async () => {
    const { world } = story
    const { at, hook } = await subscribed(world, ['*'])
    const { ctx } = world.app
    const { id } = await world.db.prisma.team.findFirstOrThrow({ where: { name: '一班' } })
    const customer = { name: '王女士', phone: '13800001234', address: '花园路38号' }
    const fields = { kind: 'repair' as const, urgent: false, customer, product: {}, fault: '不制冷' }
    const request = { teamId: id, policy: 'default', fields, by: null, speech: { via: 'api' as const } }
    const owed = () => world.db.prisma.webhookDelivery.count()
    await expect(
      inTransaction(world.db, async tx => {
        await openOrder(tx, ctx, request)
        expect(await tx.webhookDelivery.count()).toBe(1)
        throw new Error('power cut')
      }),
    ).rejects.toThrow('power cut')
    await world.settle()
    expect([await owed(), at.types()]).toEqual([0, []])
    // Before anything is sent it is there as surely as the order is.
    await inTransaction(world.db, tx => openOrder(tx, ctx, request))
    expect(await world.db.prisma.webhookDelivery.findMany()).toMatchObject([
      { endpointId: hook.id, type: 'order.opened', state: 'waiting', attempts: 0 },
    ])
    await world.settle()
    expect(at.types()).toEqual(['order.opened'])
    world.ignore()
  })
})

describe('an endpoint that fails', () => {
  const story = eachStory({ policy, webhooks: { allow } })
  const health = async (world: World) =>
    (await (await fetch(`${world.url}/health/ready`)).json()) as {
      webhooks: object
      problems: Array<{ code: string; what: string; fix: string }>
    }

  it('is tried ten times, ever later, always with the same words; then the operator is told and can send again', async () => {
    const { world } = story
    const { at, hook } = await subscribed(world, ['order.opened'])
    at.answer = { status: 500, body: '数据库\n满了' }
    const code = await givenOrder(world)
    await world.zhang.taps('接单')
    world.ignore()
    const attempts = at.takes()
    expect(attempts).toHaveLength(1)
    expect(await hookNow(world, hook)).toMatchObject({ enabled: true, failingSince: '2026-11-24T01:00:00.000Z' })
    for (const wait of ['5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h']) {
      const [waiting] = await deliveries(world, hook)
      const ms = Date.parse(waiting?.nextAt ?? '') - world.clock.now().getTime()
      expect(waiting).toMatchObject({ state: 'waiting', attempts: attempts.length, status: 500, answer: '数据库 满了' })
      // Not a second before.
      await world.forward(`${Math.floor(ms / 1000) - 1}s`)
      expect(at.takes(), wait).toEqual([])
      await world.forward('2s')
      world.ignore()
      attempts.push(...at.takes())
    }
    expect(attempts).toHaveLength(10)
    const said = attempts.map(({ id, type, timestamp, data }) => ({ id, type, timestamp, data }))
    expect(said).toEqual(Array(10).fill(said[0]))
    expect(said[0]?.data).toMatchObject({ order: { code, state: 'new' } })

    const [failed] = await deliveries(world, hook, 'failed')
    expect(failed).toMatchObject({ attempts: 10, error: 'answered 500', nextAt: null })
    expect(await health(world)).toMatchObject({
      webhooks: { waiting: 0, failed: 1, off: 0 },
      problems: [{ code: 'webhooks-failed', what: '1 webhook message(s) were given up' }],
    })
    const metrics = await (await fetch(`${world.url}/metrics`)).text()
    expect(metrics).toContain('paigong_webhook_deliveries{state="failed"} 1')

    at.answer = 204
    const again = await world.api('POST', `/webhooks/${hook.id}/deliveries/${failed?.id}/resend`)
    expect(again).toMatchObject({ status: 202, body: { state: 'waiting', attempts: 0 } })
    expect(at.takes()).toMatchObject([{ id: said[0]?.id, data: { order: { state: 'new' } } }])
    expect(await health(world)).toMatchObject({ webhooks: { failed: 0 }, problems: [] })
    expect(await hookNow(world, hook)).toMatchObject({ failingSince: null })
    world.ignore()
  })

  it('does not keep later events waiting for the one that fails', async () => {
    const { world } = story
    const { at } = await subscribed(world, ['order.opened', 'order.assigned'])
    at.answer = ({ type }) => (type === 'order.opened' ? 400 : 204)
    await givenOrder(world)
    expect(at.types()).toEqual(['order.opened', 'order.assigned'])
    at.answer = 204
    await world.forward('6s')
    expect(at.types()).toEqual(['order.opened'])
  })

  it('with 410 is switched off; what waits goes out when it is switched on again, what happened meanwhile does not', async () => {
    const { world } = story
    const { at, hook } = await subscribed(world, ['order.opened'])
    at.answer = 410
    await givenOrder(world)
    expect(at.types()).toEqual(['order.opened'])
    expect(await hookNow(world, hook)).toMatchObject({ enabled: false, offBecause: 'it answered 410 Gone' })
    expect((await health(world)).problems).toMatchObject([
      { code: 'webhook-off', what: expect.stringContaining(`${hook.id} was switched off: it answered 410`) },
    ])
    expect(await (await fetch(`${world.url}/metrics`)).text()).toContain('paigong_webhook_endpoints_off 1')
    expect((await world.api('POST', `/webhooks/${hook.id}/test`)).status).toBe(409)
    const [waiting] = await deliveries(world, hook)
    const resend = `/webhooks/${hook.id}/deliveries/${waiting?.id}/resend`
    expect((await world.api('POST', resend)).status).toBe(409)
    await givenOrder(world, { name: '王小明' })
    await world.forward('10m')
    expect(at.types()).toEqual([])
    at.answer = 204
    const on = await world.api('PATCH', `/webhooks/${hook.id}`, { enabled: true })
    expect(on.body).toMatchObject({ enabled: true, offBecause: null, failingSince: null })
    expect(at.takes()).toMatchObject([{ id: waiting?.id, data: { order: { code: '1001' } } }])
    world.ignore()
  })

  it('for five days without anything coming through is switched off', async () => {
    const { world } = story
    const { at, hook } = await subscribed(world, ['order.opened'])
    at.answer = 503
    await givenOrder(world)
    await world.forward('4d')
    expect(await hookNow(world, hook)).toMatchObject({ enabled: true })
    await world.forward('1d')
    await givenOrder(world, { name: '王小明' })
    expect(await hookNow(world, hook)).toMatchObject({
      enabled: false,
      offBecause: 'nothing came through since 2026-11-24T01:00:00.000Z',
    })
    world.ignore()
  })

  it('is left alone as long as it asks, with everything', async () => {
    const { world } = story
    const { at } = await subscribed(world, ['order.opened', 'order.accepted'])
    at.answer = { status: 429, headers: { 'Retry-After': '120' } }
    const code = await givenOrder(world)
    await world.zhang.taps('接单')
    world.zhao.sees(`${code} 张三 已接单`)
    expect(at.types()).toEqual(['order.opened'])
    at.answer = 204
    await world.forward('119s')
    expect(at.types()).toEqual([])
    await world.forward('2s')
    expect(at.types()).toEqual(['order.opened', 'order.accepted'])
    world.ignore()
  })

  it('and sends elsewhere is not followed', async () => {
    const { world } = story
    const { at, hook } = await subscribed(world, ['order.opened'])
    const { at: elsewhere } = await subscribed(world, ['order.rated'])
    at.answer = { status: 307, headers: { Location: elsewhere.url } }
    await givenOrder(world)
    expect([at.types(), elsewhere.types()]).toEqual([['order.opened'], []])
    expect(await deliveries(world, hook)).toMatchObject([
      { status: 307, error: 'answered 307: redirects are not followed', state: 'waiting' },
    ])
  })

  it('because its name leads into the network by now is refused at each try', async () => {
    const { world } = story
    const { hook } = await subscribed(world, ['order.opened'])
    await world.db.prisma.webhookEndpoint.updateMany({ data: { url: 'https://[::ffff:169.254.169.254]/latest' } })
    await givenOrder(world)
    expect(await deliveries(world, hook)).toMatchObject([
      { state: 'waiting', attempts: 1, status: null, error: expect.stringMatching(/^refused: .*link-local/) },
    ])
  })
})

describe('an endpoint that hangs', () => {
  const story = eachStory({ policy, webhooks: { allow, timeoutMs: 60_000 } })

  it('holds up neither the others nor the chat', async () => {
    const { world } = story
    const { at: dead, hook } = await subscribed(world, ['order.*'])
    const { at: quick } = await subscribed(world, ['order.*'])
    dead.answer = 'hang'
    const body = JSON.stringify({
      ...{ team: '一班', fault: '不制冷', assign: '张三' },
      customer: { name: '王女士', phone: '13800001234', address: '花园路38号' },
    })
    const headers = { Authorization: `Bearer ${apiToken}`, 'Content-Type': 'application/json' }
    await fetch(`${world.url}/api/v1/orders`, { method: 'POST', headers, body })
    await vi.waitFor(
      () => {
        expect([dead.got.length, quick.got.length]).toEqual([1, 2])
        expect(world.messagesFor(world.zhang.userId).map(textOf).join('\n')).toContain('派工单 1001')
      },
      { timeout: 30_000, interval: 10 },
    )
    // All that while the first message hangs.
    const tried = { endpointId: hook.id, attempts: { gt: 0 } }
    expect(await world.db.prisma.webhookDelivery.count({ where: tried })).toBe(0)
    dead.answersAll(503)
    await world.settle()
    world.zhang.sees('派工单 1001')
    world.groupSees('1001 已派单给张三')
    expect([dead.types(), quick.types()]).toEqual([
      ['order.opened', 'order.assigned'],
      ['order.opened', 'order.assigned'],
    ])
    expect((await deliveries(world, hook)).map(({ error, state }) => [error, state])).toEqual(
      Array(2).fill(['answered 503', 'waiting']),
    )
  })
})

describe('keys', () => {
  const story = eachStory({ policy, webhooks: { allow } })

  it('the secret is shown once, and a new one signs beside the old one for a day', async () => {
    const { world } = story
    const lines = logged(world)
    const { at, hook } = await subscribed(world, ['order.*'])
    const test = () => world.api('POST', `/webhooks/${hook.id}/test`)
    const first = hook.secret
    expect(JSON.stringify([(await world.api('GET', '/webhooks')).body, await hookNow(world, hook)])).not.toContain(
      'whsec_',
    )
    const key = { 'Idempotency-Key': 'rotate-1' }
    const rotate = (headers = {}) => world.api<Hook>('POST', `/webhooks/${hook.id}/rotate`, undefined, headers)
    const { status, body } = await rotate(key)
    expect([status, body.secret === first]).toEqual([200, false])
    // Its retry changes nothing.
    expect((await rotate(key)).body.secret).toBe(body.secret)
    for (const good of [first, body.secret]) {
      at.secrets = [good]
      expect(await test()).toMatchObject({ status: 202, body: { type: 'webhook.test', state: 'waiting' } })
      expect(at.takes()).toMatchObject([{ type: 'webhook.test', data: { endpoint: hook.id } }])
    }
    await world.forward('1d')
    await test()
    expect(at.types()).toEqual(['webhook.test'])
    at.answer = 410
    await test()
    expect(at.types()).toEqual(['webhook.test'])
    expect(lines).toContainEqual(expect.stringMatching(/was switched off .*410 Gone/))
    expect(lines.filter(line => /whsec_|hooks/.test(line))).toEqual([])
    world.ignore()
  })

  it('nothing of it goes out once the endpoint is deleted', async () => {
    const { world } = story
    const { at, hook } = await subscribed(world, ['order.*'])
    at.answer = 500
    await givenOrder(world)
    expect((await bare(world, 'DELETE', `/webhooks/${hook.id}`)).status).toBe(204)
    expect((await bare(world, 'DELETE', `/webhooks/${hook.id}`)).status).toBe(404)
    at.takes()
    await world.forward('10m')
    expect([at.types(), await world.db.prisma.webhookDelivery.count()]).toEqual([[], 0])
    world.ignore()
  })
})
