import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eventShapes } from '../../src/http/shapes/events.ts'
import { areasIn, eventNames, eventsOf, patterns } from '../../src/webhooks/events.ts'
import { eachStory, givenOrder } from '../support/shop.ts'
import { allow, type Delivery, deliveries, type Hook, hookNow, logged, subscribed } from '../support/subscribed.ts'

const story = eachStory({ webhooks: { allow, resolve: async host => found[host] ?? [] } })
const found: Record<string, string[]> = { 'erp.example.com': ['93.184.216.34'], 'bad.example.com': ['10.0.0.8'] }
const url = 'https://erp.example.com/hooks'

type Problem = { detail: string; scope?: string; errors?: Array<{ path: string; message: string }> }
const make = (body: object, headers = {}) => story.world.api<Hook & Problem>('POST', '/webhooks', body, headers)
const token = async (scopes: string[]) => {
  const { body } = await story.world.api<{ secret: string }>('POST', '/tokens', { name: 'ERP', scopes })
  return { Authorization: `Bearer ${body.secret}` }
}

describe('webhook endpoints', () => {
  it('are entered, listed, changed and switched off', async () => {
    const { world } = story
    const given = { url, events: ['order.*', 'month.locked', 'order.*'], description: 'ERP', team: '一班' }
    const made = await make(given)
    expect(made).toMatchObject({
      status: 201,
      body: {
        ...{ url, events: ['order.*', 'month.locked'], description: 'ERP', team: { name: '一班' }, enabled: true },
        ...{ secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/), offBecause: null, lastDeliveredAt: null },
      },
    })
    const { secret: _, ...shown } = made.body
    expect(await hookNow(world, made.body)).toEqual(shown)
    await make({ url: 'https://erp.example.com:8443', events: ['*'] })
    const first = (await world.api<{ items: Hook[]; next: string }>('GET', '/webhooks?limit=1')).body
    expect([first.items, first.next]).toEqual([[shown], made.body.id])
    const rest = await world.api<{ items: Hook[] }>('GET', `/webhooks?limit=200&after=${first.next}`)
    expect(rest.body).toMatchObject({ items: [{ url: 'https://erp.example.com:8443/', team: null }], next: null })

    const change = { events: ['order.completed'], enabled: false, description: null }
    const changed = await world.api('PATCH', `/webhooks/${made.body.id}`, change)
    expect(changed).toMatchObject({ status: 200, body: { ...change, url, team: { name: '一班' } } })
    const moved = await world.api('PATCH', `/webhooks/${made.body.id}`, { url: `${url}/2` })
    expect(moved.body).toMatchObject({ url: `${url}/2`, enabled: false, events: ['order.completed'] })
    for (const path of ['', '/deliveries', '/deliveries?state=failed'])
      expect((await world.api('GET', `/webhooks/019aa000-0000-7000-8000-000000000001${path}`)).status).toBe(404)
  })

  it('a retry with the same key makes one endpoint, and thirty are enough', async () => {
    const { world } = story
    const key = { 'Idempotency-Key': 'hook-1' }
    const [one, again] = [await make({ url, events: ['*'] }, key), await make({ url, events: ['*'] }, key)]
    expect(again.body).toEqual(one.body)
    expect((await make({ url, events: ['order.*'] }, key)).status).toBe(422)
    for (let n = 1; n < 30; n++) expect((await make({ url: `${url}/${n}`, events: ['order.*'] })).status).toBe(201)
    expect(await make({ url, events: ['order.*'] })).toMatchObject({ status: 409, body: { title: 'Too many' } })
    expect(await world.db.prisma.webhookEndpoint.count()).toBe(30)
  })

  it.each([
    ['http://erp.example.com/', /must begin with https:\/\/; http is for hosts that WEBHOOK_ALLOW names/],
    ['https://bad.example.com/', /10\.0\.0\.8, which bad\.example\.com means, is private .* WEBHOOK_ALLOW/],
    ['https://169.254.169.254/', /link-local/],
    ['https://gone.example.com/', /a host that is not found: gone\.example\.com/],
    ['https://a:b@erp.example.com/', /no user and password/],
    ['erp', /is no URL/],
  ])('%s is refused with the reason', async (bad, why) => {
    const refused = await make({ url: bad, events: ['*'] })
    expect(refused).toMatchObject({ status: 422, body: { title: 'Invalid request' } })
    expect(refused.body.errors).toEqual([{ path: 'url', message: expect.stringMatching(why) }])
    const { id } = (await make({ url, events: ['*'] })).body
    expect((await story.world.api('PATCH', `/webhooks/${id}`, { url: bad })).status).toBe(422)
    expect((await hookNow(story.world, { id })).url).toBe(url)
  })

  it('faults of what is sent are named', async () => {
    const { world } = story
    const bad = await make({ url, events: ['order.done'] })
    expect(bad.body.errors).toEqual([{ path: 'events.0', message: expect.stringMatching(/must be an event like/) }])
    expect((await make({ url, events: [] })).status).toBe(422)
    expect((await make({ url, events: ['webhook.test'] })).status).toBe(422)
    expect((await make({ url, events: ['*'], team: '九班' })).status).toBe(422)
    expect((await make({ url, events: ['*'], secret: 'whsec_mine' })).status).toBe(422)
    expect(await world.db.prisma.webhookEndpoint.count()).toBe(0)
  })

  it('hear no more than the token may read that entered or changed them', async () => {
    const { world } = story
    const erp = await token(['webhooks:*', 'orders:read'])
    expect(await make({ url, events: ['order.*', 'leave.approved'] }, erp)).toMatchObject({
      status: 403,
      body: { scope: 'leaves:read', detail: expect.stringContaining('leave.*') },
    })
    expect(await make({ url, events: ['*'] }, erp)).toMatchObject({ status: 403, body: { scope: 'leaves:read' } })
    const own = await make({ url, events: ['order.*'] }, erp)
    expect(own.status).toBe(201)
    const change = (id: string, body: object, by = erp) => world.api<Problem>('PATCH', `/webhooks/${id}`, body, by)
    expect(await change(own.body.id, { events: ['month.*'] })).toMatchObject({
      status: 403,
      body: { scope: 'months:read' },
    })
    expect((await change(own.body.id, { events: ['order.opened'] })).status).toBe(200)
    // What goes elsewhere with more than it may read it can neither lead to itself nor sign.
    const { id } = (await make({ url, events: ['month.*'] })).body
    expect((await change(id, { url: `${url}/mine` })).status).toBe(403)
    expect((await world.api('POST', `/webhooks/${id}/rotate`, undefined, erp)).status).toBe(403)
    expect((await world.api('GET', '/webhooks', undefined, await token(['orders:*']))).status).toBe(403)
    const reader = await token(['webhooks:read', 'orders:read'])
    expect((await world.api('GET', '/webhooks', undefined, reader)).status).toBe(200)
    expect((await make({ url, events: ['order.*'] }, reader)).status).toBe(403)
  })

  it('have their deliveries listed, the newest first, by pages and by state', async () => {
    const { world } = story
    const { at, hook } = await subscribed(world, ['order.*'])
    const lines = logged(world)
    await givenOrder(world)
    at.answer = { status: 500, body: '<html>王女士 </html>' }
    await world.api('POST', `/webhooks/${hook.id}/test`)
    const all = await deliveries(world, hook)
    expect(all.map(({ type, state }) => [type, state])).toEqual([
      ['webhook.test', 'waiting'],
      ['order.assigned', 'delivered'],
      ['order.opened', 'delivered'],
    ])
    expect(all[0]).toMatchObject({ attempts: 1, status: 500, error: 'answered 500', answer: '<html>王女士 </html>' })
    expect(all.map(({ id }) => id)).toEqual(
      at
        .takes()
        .map(({ id }) => id)
        .reverse(),
    )
    expect((await deliveries(world, hook, 'delivered')).map(({ id }) => id)).toEqual(all.slice(1).map(({ id }) => id))
    type Page = { items: Delivery[]; next: string | null }
    const page = (await world.api<Page>('GET', `/webhooks/${hook.id}/deliveries?limit=2`)).body
    const next = (await world.api<Page>('GET', `/webhooks/${hook.id}/deliveries?limit=2&after=${page.next}`)).body
    expect([...page.items, ...next.items]).toEqual(all)
    expect(next.next).toBeNull()
    // Neither the address nor what was answered is in the log.
    expect(lines.filter(line => line.includes(all[0]?.id ?? 'none'))).toHaveLength(1)
    expect(lines.filter(line => /王女士|hooks|whsec_/.test(line))).toEqual([])
    const resend = (id: string) => world.api('POST', `/webhooks/${hook.id}/deliveries/${id}/resend`)
    expect((await resend('019aa000-0000-7000-8000-000000000001')).status).toBe(404)
    at.answer = 204
    // One that came through can be had again as well.
    expect((await resend(all[2]?.id ?? '')).status).toBe(202)
    expect(at.takes()).toMatchObject([{ id: all[2]?.id, type: 'order.opened' }])
  })

  it('are forgotten what they had after thirty days', async () => {
    const { world } = story
    const { hook } = await subscribed(world, ['order.opened'])
    await givenOrder(world)
    await world.forward('29d')
    expect(await deliveries(world, hook)).toHaveLength(1)
    await world.forward('2d')
    expect(await deliveries(world, hook)).toEqual([])
    world.ignore()
  })
})

describe('events', () => {
  it('are each the name of a fact, described in the document and in docs/api.md', async () => {
    const used = new Set(Object.values(eventsOf).flatMap(names => Object.values<string | null>(names)))
    expect(eventNames.filter(name => !used.has(name))).toEqual([])
    expect(eventNames.filter(name => !/^(order|leave|incident|month)\.[a-z_]+$/.test(name))).toEqual([])
    const answer = await fetch(`${story.world.url}/api/v1/openapi.json`)
    const { webhooks } = (await answer.json()) as {
      webhooks: Record<string, { post: { operationId: string } }>
    }
    expect(webhooks['order.offer_ended']?.post.operationId).toBe('onOrderOfferEnded')
    expect(Object.keys(webhooks)).toEqual(eventShapes.map(({ name }) => name))
    const text = readFileSync('docs/api.md', 'utf8')
    expect(eventShapes.map(({ name }) => name).filter(name => !text.includes(`\`${name}\``))).toEqual([])
    const told = [...text.matchAll(/`((?:order|leave|incident|month)\.[a-z_]+)`/g)].map(([, name = '']) => name)
    expect(told.filter(name => !eventNames.some(one => one === name))).toEqual([])
  })

  it('patterns name areas', () => {
    expect(areasIn(['order.opened', 'order.*', 'month.locked'])).toEqual(['order', 'month'])
    expect(areasIn(['*'])).toEqual(['order', 'leave', 'incident', 'month'])
    expect(patterns.slice(0, 5)).toEqual(['*', 'order.*', 'leave.*', 'incident.*', 'month.*'])
  })
})
