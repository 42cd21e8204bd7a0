import { expect, it } from 'vitest'
import type { AuditList, Health, OutboxList, TokenList } from '../../src/console/opswire.ts'
import { eachStory } from '../support/shop.ts'
import { Desk } from './desk.ts'

const story = eachStory({ at: '2026-11-25T09:00:00+08:00', bot: false })

const outbox = async (desk: Desk, query = '') => (await desk.get<OutboxList>(`/ops/outbox${query}`)).body
const order = {
  ...{ team: '一班', kind: 'repair', fault: '不制冷', assign: '张三' },
  customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' },
}

it('says of every message why it waits, and sends dead ones again', async () => {
  const { world, db } = story
  const wang = await Desk.open(world, 'wangjingli')
  const { id: zhang } = await db.prisma.person.findFirstOrThrow({ where: { name: '张三' } })
  await db.prisma.person.update({ where: { company_id: { company: 'main', id: zhang } }, data: { mobile: null } })
  await db.prisma.identity.deleteMany({ where: { personId: zhang } })
  const { body: made } = await world.api<{ code: string }>('POST', '/orders', order)
  world.ignore()
  const dead = await outbox(wang, '?view=dead')
  expect(dead.items).toMatchObject([
    { kind: 'order.card', about: made.code, to: { person: '张三', id: zhang }, why: 'unbound', platform: null },
  ])
  expect(dead.counts.dead).toBe(1)
  expect(JSON.stringify(dead)).not.toContain('不制冷')

  // The platform fails: what is to be said to 李四 is tried again, and what comes behind it waits for that.
  const well = world.sandbox.fail({ api: 'message/send', errcode: -1, errmsg: 'system busy' })
  await world.api('POST', '/orders', { ...order, assign: '李四' })
  await world.api('POST', '/orders', { ...order, assign: '李四' })
  const failing = await outbox(wang, '?view=failing&platform=wecom')
  expect(failing.items.length).toBeGreaterThan(0)
  expect(failing.items[0]).toMatchObject({ why: 'failed', said: expect.stringContaining('busy'), platform: 'wecom' })
  expect(failing.items[0]?.attempts).toBeGreaterThan(0)
  const { id: li } = await db.prisma.person.findFirstOrThrow({ where: { name: '李四' } })
  const waiting = await outbox(wang, `?view=held&person=${li}`)
  expect(waiting.items.map(({ why }) => why)).toContain('behind')
  expect((await outbox(wang, '?view=failing&platform=dingtalk')).items).toEqual([])
  well()
  for (const _ of [1, 2, 3]) await world.forward('2m')
  world.ignore()
  expect((await outbox(wang)).counts.failing).toBe(0)

  await wang.send('PUT', `/people/${zhang}/accounts/wecom`, { userId: 'zhangsan' })
  await world.settle()
  world.zhang.cardShows(made.code)
  world.ignore()
  const { id } = (await outbox(wang, '?view=sent&limit=1')).items[0] ?? { id: '' }
  await db.prisma.outbox.update({
    where: { company_id: { company: 'main', id } },
    data: { status: 'dead', reason: 'bad-body: refused — look at the card' },
  })
  expect((await outbox(wang, '?view=dead')).items).toMatchObject([{ id, why: 'refused' }])
  expect((await wang.send('POST', '/ops/outbox/resend', { ids: [zhang] })).body).toEqual({ resent: 0 })
  expect((await wang.send('POST', '/ops/outbox/resend', { ids: [id] })).body).toEqual({ resent: 1 })
  expect((await wang.send('POST', '/ops/outbox/resend', {})).body).toEqual({ resent: 0 })
  await world.settle()
  world.ignore()
  // It was tried: what the platform says to it now stands there, if anything.
  const said = (await outbox(wang, '?view=dead')).items.map(one => one.said)
  expect(said).not.toContain('bad-body: refused — look at the card')
})

it('is for who manages the whole company, and for nobody else', async () => {
  const { world } = story
  await world.api('POST', '/teams', { name: '外地班' })
  for (const userId of ['wangjingli', 'zhaopaigong', 'zhangsan']) {
    const desk = await Desk.open(world, userId)
    for (const path of ['outbox', 'health', 'audit', 'audit.csv', 'audit/actions', 'tokens'])
      expect([path, (await desk.get(`/ops/${path}`)).status]).toEqual([path, 403])
    expect((await desk.send('POST', '/ops/outbox/resend', {})).status).toBe(403)
    expect((await desk.send('POST', '/ops/tokens', { name: 'ERP', scopes: ['admin'] })).status).toBe(403)
  }
})

it('tells how the service is, and what is wrong with it', async () => {
  const { world, db } = story
  const wang = await Desk.open(world, 'wangjingli')
  const health = (await wang.get<Health>('/ops/health')).body
  expect(health).toMatchObject({
    ...{ ok: true, database: { ok: true }, outbox: { dead: 0 } },
    engine: { lastBeatAt: expect.stringMatching(/^2026-11-25T/) },
    platforms: [{ name: 'wecom', quotas: [], thrift: null }],
  })
  const row = { company: 'main', id: wang.id, lane: 'x', platform: 'wecom', kind: 'note', data: {}, dedupeKey: 'x' }
  const at = new Date('2026-11-25T01:00:00Z')
  await db.prisma.outbox.create({ data: { ...row, status: 'dead', nextAt: at, createdAt: at } })
  const { problems } = (await wang.get<Health>('/ops/health')).body
  expect(problems.map(({ code }) => code)).toContain('dead-rows')
})

it('keeps who did what, finds it by person, action and day, and gives it away as a file that is written down, too', async () => {
  const { world, db } = story
  let wang = await Desk.open(world, 'wangjingli')
  const { id: li } = await db.prisma.person.findFirstOrThrow({ where: { name: '李四' } })
  await wang.send('PATCH', `/people/${li}`, { skills: ['=cmd()', '安装'] })
  await world.forward('1d')
  world.ignore()
  wang = await Desk.open(world, 'wangjingli')
  await wang.send('PATCH', `/people/${li}`, { areas: ['二七区'] })
  const log = async (query: string) => (await wang.get<AuditList>(`/ops/audit?${query}`)).body.items
  const [second, signedIn, first] = await log('')
  expect(second).toMatchObject({
    ...{ who: { name: '王经理' }, via: 'page', action: 'person.change', subjectName: '李四', ip: '127.0.0.0' },
    data: { areas: '二七区' },
  })
  expect(first).toMatchObject({ data: { skills: '=cmd()、安装' } })
  expect(signedIn).toMatchObject({ action: 'session.start', subject: null })
  expect(await log('from=2026-11-26&to=2026-11-26')).toMatchObject([{ id: second?.id }, { id: signedIn?.id }])
  expect(await log('to=2026-11-25&action=person.change')).toMatchObject([{ id: first?.id }])
  expect(await log(`person=${li}`)).toEqual([])
  expect(await log(`subject=${li}`)).toHaveLength(2)
  const page = (await wang.get<AuditList>('/ops/audit?limit=1')).body
  expect(await log(`limit=1&after=${page.next}`)).toMatchObject([{ id: signedIn?.id }])
  expect((await wang.get('/ops/audit/actions')).body).toEqual({ items: ['person.change', 'session.start'] })

  const file = await wang.browser.get('/console/api/ops/audit.csv?action=person.change')
  expect(file.headers.get('content-disposition')).toContain('attachment; filename="audit-2026-11-26.csv"')
  const lines = file.text.split('\r\n')
  expect(lines[0]).toContain('时间,谁,入口,动作')
  expect(lines[1]).toMatch(/^2026-11-26 09:00:00,王经理,page,person\.change,李四,/)
  expect(lines).toHaveLength(4)
  const [exported] = await log('')
  expect(exported).toMatchObject({ action: 'audit.export', data: { rows: 2, action: 'person.change' } })
})

it('makes tokens whose secret is told once, and revokes them', async () => {
  const { world } = story
  const wang = await Desk.open(world, 'wangjingli')
  expect(await wang.send('POST', '/ops/tokens', { name: 'ERP', scopes: ['none'] })).toMatchObject({ status: 422 })
  const past = { name: 'ERP', scopes: ['orders:read'], expiresAt: '2026-11-24T00:00:00+08:00' }
  expect(await wang.send('POST', '/ops/tokens', past)).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'expiresAt' }] },
  })
  const made = await wang.send<{ id: string; secret: string }>('POST', '/ops/tokens', {
    ...{ name: 'ERP', scopes: ['orders:read'] },
  })
  const use = () => fetch(`${world.url}/api/v1/orders`, { headers: { Authorization: `Bearer ${made.body.secret}` } })
  expect((await use()).status).toBe(200)
  const list = (await wang.get<TokenList>('/ops/tokens')).body
  expect(list.items).toMatchObject([{ name: 'ERP', scopes: ['orders:read'], revokedAt: null }])
  expect(JSON.stringify(list)).not.toContain(made.body.secret)
  expect(list.scopes.map(({ name }) => name)).toContain('admin')
  expect((await wang.send('DELETE', `/ops/tokens/${made.body.id}`)).status).toBe(200)
  expect((await use()).status).toBe(401)
  expect((await wang.send('DELETE', `/ops/tokens/${wang.id}`)).status).toBe(404)
  const log = (await wang.get<AuditList>('/ops/audit')).body.items.map(({ action, subjectName }) => [
    action,
    subjectName,
  ])
  expect(log.slice(0, 2)).toEqual([
    ['token.revoke', 'ERP'],
    ['token.create', 'ERP'],
  ])
  expect(JSON.stringify((await wang.get('/ops/audit')).body)).not.toContain(made.body.secret)
})
