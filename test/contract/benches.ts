import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '../../src/app.ts'
import type { Database } from '../../src/db/open.ts'
import { demoTeam, enterDemo } from '../../src/demo.ts'
import { newId } from '../../src/ids.ts'
import { MovableClock } from '../../src/now.ts'
import { bind } from '../../src/people/accounts.ts'
import type { Recipient } from '../../src/platforms/platform.ts'
import { ownPacks } from '../../src/policy/load.ts'
import type { SandboxMessage } from '../../src/sandbox/wire.ts'
import { dot } from '../support/actor.ts'
import { promised } from '../support/promised.ts'
import { shownCard, textOf } from '../support/screen.ts'
import { StoryLog } from '../support/storylog.ts'
import { apiToken, msOf, type Setting, World } from '../support/world.ts'
import type { Bench, Seen, Who } from './bench.ts'
import { createPlain, plainName } from './plain.ts'

const ids: Record<Who, string> = { 张三: 'zhangsan', 赵派工: 'zhaopaigong' }

/** WeCom or DingTalk, by the protocols its sandbox speaks. */
export async function sandboxed(db: Database, on: Exclude<Setting, 'mixed'>): Promise<Bench> {
  const world = await World.open(db, { on })
  const actor = (who: Who) => (who === '张三' ? world.zhang : world.zhao)
  const read = new Set(world.sandbox.state().messages.map(({ id }) => id))
  const seen = (message: SandboxMessage, viewer: string): Seen => ({
    text: shownCard(message, viewer)?.text ?? textOf(message),
    ref: message,
  })
  const fresh = (userId: string, group: boolean) => {
    const found = world
      .messagesFor(userId)
      .filter(({ id, from, chat }) => from.kind !== 'person' && !read.has(id) && world.isGroup(chat) === group)
    for (const { id } of found) read.add(id)
    return found.map(message => seen(message, userId))
  }
  const fails = {
    wecom: {
      temporary: { api: 'message/send', times: 1, errcode: -1 },
      permanent: { api: 'message/send', times: 1, errcode: 60111, errmsg: 'userid not found' },
    },
    dingtalk: {
      temporary: { api: 'POST /v1.0/card/instances/createAndDeliver', times: 1, status: 500, code: 'system.busy' },
      permanent: { api: 'POST /v1.0/card/instances/createAndDeliver', times: 1, code: 'param.userIdNotExist' },
    },
  }
  const platform = on === 'wecom' ? 'wecom' : 'dingtalk'
  return {
    can: world.platform(platform).can,
    says: (who, text, about) => actor(who).says(text, about?.ref as SandboxMessage | undefined),
    saysInGroup: (who, text) => actor(who).saysInGroup(text),
    taps: (who, button) => actor(who).taps(button),
    sendsPhoto: who => actor(who).sendsPhoto(),
    async tells(who, message) {
      const to: Recipient =
        who === 'group'
          ? { kind: 'group', chatId: demoTeam.groups[platform], via: 'bot' }
          : { kind: 'person', userId: actor(who).account }
      await world.platform(platform).send({ id: newId(world.clock.now()), to, message })
    },
    reads: who => fresh(ids[who], false),
    groupReads: () => fresh(ids.赵派工, true),
    cards: who =>
      actor(who)
        .cards()
        .map(({ message }) => seen(message, ids[who])),
    again: () => world.again(),
    failsOnce: how => void world.sandbox.fail(fails[platform][how]),
    api: (method, path, body) => world.api(method, path, body),
    forward: duration => world.forward(duration),
    errors: () => world.log.errors,
    close: () => world.shut(),
  }
}

/** The platform of plain words that only these tests have. */
export async function plain(db: Database): Promise<Bench> {
  const clock = new MovableClock()
  clock.freeze(new Date('2026-11-24T09:00:00+08:00'))
  const log = new StoryLog()
  const people = createPlain('corp', clock)
  const group = 'the-group'
  const company = 'main'
  const policies = await ownPacks('src/policy/packs')
  const app = createApp({
    ...{ company, db, clock, log, policies, apiToken, botNames: [] },
    platforms: () => [people.platform],
  })
  const server = createServer((req, res) => app.handle(req, res))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await app.start()
  await enterDemo(app.ctx, [])
  for (const { name, userId } of demoTeam.people) {
    const person = await db.prisma.person.findFirstOrThrow({ where: { name } })
    const account = { platform: plainName, userId, personId: person.id, how: 'api' as const }
    await bind(db.prisma, company, account, clock.now())
  }
  await app.settle()
  await people.say(ids.赵派工, '绑定班组 一班', { group })
  await app.settle()
  const read = new Set(people.lines.map(({ id }) => id))
  const fresh = (to: string): Seen[] => {
    const found = people.lines.filter(line => line.to === to && !read.has(line.id))
    for (const { id } of found) read.add(id)
    return found.map(({ text }) => ({ text, ref: text }))
  }
  const settled = async (work: Promise<unknown>) => {
    await work
    await app.settle()
  }
  return {
    can: people.platform.can,
    says: (who, text, about) => settled(people.say(ids[who], text, about ? { quote: String(about.ref) } : {})),
    saysInGroup: (who, text) => settled(people.say(ids[who], text, { group })),
    taps: () => Promise.reject(new Error('there are no buttons here')),
    sendsPhoto: who => settled(people.photo(ids[who], Buffer.from(dot.split(',')[1] ?? '', 'base64'))),
    async tells(who, message) {
      const to: Recipient =
        who === 'group' ? { kind: 'group', chatId: group, via: 'bot' } : { kind: 'person', userId: ids[who] }
      await people.platform.send({ id: newId(clock.now()), to, message })
    },
    reads: who => fresh(ids[who]),
    groupReads: () => fresh(group),
    cards: () => [],
    again: () => settled(people.again()),
    failsOnce: people.failOnce,
    async api<T>(method: string, path: string, body?: object) {
      const answer = await fetch(`${url}/api/v1${path}`, {
        ...{ method, headers: { Authorization: `Bearer ${apiToken}`, 'Content-Type': 'application/json' } },
        ...(body && { body: JSON.stringify(body) }),
      })
      const result = await promised<T>(method, path, answer)
      await app.settle()
      return result
    },
    async forward(duration) {
      clock.forward(msOf(duration))
      await app.settle()
    },
    errors: () => log.errors,
    async close() {
      await app.stop()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
