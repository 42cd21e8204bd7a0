import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'
import { apiToken } from '../support/world.ts'

const policyOf = (rate: number, version = 1) => `
name: default
title: 一班工资
version: ${version}
posts: [维修工]
figures: [{ name: 毛利, of: 个人, for: 维修工 }, { name: 级别工资, of: 个人, for: 维修工, standing: true }]
points: { start: 100 }
pay:
  items:
    - { name: 级别, for: 维修工, formula: 级别工资 }
    - { name: 提成, for: 维修工, formula: 毛利 × ${rate}% }
`
const story = eachStory({ policy: policyOf(20), at: '2026-11-03T09:00:00+08:00', bot: false })
const path = `/settlements/${encodeURIComponent('一班')}/2026-10`
const team = encodeURIComponent('一班')

type Slips = { items: Array<{ person: { id: string; name: string }; net: string }>; next: string | null }
type Simulated = {
  items: Array<{ person: { name: string }; difference: string; items: object[] }>
  total: object
  gain: object[]
  lose: object[]
  before: object
}

/** `npm run simulate`, in a folder without a .env. */
function tool(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env.PATH, PORT: new URL(story.world.url).port, API_TOKEN: apiToken }
  return new Promise(done =>
    execFile(process.execPath, [resolve('scripts/simulate.mjs'), ...args], { env, cwd: tmpdir() }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    ),
  )
}

/** 张三 and 李四 with what they earned in October. */
async function october(): Promise<void> {
  const { world, db } = story
  const people = await db.prisma.person.findMany({ where: { name: { in: ['张三', '李四'] } } })
  const personId = { in: people.map(({ id }) => id) }
  await db.prisma.employment.updateMany({ where: { personId }, data: { post: '维修工', from: '2026-10-01' } })
  await db.prisma.employment.updateMany({
    where: { personId: { notIn: personId.in } },
    data: { from: '2026-11-01' },
  })
  const values = [
    { name: '级别工资', person: '张三', value: 1000 },
    { name: '级别工资', person: '李四', value: 800 },
    { name: '毛利', person: '张三', value: 2000.55 },
    { name: '毛利', person: '李四', value: 0 },
  ]
  expect((await world.api('PUT', '/figures', { team: '一班', month: '2026-10', values })).status).toBe(200)
}

it('a month is settled by a program, by the rules managers keep: early, missing, twice, and not locked before its time', async () => {
  const { world, db } = story
  expect(await world.api('POST', `${path}/publish`)).toMatchObject({ status: 404 })
  expect(await world.api('POST', path.replace('10', '11').concat('/draft'))).toMatchObject({ status: 409 })
  expect(await world.api('GET', path.replace('2026-10', '2026-13'))).toMatchObject({ status: 422 })
  await october()
  expect(await world.api('POST', `${path}/draft`)).toMatchObject({
    status: 202,
    body: { state: 'draft', wanted: true },
  })
  expect((await world.api('GET', path)).body).toMatchObject({
    ...{ state: 'draft', wanted: false, missing: [], adjustments: [], appeals: [] },
    result: { net: '2200.11', people: 2, policy: { title: '一班工资', version: 1 } },
    timeline: [
      { fact: 'wanted', via: 'api', by: null },
      { fact: 'reckoned', net: '2200.11' },
    ],
  })
  const first = await world.api<Slips>('GET', `/payslips?team=${team}&month=2026-10&limit=1`)
  expect(first.body.items).toHaveLength(1)
  const rest = await world.api<Slips>('GET', `/payslips?team=${team}&month=2026-10&limit=1&after=${first.body.next}`)
  expect([...first.body.items, ...rest.body.items].map(({ net }) => net).sort()).toEqual(['1400.11', '800.00'])

  const adjust = (body: object) => world.api<{ detail: string }>('POST', `${path}/adjustments`, body)
  expect(await adjust({ person: '李四', item: '提成', amount: 30, reason: 'x' })).toMatchObject({ status: 422 })
  expect(await adjust({ person: '李四', item: '提成', amount: '30' })).toMatchObject({ status: 409 })
  expect(await adjust({ person: '李四', item: '奖金', amount: '30', reason: '漏记' })).toMatchObject({ status: 409 })
  expect(await adjust({ person: '李四', item: '提成', amount: '30', reason: '<b>漏记</b>' })).toMatchObject({
    status: 200,
    body: { adjustments: [{ person: { name: '李四' }, item: '提成', amount: '30.00' }] },
  })
  const own = await world.api('GET', `/payslips/${team}/2026-10/${encodeURIComponent('李四')}`)
  expect(own.body).toMatchObject({
    ...{ state: 'draft', net: '830.00' },
    lines: [{ item: '级别' }, { item: '提成', amount: '30.00', override: { reckoned: '0.00', by: '经理' } }],
  })

  expect(await world.api('POST', `${path}/publish`)).toMatchObject({ status: 200, body: { state: 'published' } })
  expect(await world.api('POST', `${path}/publish`)).toMatchObject({ status: 409 })
  // People were promised three days to appeal: a program keeps that promise too.
  expect(await world.api('POST', `${path}/lock`)).toMatchObject({ status: 409 })
  const { id } = await db.prisma.person.findFirstOrThrow({ where: { name: '李四' } })
  const { id: settlementId } = await db.prisma.settlement.findFirstOrThrow()
  const appealed = { fact: 'appealed', body: { person: id, item: '级别', nr: 1, reason: '应是 900' } }
  const seq = (await db.prisma.settlementJournal.count()) + 1
  await db.prisma.settlementJournal.create({
    data: { company: 'main', settlementId, seq, at: world.clock.now(), by: id, via: 'text', ...appealed },
  })
  const answer = (nr: number, reason: string) =>
    world.api('POST', `${path}/appeals/${nr}/answer`, { upheld: false, reason })
  expect(await answer(2, '没有')).toMatchObject({ status: 409 })
  expect(await answer(1, '')).toMatchObject({ status: 409 })
  expect(await answer(1, '按级别表')).toMatchObject({
    status: 200,
    body: { appeals: [{ nr: 1, person: { name: '李四' }, answer: { upheld: false, reason: '按级别表', by: null } }] },
  })
  expect((await world.api('GET', `/points?team=${team}&month=2026-10&person=${id}`)).body).toMatchObject({
    items: [{ source: 'start', rule: '起始分', points: 100, code: null }],
    total: 100,
  })
  await world.forward('4d')
  expect((await world.api('GET', `/settlements?team=${team}`)).body).toMatchObject({
    items: [{ month: '2026-10', state: 'locked', people: 2, net: '2230.11', missing: 0, progress: null }],
    next: null,
  })
  expect(await world.api('POST', `${path}/draft`)).toMatchObject({ status: 409 })
  world.ignore()
})

it('other rules are tried out on a month’s records, and the same rules change nothing', async () => {
  const { world, db } = story
  await october()
  const simulate = (policy?: string) =>
    world.api<Simulated>('POST', `${path}/simulate`, policy === undefined ? {} : { policy })
  const untouched = async () => [await db.prisma.settlement.count(), await db.prisma.pointsEntry.count()]
  expect((await simulate()).body).toMatchObject({ before: { kept: false }, total: { difference: '0.00' }, changed: 0 })
  expect(await untouched()).toEqual([0, 0])

  await world.api('POST', `${path}/draft`)
  const again = await simulate()
  expect(again.body).toMatchObject({
    ...{ before: { kept: true, version: 1 }, after: { version: 1 } },
    ...{ total: { before: '2200.11', after: '2200.11', difference: '0.00' }, changed: 0, gain: [], lose: [] },
  })
  const dearer = await simulate(policyOf(25, 2).replace('级别工资 }', '级别工资 - 10 }'))
  expect(dearer.body).toMatchObject({
    ...{ after: { version: 2 }, total: { difference: '80.03' }, changed: 2, missing: [] },
    items: [
      {
        ...{ person: { name: '张三' }, before: '1400.11', after: '1490.14', difference: '90.03' },
        items: [
          { item: '级别', before: '1000.00', difference: '-10.00' },
          { item: '提成', before: '400.11', after: '500.14', difference: '100.03' },
        ],
      },
      { person: { name: '李四' }, difference: '-10.00' },
    ],
    ...{ gain: [{ person: { name: '张三' } }], lose: [{ person: { name: '李四' } }] },
  })
  expect(await simulate(policyOf(20).replace('title', 'titel'))).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'policy:3 titel' }] },
  })
  expect(await simulate('name: x\nversion: 1')).toMatchObject({ status: 422 })
  expect((await world.api('GET', path)).body).toMatchObject({ result: { net: '2200.11' } })

  const file = join(mkdtempSync(join(tmpdir(), 'simulate-')), 'new.yaml')
  writeFileSync(file, policyOf(25, 2))
  const told = await tool('--month', '2026-10', '--policy', file)
  expect(told).toMatchObject({ code: 0, err: '' })
  expect(told.out).toContain('一班 2026-10：「一班工资」第 1 版 → 「一班工资」第 2 版')
  expect(told.out).toContain(
    '张三  ¥1,400.11  ¥1,500.14  +¥100.03  提成 +¥100.03\n李四    ¥800.00    ¥800.00     ¥0.00\n',
  )
  expect(await tool('--month', '2026-10', '--team', '一班')).toMatchObject({ code: 0 })
  expect(await tool('--policy', file)).toMatchObject({ code: 2, err: expect.stringContaining('--month is missing') })
  writeFileSync(file, policyOf(25, 2).replace('title', 'titel'))
  const faulty = await tool('--month', '2026-10', '--policy', file)
  expect(faulty).toMatchObject({ code: 1, err: expect.stringContaining('policy:3 titel') })
  // What is kept was reckoned by other figures: the same rules tell so.
  await world.api('PUT', '/figures', {
    team: '一班',
    month: '2026-10',
    values: [{ name: '毛利', person: '李四', value: 50 }],
  })
  expect(await tool('--month', '2026-10')).toMatchObject({ code: 3, out: expect.stringContaining('提成 +¥10.00') })
  world.ignore()
})

it('the link on a card opens that person’s payslip, and no other', async () => {
  const { world, db } = story
  await october()
  await world.api('POST', `${path}/draft`)
  const adjustment = { person: '李四', item: '提成', amount: '30', reason: '<script>漏记</script>' }
  await world.api('POST', `${path}/adjustments`, adjustment)
  await db.prisma.person.updateMany({ where: { name: '李四' }, data: { name: '李四<img src=x>' } })
  await world.api('POST', `${path}/draft`)
  // Nobody sees a draft, whatever he has in his hands.
  const { id } = await db.prisma.settlement.findFirstOrThrow()
  const [one, other] = (await db.prisma.payslip.findMany({ orderBy: { net: 'desc' } })).map(row => row.personId)
  const early = world.app.ctx.pages?.slip(id, other ?? '') ?? ''
  expect((await fetch(early)).status).toBe(404)
  await world.api('POST', `${path}/publish`)

  const links = [...JSON.stringify(world.sandbox.state().messages).matchAll(/http:[^"\\ )]+\/p\/[\w-]+/g)].map(
    ([url]) => url,
  )
  expect(new Set(links).size).toBe(2)
  const open = async (url: string) => {
    const answer = await fetch(url)
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const pages = await Promise.all(links.map(open))
  const page = pages.find(({ text }) => text.includes('李四'))
  expect(page?.status).toBe(200)
  for (const shown of [
    '一班',
    '2026年10月工资条',
    '¥830.00',
    '毛利 × 20%',
    '申诉 工资 项目名 原因',
    '11月6日 09:00',
    '起始分',
  ])
    expect(page?.text).toContain(shown)
  expect(page?.text).toContain('李四&#60;img src=x&#62;')
  expect(page?.text).toContain('&#60;script&#62;漏记&#60;/script&#62;（原来算出 ¥0.00）')
  expect(page?.text).not.toMatch(/<(script|img|link|iframe)/)
  expect(page?.text).not.toContain('张三')
  expect(Object.fromEntries(page?.headers ?? [])).toMatchObject({
    'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-/),
    ...{ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' },
    'x-robots-tag': expect.stringContaining('noindex'),
  })

  // Any bit of it changed, another one's id in it, cut off, lengthened: it opens nothing and says nothing.
  const link = links[0] ?? ''
  const at = link.lastIndexOf('/') + 1
  const bytes = Buffer.from(link.slice(at), 'base64url')
  const forged = [0, 15, 16, 31, 39, 40, 71].map(index => {
    const copy = Buffer.from(bytes)
    copy[index] = (copy[index] ?? 0) ^ 1
    return copy.toString('base64url')
  })
  for (const person of [one, other]) {
    const copy = Buffer.from(bytes)
    Buffer.from((person ?? '').replaceAll('-', ''), 'hex').copy(copy, 16)
    if (!copy.equals(bytes)) forged.push(copy.toString('base64url'))
  }
  expect(forged).toHaveLength(8)
  for (const token of [...forged, link.slice(at, -1), `${link.slice(at)}A`, `${link.slice(at, -4)}%00%00`, 'x']) {
    const answer = await open(`${link.slice(0, at)}${token}`)
    expect(answer.status, token).toBe(404)
    expect(answer.text).toContain('链接打不开了')
    expect(answer.text).not.toMatch(/李四|张三|¥/)
  }
  await world.forward('39d')
  const locked = await open(link)
  expect(locked.text).toContain('已锁定')
  await world.forward('2d')
  expect((await open(link)).status).toBe(404)
  world.ignore()
})
