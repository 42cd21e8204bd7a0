import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type App, createApp } from '../../../src/app.ts'
import type { Database } from '../../../src/db/open.ts'
import { enterDemo } from '../../../src/demo.ts'
import { ownPacks } from '../../../src/policy/load.ts'
import { createPlatforms, sandboxPlatforms } from '../../../src/wiring.ts'
import { freshDatabase, type TestDatabase } from '../../support/db.ts'
import { Client, Outside, token } from '../../support/process.ts'

/** Two instances of the service on one database, each with its own connections to DingTalk. */
let db: TestDatabase
let second: Database
let outside: Outside
let instances: Array<{ app: App; client: Client; stop(): Promise<void> }>

beforeEach(async () => {
  db = await freshDatabase()
  second = await db.another()
  outside = await Outside.open({ at: '2026-11-24T09:00:00+08:00' })
  instances = [await instance('one', db), await instance('two', second)]
  await enterDemo(instances[0]?.app.ctx ?? expect.fail('no instance'), ['dingtalk'])
  await vi.waitFor(() => expect(outside.sandbox.dingtalk.connections()).toBe(4), { timeout: 20_000, interval: 20 })
})
afterEach(async () => {
  for (const { stop } of instances) await stop()
  await outside.close()
  await second.close()
  await db.close()
})

async function instance(owner: string, database: Database) {
  const { sandbox, clock, log, url } = outside
  const { dingtalk } = sandboxPlatforms(sandbox, url, url)
  const company = 'main'
  const app = createApp({
    ...{
      company,
      db: database,
      clock,
      log,
      policies: await ownPacks('src/policy/packs'),
      apiToken: token,
      botNames: [],
    },
    platforms: signals =>
      createPlatforms(dingtalk ? { dingtalk } : {}, { company, db: database, clock, log, owner }, signals),
  })
  const server = createServer((req, res) => app.handle(req, res))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  await app.start()
  const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const stop = async () => {
    await app.stop()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  return { app, client, stop }
}

const settled = async () => {
  for (let round = 0; round < 3; round++) {
    await outside.sandbox.idle()
    for (const { app } of instances) await app.settle()
  }
}

describe('two instances on DingTalk', () => {
  it('share what is pushed to either: fifty taps on one order have one winner, and the others see who', async () => {
    const [one] = instances
    if (!one) throw new Error('no instance')
    const code = await one.client.order()
    await settled()
    await outside.say('zhaopaigong', `抢单 ${code}`, 'ding')
    await settled()
    const people = ['zhangsan', 'lisi']
    const [grab] = outside.cards('zhangsan').flatMap(({ card }) => card.buttons)
    expect(grab?.text).toBe('抢单')
    await Promise.all(Array.from({ length: 50 }, (_, at) => outside.tap(people[at % 2] ?? '', '抢单')))
    await settled()
    const timeline = await one.client.timeline(code)
    expect(timeline.filter(({ fact }) => fact === 'accepted')).toHaveLength(1)
    const winner = timeline.find(({ fact }) => fact === 'accepted')?.by?.name
    const texts = people.map(userId => outside.cards(userId).at(-1)?.text ?? '')
    expect(texts.filter(text => text.includes('待联系') && text.includes('[已联系]'))).toHaveLength(1)
    expect(texts.filter(text => text.includes(`已由${winner}负责`))).toHaveLength(1)
    expect(outside.log.errors).toEqual([])
  })
})
