import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SandboxState } from '../../src/sandbox/wire.ts'
import { jobCard, makeWorld, pngUrl, sending, start, type World } from './world.ts'

let world: World
let dir: string
let moved: Date[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sandbox-page-'))
  await mkdir(join(dir, 'page', 'assets'), { recursive: true })
  await writeFile(join(dir, 'page', 'index.html'), '<!doctype html><title>沙盒</title>')
  await writeFile(join(dir, 'page', 'assets', 'index-C0ffee12.js'), 'export {}')
  await writeFile(join(dir, 'secret.txt'), 'secret')
  moved = []
  world = await makeWorld({
    pageDir: join(dir, 'page'),
    onClockMoved: () => {
      moved.push(world.clock.now())
    },
  })
})
afterEach(async () => {
  await world.stop()
  await rm(dir, { recursive: true })
})

const post = async (act: string, body: unknown, headers: Record<string, string> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${world.base}/sandbox/api/${act}`, { method: 'POST', body: text, headers })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const get = (path: string, init: RequestInit = {}) => fetch(`${world.base}${path}`, { redirect: 'manual', ...init })
/** `fetch` tidies paths up before sending; this does not. */
const rawStatus = (path: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const url = new URL(world.base)
    const req = request({ host: url.hostname, port: url.port, path }, res => resolve(res.resume().statusCode))
    req.on('error', reject).end()
  })

describe('the page API', () => {
  it('shows the phones', async () => {
    const state = (await (await get('/sandbox/api/state')).json()) as SandboxState
    expect(state).toMatchObject({ now: start.toISOString(), ahead: 0, botOnline: false, messages: [] })
    expect(state.people.map(person => `${person.name} ${person.title} ${person.mobile}`)).toEqual([
      '赵派工 派工员 13800000001',
      '张三 技术员 13800000002',
      '李四 技术员 13800000003',
      '王经理 经理 13800000004',
    ])
    const chats = state.chats.map(chat => `${chat.id} ${chat.title}`)
    expect(chats).toHaveLength(14)
    expect(chats).toEqual(
      expect.arrayContaining([
        ...['wrSANDBOXGROUP01 一班派工群', 'app:lisi 派工', 'bot:lisi 派工助手'],
        ...['cidSANDBOXGROUP01== 一班派工群', 'ding:lisi 派工助手'],
      ]),
    )
  })

  it('lets people say, tap, photograph, say where they are, and read', async () => {
    world.answer(() => ({ body: world.reply('lisi', { MsgType: 'text', Content: '好' }) }))
    const lisi = { as: 'lisi', chat: 'app:lisi' }
    expect(await post('say', { ...lisi, text: '我的单' })).toMatchObject({ status: 200, body: { status: 'answered' } })
    expect(await post('photo', { ...lisi, image: pngUrl })).toMatchObject({ status: 200 })
    expect(await post('location', { ...lisi, lat: 31, lng: 121, label: '门口' })).toMatchObject({ status: 200 })
    await world.api('message/send', sending(world.sandbox.credentials.agentId, 'lisi', jobCard('t1')))
    const message = world.messages('app:lisi').at(-1)?.id
    expect(await post('tap', { as: 'lisi', message, key: 'accept:1024:1' })).toMatchObject({
      body: { status: 'answered' },
    })
    expect(await post('read', lisi)).toMatchObject({ status: 200 })
    expect(world.sandbox.state().chats.find(chat => chat.id === 'app:lisi')?.unread).toEqual({ lisi: 1 })
    const { items } = (await (await get('/sandbox/api/log')).json()) as { items: Array<{ what: string }> }
    const callbacks = items.map(entry => entry.what).filter(what => !what.includes('cgi-bin'))
    expect(callbacks).toEqual(['text', 'image', 'location', 'template_card_event', 'enter_agent'])
  })

  it('gives the picture back', async () => {
    await post('photo', { as: 'lisi', chat: 'app:lisi', image: pngUrl })
    const body = world.messages('app:lisi')[0]?.body
    const got = await get(body?.kind === 'image' ? body.url : '')
    expect([got.status, got.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect((await get('/sandbox/api/media/unknown')).status).toBe(404)
  })

  it('moves the clock forward, never back, and waits for the service', async () => {
    expect(await post('clock', { forwardMs: 3_600_000 })).toMatchObject({ body: { now: '2026-01-15T03:00:00.000Z' } })
    expect(await post('clock', { to: '2026-01-16T08:30:00+08:00' })).toMatchObject({ status: 200 })
    expect(moved.map(at => at.toISOString())).toEqual(['2026-01-15T03:00:00.000Z', '2026-01-16T00:30:00.000Z'])
    expect(await post('clock', { to: '2026-01-15T00:00:00Z' })).toMatchObject({ status: 422 })
    expect(await post('clock', { forwardMs: -1 })).toMatchObject({ status: 422 })
    expect(world.sandbox.state()).toMatchObject({ now: '2026-01-16T00:30:00.000Z', ahead: 81_000_000 })
  })

  it.each<[string, string, unknown, number]>([
    ['no JSON', 'say', '{', 422],
    ['a missing field', 'say', { as: 'lisi', text: 'x' }, 422],
    ['an unknown field', 'say', { as: 'lisi', chat: 'app:lisi', text: 'x', admin: true }, 422],
    ['blank text', 'say', { as: 'lisi', chat: 'app:lisi', text: '  ' }, 422],
    ['a stranger', 'say', { as: 'x', chat: 'app:lisi', text: 'x' }, 422],
    ['an impossible place', 'location', { as: 'lisi', chat: 'app:lisi', lat: 91, lng: 0, label: '' }, 422],
    ['no such card', 'tap', { as: 'lisi', message: 'x', key: 'k' }, 422],
    ['no such act', 'shout', {}, 404],
    ['too much', 'photo', ' '.repeat(12 * 1_024 * 1_024 + 1), 413],
  ])('refuses %s', async (_name, act, body, status) => {
    const answer = await post(act, body)
    expect(answer).toEqual({ status, body: { title: expect.any(String), detail: expect.any(String) } })
    expect(world.sandbox.state().messages).toEqual([])
  })

  it('is for its own page only', async () => {
    const body = { as: 'lisi', chat: 'app:lisi', text: 'x' }
    expect(await post('say', body, { origin: 'https://evil.example' })).toMatchObject({ status: 403 })
    expect(await post('say', body, { origin: 'null' })).toMatchObject({ status: 403 })
    expect((await get('/sandbox/api/state', { headers: { origin: 'https://evil.example' } })).status).toBe(403)
    expect(await post('say', body, { origin: world.base })).toMatchObject({ status: 200 })
    const response = await get('/sandbox/api/state')
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('tells the page what changes', async () => {
    const aborter = new AbortController()
    const response = await get('/sandbox/api/events', { signal: aborter.signal })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let seen = ''
    const until = async (wanted: RegExp) => {
      while (!wanted.test(seen)) {
        const { value, done } = (await reader?.read()) ?? { done: true }
        if (done) throw new Error(`the stream ended without ${wanted}`)
        seen += value
      }
    }
    await until(/event: state\ndata: {.*"messages":\[\]/)
    for (let i = 0; i < 20; i++) await post('say', { as: 'lisi', chat: 'app:lisi', text: `第${i}句` })
    await until(/event: log\ndata: {.*"what":"text"/)
    await until(/event: state\ndata: {.*第19句/)
    expect(seen.match(/event: log/g)).toHaveLength(20)
    aborter.abort()
  })
})

describe('the page', () => {
  it('is at /sandbox/, whatever follows', async () => {
    const redirect = await get('/sandbox')
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, '/sandbox/'])
    for (const path of ['/sandbox/', '/sandbox/phones/lisi']) {
      const page = await get(path)
      expect([page.status, await page.text()]).toEqual([200, '<!doctype html><title>沙盒</title>'])
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
      expect(page.headers.get('cache-control')).toBe('no-cache')
    }
  })

  it('lets hashed assets be cached for ever', async () => {
    const asset = await get('/sandbox/assets/index-C0ffee12.js')
    expect(asset.headers.get('content-type')).toContain('javascript')
    expect(asset.headers.get('cache-control')).toContain('immutable')
    expect((await get('/sandbox/assets/none-00000000.js')).status).toBe(404)
    expect((await get('/sandbox/', { method: 'HEAD' })).status).toBe(200)
    expect((await get('/sandbox/', { method: 'POST' })).status).toBe(405)
  })

  it.each([
    '/sandbox/..%2fsecret.txt',
    '/sandbox/%2e%2e%2fsecret.txt',
    '/sandbox/..%5csecret.txt',
    '/sandbox/%ff.txt',
    '/sandbox/a%00.js',
  ])('never leaves its folder: %s', async path => {
    expect(await rawStatus(path)).toBe(404)
  })

  it('says what to do when it is not built', async () => {
    await world.stop()
    world = await makeWorld({ pageDir: join(dir, 'nothing') })
    const page = await get('/sandbox/')
    expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('npm run build')])
  })

  it('leaves other paths to the service', async () => {
    expect(await Promise.all(['/sandboxes', '/wecom', '/sandbox/../wecom'].map(rawStatus))).toEqual([404, 404, 404])
    expect(world.sandbox.log()).toEqual([])
  })
})
