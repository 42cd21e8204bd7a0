import { expect, it } from 'vitest'
import type { PersonPage, Roster, Teams } from '../../src/console/peoplewire.ts'
import { eachStory, onBoth } from '../support/shop.ts'
import type { World } from '../support/world.ts'
import { Desk } from './desk.ts'

const at = '2026-11-25T09:00:00+08:00'

/** A second team that nobody of the first one manages, with one person in both. */
async function secondTeam(world: World): Promise<Map<string, string>> {
  await world.api('POST', '/teams', { name: '二班' })
  const people = [
    { name: '钱经理', team: '二班', roles: ['manager'], mobile: '13800000011', wecom: { userId: 'qianjingli' } },
    { name: '孙六', team: '二班', roles: ['technician'], mobile: '13800000012' },
    { name: '张三', team: '二班', roles: ['technician'] },
  ]
  for (const one of people) expect((await world.api('POST', '/people', one)).status).toBe(201)
  world.ignore()
  return idsOf(world)
}

async function idsOf(world: World): Promise<Map<string, string>> {
  const people = await world.db.prisma.person.findMany()
  const teams = await world.db.prisma.team.findMany()
  return new Map([...people, ...teams].map(({ id, name }) => [name, id]))
}

const actions = async (world: World) => {
  const rows = await world.db.prisma.auditEntry.findMany({ orderBy: { id: 'asc' }, where: { via: 'page' } })
  return rows.map(({ action, data }) => [action, data] as const)
}

const names = ({ items }: Roster) => items.map(({ name }) => name)

onBoth(
  story => {
    it('who leaves gives his open orders back, is signed out, and his manager is told first what follows', async () => {
      const { world } = story
      const wang = await Desk.open(world, 'wangjingli')
      const zhang = await Desk.open(world, 'zhangsan')
      const order = {
        ...{ team: '一班', kind: 'repair', fault: '不制冷', assign: '张三' },
        customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' },
      }
      const { body: made } = await world.api<{ code: string }>('POST', '/orders', order)
      world.ignore()
      const page = (await wang.get<PersonPage>(`/people/${zhang.id}`)).body
      expect(page).toMatchObject({
        ...{ name: '张三', today: 'active', may: { change: true, identity: true }, isSelf: false },
        teams: [{ team: '一班', roles: ['technician'], inHand: [made.code], onlyManager: false, mayManage: true }],
        sessions: [{ browser: expect.stringContaining('Chrome/140') }],
      })
      const going = { lastDay: '2026-11-25' }
      expect(await wang.send('POST', `/people/${zhang.id}/leave`, { lastDay: '2026-11-26' })).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'leftOn' }] },
      })
      const gone = await wang.send<PersonPage>('POST', `/people/${zhang.id}/leave`, going)
      expect(gone).toMatchObject({
        status: 200,
        body: { today: 'left', teams: [], past: [{ team: '一班', to: '2026-11-25' }], sessions: [] },
      })
      await world.settle()
      world.zhao.sees(`${made.code}`)
      world.ignore()
      expect((await world.api(`GET`, `/orders/${made.code}`)).body).toMatchObject({ state: 'new' })
      expect((await zhang.browser.get('/session')).status).toBe(401)
      expect(await wang.send('POST', `/people/${zhang.id}/leave`, going)).toMatchObject({ status: 409 })
      expect((await actions(world)).at(-1)).toEqual(['person.leave', { ...going, teams: '一班' }])
      // He comes back by being taken into a team again.
      const { teamId } = (page.teams[0] as PersonPage['teams'][number]) ?? {}
      const back = await wang.send('PUT', `/people/${zhang.id}/teams/${teamId}`, {
        roles: ['technician', 'dispatcher'],
      })
      expect(back).toMatchObject({
        status: 200,
        body: { today: 'active', teams: [{ roles: ['technician', 'dispatcher'] }] },
      })
    })
  },
  { at },
)

const story = eachStory({ at, bot: false })

it('a dispatcher looks, a manager of the team changes, of another team sees nothing', async () => {
  const { world } = story
  const ids = await secondTeam(world)
  const [li, sun] = [ids.get('李四'), ids.get('孙六')]
  const zhao = await Desk.open(world, 'zhaopaigong')
  expect(names((await zhao.get<Roster>('/people')).body)).toEqual(['赵派工', '张三', '李四', '王经理'])
  expect(await zhao.get(`/people?team=${ids.get('二班')}`)).toMatchObject({ status: 404 })
  expect(await zhao.get(`/people/${sun}`)).toMatchObject({ status: 404 })
  const seen = await zhao.get<PersonPage>(`/people/${li}`)
  expect(seen.body).toMatchObject({ name: '李四', sessions: null, may: { change: false, identity: false } })
  expect(await zhao.send('PATCH', `/people/${li}`, { skills: ['安装'] })).toMatchObject({
    status: 403,
    body: { detail: '这一项由经理办理。' },
  })

  const wang = await Desk.open(world, 'wangjingli')
  const change = {
    skills: ['空调', '安装'],
    areas: ['二七区'],
    restDays: [3],
    daysOff: ['2026-12-01'],
    mobile: '13800000033',
  }
  const changed = await wang.send<PersonPage>('PATCH', `/people/${li}`, change)
  expect(changed.body).toMatchObject({ ...change, today: 'rest' })
  expect((await actions(world)).at(-1)).toEqual([
    'person.change',
    { mobile: '138****0033', skills: '空调、安装', areas: '二七区', restDays: '3', daysOff: '2026-12-01' },
  ])
  expect(await wang.get(`/people/${sun}`)).toMatchObject({ status: 404 })
  expect(await wang.send('PATCH', `/people/${sun}`, { skills: [] })).toMatchObject({ status: 404 })
  // Of somebody who is in another team, too, he changes what is about the work, and nothing one signs in by.
  const zhang = ids.get('张三')
  expect(await wang.send('PATCH', `/people/${zhang}`, { skills: ['安装'] })).toMatchObject({ status: 200 })
  for (const [method, path, body] of [
    ['PATCH', '', { mobile: '13800000099' }],
    ['PUT', '/accounts/wecom', { userId: 'mine' }],
    ['DELETE', '/accounts/wecom', undefined],
    ['POST', '/leave', { lastDay: '2026-11-25' }],
    ['POST', '/signout', {}],
    ['POST', '/code', {}],
  ] as const)
    expect(await wang.send(method, `/people/${zhang}${path}`, body)).toMatchObject({ status: 403 })
  expect((await wang.send('PUT', `/people/${zhang}/teams/${ids.get('二班')}`, { roles: ['manager'] })).status).toBe(404)
})

it('people are found by name, number and account, page by page, by standing', async () => {
  const { world } = story
  const wang = await Desk.open(world, 'wangjingli')
  const roster = async (query: string) => (await wang.get<Roster>(`/people?${query}`)).body
  expect(names(await roster('q=zhangs'))).toEqual(['张三'])
  expect(names(await roster('q=0000003'))).toEqual(['李四'])
  expect(names(await roster(`q=${encodeURIComponent('%')}`))).toEqual([])
  expect(names(await roster('role=manager'))).toEqual(['王经理'])
  const first = await roster('limit=3')
  expect(names(first)).toEqual(['赵派工', '张三', '李四'])
  expect(names(await roster(`limit=3&after=${first.next}`))).toEqual(['王经理'])
  expect(first.counts).toEqual({ active: 4, leave: 0, left: 0 })
  const li = (await idsOf(world)).get('李四') ?? ''
  const teamId = (await idsOf(world)).get('一班') ?? ''
  await world.db.prisma.leaveDay.create({
    data: {
      ...{ company: 'main', leaveId: li, day: '2026-11-25', teamId, personId: li, type: 'personal' },
      ...{ from: 810, to: 1440, share: 5000, state: 'granted' },
    },
  })
  expect((await roster('standing=leave')).items).toMatchObject([{ name: '李四', today: 'partly' }])
  await wang.send('POST', `/people/${li}/teams/${teamId}/quit`, { lastDay: '2026-11-25' })
  world.ignore()
  expect(names(await roster('standing=left'))).toEqual(['李四'])
  expect((await roster('')).counts).toEqual({ active: 3, leave: 0, left: 1 })
})

it('ten thousand people are no trouble', async () => {
  const { world, db } = story
  const team = await db.prisma.team.findFirstOrThrow()
  // Those who left: nobody looks for their accounts, and no list of the day is made for them.
  await db.prisma.$executeRaw`
    INSERT INTO "Person" ("company", "id", "name", "mobile", "active", "createdAt")
    SELECT 'main', gen_random_uuid(), '员工' || n, '139' || lpad(n::text, 8, '0'), false, now() FROM generate_series(1, 10000) n`
  // As the database's own upkeep does, or ours each night: plans made for a handful of people are made anew.
  await db.prisma.$executeRaw`ANALYZE`
  await db.prisma.$executeRaw`
    INSERT INTO "Membership" ("company", "teamId", "personId", "role")
    SELECT 'main', ${team.id}::uuid, "id", 'technician' FROM "Person" WHERE "name" LIKE '员工%'`
  const zhao = await Desk.open(world, 'zhaopaigong')
  const begun = performance.now()
  const page = (await zhao.get<Roster>('/people?standing=left&q=1390000999')).body
  expect(page.items).toHaveLength(10)
  const first = (await zhao.get<Roster>('/people?standing=left')).body
  expect(first.counts.left).toBe(10_000)
  expect(performance.now() - begun).toBeLessThan(5_000)
  const second = (await zhao.get<Roster>(`/people?standing=left&after=${first.next}`)).body
  expect(new Set([...names(first), ...names(second)]).size).toBe(100)
})

it('a new person has a number and accounts of his own; whose they are is named', async () => {
  const { world } = story
  const ids = await idsOf(world)
  const wang = await Desk.open(world, 'wangjingli')
  const input = { name: '周七', team: ids.get('一班'), roles: ['technician'], mobile: '13800000002', post: undefined }
  expect(await wang.send('POST', '/people', input)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('手机号和张三（一班）重复') },
  })
  const doubles = await wang.get('/people/doubles?mobile=13800000002&wecom=LiSi&name=王经理')
  expect(doubles.body).toMatchObject({
    items: [
      { name: '张三', by: 'mobile' },
      { name: '李四', by: 'wecom', teams: ['一班'] },
      { name: '王经理', by: 'name' },
    ],
  })
  expect(await wang.send('POST', '/people', { ...input, mobile: '1380000' })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'mobile' }] },
  })
  const made = await wang.send<PersonPage>('POST', '/people', {
    ...input,
    ...{ mobile: '13800000055', wecom: { userId: 'zhouqi' }, joinedOn: '2026-11-01', skills: ['安装'] },
  })
  expect(made).toMatchObject({
    status: 200,
    body: {
      ...{ name: '周七', skills: ['安装'], teams: [{ joinedOn: '2026-11-01', roles: ['technician'] }] },
      accounts: [{ platform: 'wecom', userId: 'zhouqi', how: 'page', since: '2026-11-25T01:00:00.000Z' }],
    },
  })
  expect((await actions(world)).at(-1)).toEqual([
    'person.enter',
    { name: '周七', team: '一班', roles: 'technician', mobile: '138****0055' },
  ])
})

it('no team loses its last manager, and nobody his own post without being told', async () => {
  const { world } = story
  const ids = await idsOf(world)
  const wang = await Desk.open(world, 'wangjingli')
  const team = ids.get('一班')
  const own = `/people/${wang.id}`
  const roles = { roles: ['technician'], sure: true }
  for (const [method, path, body] of [
    ['PUT', `/teams/${team}`, roles],
    ['POST', `/teams/${team}/quit`, { lastDay: '2026-11-25', sure: true }],
    ['POST', '/leave', { lastDay: '2026-11-25', sure: true }],
  ] as const)
    expect(await wang.send(method, `${own}${path}`, body)).toMatchObject({
      status: 409,
      body: { detail: '「一班」只有他一位经理。请先让别人也做经理，再办这一项。' },
    })
  const second = await wang.send('PUT', `/people/${ids.get('李四')}/teams/${team}`, {
    roles: ['technician', 'manager'],
  })
  expect(second.status).toBe(200)
  expect(await wang.send('PUT', `${own}/teams/${team}`, { roles: ['technician'] })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('你自己就不再是「一班」的经理了') },
  })
  expect(await wang.send('PUT', `${own}/teams/${team}`, roles)).toMatchObject({ status: 200, body: { gone: '王经理' } })
  expect(await wang.send('PUT', `/people/${ids.get('李四')}/teams/${team}`, { roles: ['technician'] })).toMatchObject({
    status: 403,
  })
})

it('of two managers who take each other away at once, one stays', async () => {
  const { world } = story
  const ids = await idsOf(world)
  const team = ids.get('一班')
  const wang = await Desk.open(world, 'wangjingli')
  await wang.send('PUT', `/people/${ids.get('李四')}/teams/${team}`, { roles: ['manager'] })
  const li = await Desk.open(world, 'lisi')
  const take = (desk: Desk, whom: string) =>
    desk.send('PUT', `/people/${whom}/teams/${team}`, { roles: ['technician'] })
  const answers = await Promise.all([take(wang, li.id), take(li, wang.id)])
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(await world.db.prisma.membership.count({ where: { role: 'manager' } })).toBe(1)
})

it('accounts are bound and unbound by hand, and stay unbound', async () => {
  const { world, db } = story
  const wang = await Desk.open(world, 'wangjingli')
  const zhang = await Desk.open(world, 'zhangsan')
  const account = `/people/${zhang.id}/accounts/wecom`
  expect(await wang.send('PUT', account, { userId: 'lisi' })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('企业微信账号和李四（一班）重复') },
  })
  expect((await wang.send('DELETE', account)).body).toMatchObject({ accounts: [], unboundOn: ['wecom'], sessions: [] })
  expect((await zhang.browser.get('/session')).status).toBe(401)
  // His number is in the platform's contacts: the engine would find him there.
  await world.forward('2h')
  world.ignore()
  expect(await db.prisma.identity.count({ where: { personId: zhang.id } })).toBe(0)
  expect(await wang.send('DELETE', account)).toMatchObject({ status: 409 })
  const bound = await wang.send('PUT', account, { userId: 'ZhangSan' })
  expect(bound.body).toMatchObject({ accounts: [{ userId: 'zhangsan', how: 'page' }], unboundOn: [] })
  const code = await wang.send<{ words: string }>('POST', `/people/${zhang.id}/code`, {})
  expect(code.body.words).toMatch(/张三 的绑定码：\d{6}/)
  expect((await actions(world)).map(([action, data]) => [action, data])).toEqual([
    ['person.unbind', { platform: 'wecom', account: 'zhangsan' }],
    ['person.bind', { platform: 'wecom', account: 'ZhangSan' }],
    ['person.code', {}],
  ])
})

it('a manager sees who is signed in where, and signs him out everywhere', async () => {
  const { world } = story
  const wang = await Desk.open(world, 'wangjingli')
  const zhang = await Desk.open(world, 'zhangsan')
  await Desk.open(world, 'zhangsan')
  expect((await wang.get<PersonPage>(`/people/${zhang.id}`)).body.sessions).toHaveLength(2)
  expect((await wang.send('POST', `/people/${zhang.id}/signout`, {})).body).toMatchObject({ sessions: [] })
  expect((await zhang.browser.get('/session')).status).toBe(401)
  expect((await actions(world)).at(-1)).toEqual(['session.endAll', { sessions: 2 }])
})

it('teams are opened, renamed, given a rule book, and their groups unbound', async () => {
  const { world, db } = story
  const wang = await Desk.open(world, 'wangjingli')
  const made = await wang.send<{ id: string }>('POST', '/teams', { name: '三班', policy: 'retailer' })
  expect(made.status).toBe(200)
  // He manages every team there is, this one too: he is the company's manager still.
  expect((await wang.browser.get('/session')).json()).toMatchObject({ isCompanyManager: true })
  expect(await wang.send('POST', '/teams', { name: '三班', policy: 'default' })).toMatchObject({ status: 409 })
  expect(await wang.send('POST', '/teams', { name: '四班', policy: 'none' })).toMatchObject({ status: 422 })
  expect(await wang.send('PATCH', `/teams/${made.body.id}`, { name: '一班' })).toMatchObject({
    status: 409,
    body: { detail: '已经有一个班组叫「一班」，请换个名字。' },
  })
  const { id: first } = await db.prisma.team.findFirstOrThrow({ where: { name: '一班' } })
  const chat = { platform: 'wecom', chatId: 'wrGROUP==' }
  await db.prisma.chat.create({ data: { company: 'main', ...chat, via: 'bot', teamId: first, boundAt: new Date(at) } })
  await db.prisma.groupRobot.create({
    data: { company: 'main', teamId: first, platform: 'dingtalk', key: 'a-secret-key-of-it', secret: 'SECa' },
  })
  const teams = await wang.send<Teams>('PATCH', `/teams/${made.body.id}`, { name: '售后三班', policy: 'default' })
  expect(teams.body.items).toMatchObject([
    {
      ...{ name: '一班', mayManage: true, chats: [{ ...chat, via: 'bot' }], robots: ['dingtalk'] },
      people: expect.arrayContaining([{ role: 'technician', count: 2 }]),
    },
    { name: '售后三班', policy: { name: 'default', title: '家电售后通用', version: 1, missing: false } },
  ])
  expect(teams.body.policies.map(({ name }) => name)).toContain('retailer')
  expect(JSON.stringify(teams.body)).not.toContain('secret-key')
  const unbind = (body: object) => wang.send<Teams>('POST', `/teams/${first}/unbind`, body)
  expect((await unbind(chat)).body.items[0]).toMatchObject({ chats: [] })
  expect((await unbind({ platform: 'dingtalk', robot: true })).body.items[0]).toMatchObject({ robots: [] })
  expect(await unbind(chat)).toMatchObject({ status: 409 })
  expect((await actions(world)).map(([action]) => action)).toEqual([
    ...['team.enter', 'team.change', 'team.unbind', 'team.unbind'],
  ])

  await world.api('POST', '/teams', { name: '外地班' })
  const zhao = await Desk.open(world, 'zhaopaigong')
  expect((await zhao.get<Teams>('/teams')).body).toMatchObject({
    items: [{ name: '一班', mayManage: false }],
    policies: [],
  })
  // With a team he does not manage he is not the company's manager any more.
  expect(await wang.send('POST', '/teams', { name: '五班', policy: 'default' })).toMatchObject({ status: 403 })
})
