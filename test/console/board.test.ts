import { expect, it } from 'vitest'
import { signIn } from '../login/help.ts'
import { Browser } from '../support/browser.ts'
import { eachStory } from '../support/shop.ts'
import type { World } from '../support/world.ts'

const story = eachStory({ at: '2026-11-25T09:00:00+08:00', bot: false })

interface Board {
  items: Array<{
    code: string
    due: { by: string; at: string } | null
    assignee: { name: string } | null
    state: string
  }>
  next: string | null
  counts: { open: number; late: number; unassigned: number }
}

const customer = { name: '王女士', phone: '13800001234', address: '金水区花园路38号院5号楼1801' }
async function order(world: World, more: object = {}): Promise<string> {
  const body = { team: '一班', kind: 'repair', fault: '不制冷', customer, ...more }
  const made = await world.api<{ code: string }>('POST', '/orders', body)
  expect(made.status).toBe(201)
  return made.body.code
}

async function signedIn(userId: string): Promise<Browser> {
  const browser = new Browser(story.world.url)
  await signIn(story.world, browser, userId, '/session')
  return browser
}
const board = async (browser: Browser, query = '') =>
  (await browser.get(`/console/api/board${query}`)).json<Board & { detail?: string }>()
const codes = ({ items }: Board) => items.map(({ code }) => code)

it('a dispatcher sees what presses his teams, and sends somebody with a reason in front of him', async () => {
  const { world } = story
  const first = await order(world)
  const second = await order(world, { assign: '李四' })
  world.ignore()
  const zhao = await signedIn('zhaopaigong')
  const seen = await board(zhao)
  expect(seen.counts).toEqual({ open: 2, late: 0, unassigned: 1 })
  expect(codes(seen)).toEqual([second, first])
  expect(seen.items[0]).toMatchObject({
    ...{ due: { by: 'accept', at: '2026-11-25T01:15:00.000Z' }, assignee: { name: '李四' }, state: 'dispatched' },
  })
  expect(codes(await board(zhao, '?view=unassigned'))).toEqual([first])
  expect(codes(await board(zhao, `?q=${second}`))).toEqual([second])

  const { items } = (await zhao.get(`/console/api/orders/${first}/candidates`)).json<{
    items: Array<{ id: string; name: string; reasons: string[] }>
  }>()
  const zhang = items.find(({ name }) => name === '张三')
  expect(zhang?.reasons.length).toBeGreaterThan(0)
  const { csrf } = (await zhao.get('/session')).json<{ csrf: string }>()
  const send = (headers: Record<string, string>) =>
    zhao.post(`/console/api/orders/${first}/do`, { do: 'assign', to: zhang?.id }, headers)
  // Another site may make his browser send this, but it knows no token.
  expect((await send({})).status).toBe(403)
  expect((await send({ 'X-CSRF-Token': csrf, Origin: 'https://evil.example' })).status).toBe(403)
  const sent = await send({ 'X-CSRF-Token': csrf })
  expect([sent.status, sent.json()]).toMatchObject([200, { assignee: { name: '张三' }, state: 'dispatched' }])
  await world.settle()
  world.zhang.cardShows(first)
  world.ignore()
  const page = (await zhao.get(`/console/api/orders/${first}`)).json()
  expect(page).toMatchObject({
    customer: { phone: '13800001234' },
    timeline: [
      { what: expect.stringContaining('已开单') },
      { what: expect.stringContaining('已派单给张三'), by: '赵派工' },
    ],
    mayDispatch: true,
  })

  await world.forward('20m')
  world.ignore()
  const late = await board(zhao, '?view=late')
  expect(late.counts.late).toBe(2)
  expect(late.items[0]).toMatchObject({ due: { by: 'accept' } })
  expect(Date.parse(late.items[0]?.due?.at ?? '')).toBeLessThan(world.clock.now().getTime())
})

it('a technician sees what he works on and nothing else, and sends nobody', async () => {
  const { world, db } = story
  const own = await order(world, { assign: '张三' })
  const other = await order(world, { assign: '李四' })
  world.ignore()
  const zhang = await signedIn('zhangsan')
  expect(codes(await board(zhang))).toEqual([own])
  expect((await board(zhang)).counts).toMatchObject({ open: 1 })
  expect(codes(await board(zhang, '?q=0000'))).toEqual([own])
  expect(codes(await board(zhang, `?q=${other}`))).toEqual([])
  const { id: team } = await db.prisma.team.findFirstOrThrow()
  expect(await board(zhang, `?team=${team}`)).toMatchObject({ status: 403 })
  expect((await zhang.get(`/console/api/orders/${other}`)).status).toBe(404)
  expect((await zhang.get(`/console/api/orders/${own}`)).json()).toMatchObject({ mayDispatch: false, isOwn: true })
  expect((await zhang.get(`/console/api/orders/${own}/candidates`)).status).toBe(403)
  const { csrf, person } = (await zhang.get('/session')).json<{ csrf: string; person: { id: string } }>()
  const sent = await zhang.post(
    `/console/api/orders/${own}/do`,
    { do: 'assign', to: person.id },
    { 'X-CSRF-Token': csrf },
  )
  expect([sent.status, sent.json()]).toMatchObject([403, { detail: '这一项由派工员或经理办理。' }])
})

it('a stranger sees nothing: pages send him to sign in, data is refused', async () => {
  const { world } = story
  const stranger = new Browser(world.url)
  const page = await stranger.open('/console/')
  expect([page.status, page.location]).toEqual([302, '/login?next=%2Fconsole%2F'])
  for (const path of ['board', 'changes', 'orders/1001', 'orders/1001/candidates'])
    expect((await stranger.get(`/console/api/${path}`)).status).toBe(401)
  const zhao = await signedIn('zhaopaigong')
  for (const query of ['?limit=0', '?view=none', '?team=x', '?state=closed'])
    expect(await board(zhao, query)).toMatchObject({ status: 422 })
  expect(await board(zhao, '?after=bm90IGEgY3Vyc29y')).toMatchObject({ detail: '翻页的位置不对，请刷新页面。' })
})

it('an open page is told of a change, whoever made it', async () => {
  const { world } = story
  await order(world)
  world.ignore()
  const zhao = await signedIn('zhaopaigong')
  const cookie = [...zhao.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const end = new AbortController()
  const stream = await fetch(`${world.url}/console/api/changes`, { headers: { Cookie: cookie }, signal: end.signal })
  expect(stream.headers.get('content-type')).toBe('text/event-stream')
  const reader = (stream.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader.read()).value).toBe('retry: 3000\n\n')
  const told = reader.read()
  await order(world)
  world.ignore()
  expect((await told).value).toBe('event: changed\ndata: {}\n\n')
  end.abort()
})
