import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { eachStory } from '../support/shop.ts'
import { allow } from '../support/subscribed.ts'

const policy = `
name: default
title: 一班工资
version: 1
posts: [维修工]
figures: [{ name: 级别工资, of: 个人, for: 维修工, standing: true }]
pay:
  items: [{ name: 级别, for: 维修工, formula: 级别工资 }]
`
const story = eachStory({ policy, at: '2026-11-03T09:00:00+08:00', webhooks: { allow } })

let listener: ChildProcess | undefined
let folder = ''
afterEach(() => {
  listener?.kill()
  rmSync(folder, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}

it('docs/examples/erp.mjs opens orders, hears how they go, and fetches the month, word for word as it is printed', async () => {
  const { world, db } = story
  folder = mkdtempSync(join(tmpdir(), 'paigong-erp-'))
  const scopes = ['orders:*', 'months:read', 'webhooks:*']
  const { body: token } = await world.api<{ secret: string }>('POST', '/tokens', { name: 'ERP', scopes })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/hooks`
  const env: Record<string, string> = { PAIGONG: `${world.url}/api/v1`, TOKEN: token.secret, PORT: String(port) }
  // Its clock shows the story's time.
  const clock = `data:text/javascript,Date.now=()=>${world.clock.now().getTime()}`
  const args = ['--import', clock, resolve('docs/examples/erp.mjs')]
  const options = () => ({ cwd: folder, env: { PATH: process.env.PATH ?? '', ...env } })
  const erp = (...said: string[]): Promise<string> =>
    new Promise((done, failed) =>
      execFile(process.execPath, [...args, ...said], options(), (error, out) => (error ? failed(error) : done(out))),
    )

  const told = await erp('hook', url)
  expect(told).toMatch(/^WEBHOOK_SECRET=whsec_\S+\n$/)
  env.WEBHOOK_SECRET = told.trim().slice('WEBHOOK_SECRET='.length)
  let heard = ''
  listener = spawn(process.execPath, [...args, 'listen'], { ...options(), stdio: ['ignore', 'pipe', 'inherit'] })
  listener.stdout?.on('data', chunk => {
    heard += chunk
  })
  const hears = (text: string) =>
    vi.waitFor(() => expect(heard.split('\n')).toContain(text), { timeout: 20_000, interval: 20 })
  await hears(`listening on ${port}`)

  const sale = { number: 'SO-20931', depot: '一班', problem: '挂机不制冷', buyer: '王女士', phone: '13800001234' }
  const file = join(folder, 'order.json')
  writeFileSync(file, JSON.stringify({ ...sale, address: '花园路38号' }))
  expect(await erp('push', file)).toBe('SO-20931 is 1001 there, new\n')
  expect(await erp('push', file)).toBe('SO-20931 is 1001 there, new\n')
  await db.prisma.idempotency.deleteMany({ where: { route: 'POST /orders' } })
  expect(await erp('push', file)).toBe('SO-20931 is known there\n')
  await hears('SO-20931 order.opened: new')
  await world.api('POST', '/orders/1001/assign', { person: '张三' })
  await world.zhang.taps('接单')
  await world.zhang.says('完工 1001 换了电容 收费80')
  world.ignore()
  await hears('SO-20931 order.accepted: accepted, 张三')
  await hears('SO-20931 order.completed: completed, 张三, 换了电容, ¥80')

  // What nobody signed, what was signed long ago, what was changed on its way, and what came before.
  const before = heard
  const body = JSON.stringify({ type: 'order.cancelled', timestamp: '', data: { order: { code: '1', state: 'x' } } })
  const secret = Buffer.from(env.WEBHOOK_SECRET.slice('whsec_'.length), 'base64')
  const post = async (id: string, ageMs: number, said = body, key = secret) => {
    const timestamp = String(Math.floor((world.clock.now().getTime() - ageMs) / 1000))
    const right = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,AAAA v1,${right}` }
    return (await fetch(url, { method: 'POST', body: said, headers })).status
  }
  expect((await fetch(url, { method: 'POST', body })).status).toBe(401)
  expect(await post('x', 0, body, Buffer.from('other'))).toBe(401)
  expect(await post('x', 301_000)).toBe(401)
  expect(await post('x', -301_000)).toBe(401)
  expect(await post('x', 0, body.replace('1', '2'))).toBe(401)
  const [known] = await db.prisma.webhookDelivery.findMany({ where: { state: 'delivered' } })
  expect(await post(known?.id ?? '', 0)).toBe(204)
  expect(heard).toBe(before)
  expect(await post('x', 0)).toBe(204)
  await hears('1 order.cancelled: x')

  const personId = (await db.prisma.person.findFirstOrThrow({ where: { name: '张三' } })).id
  await db.prisma.employment.updateMany({ where: { personId }, data: { post: '维修工', from: '2026-10-01' } })
  await db.prisma.employment.updateMany({ where: { personId: { not: personId } }, data: { from: '2026-11-01' } })
  const values = [{ name: '级别工资', person: '张三', value: 1000.5 }]
  expect((await world.api('PUT', '/figures', { team: '一班', month: '2026-10', values })).status).toBe(200)
  const path = `/settlements/${encodeURIComponent('一班')}/2026-10`
  await world.api('POST', `${path}/draft`)
  expect(await world.api('POST', `${path}/publish`)).toMatchObject({ body: { state: 'published' } })
  await hears('2026-10 张三 1000.50 (published)')
  expect(await erp('pay', '一班', '2026-10')).toBe('2026-10 张三 1000.50 (published)\n')
  expect(await db.prisma.webhookDelivery.count({ where: { state: { not: 'delivered' } } })).toBe(0)
  world.ignore()
})
