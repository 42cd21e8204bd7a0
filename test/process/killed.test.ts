import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  builtService,
  eventually,
  killAll,
  newPlace,
  Outside,
  type Place,
  Service,
  teamsFile,
} from '../support/process.ts'

let outside: Outside
let place: Place
let env: Record<string, string>

beforeAll(() => builtService())
beforeEach(async () => {
  // A service that starts again takes seconds: the platform is more patient here than the real one, so that nothing is given up.
  outside = await Outside.open({ retries: 100, retryDelayMs: 300 })
  place = await newPlace()
  env = { ...outside.env(), ...place.env, TEAMS_FILE: teamsFile() }
})
afterEach(async () => {
  await killAll()
  await outside.close()
  await place.remove()
})

async function start(): Promise<Service> {
  const service = await Service.start(env)
  outside.doors = [service.url]
  return service
}

describe('the service killed with SIGKILL', () => {
  it('between commit and send: started again it sends the card, once', async () => {
    const { sandbox } = outside
    const release = sandbox.fail({ api: 'message/send', hangMs: 60_000, errcode: -1 })
    const first = await start()
    const code = await first.order('张三')
    await eventually(async () => {
      const { body } = await first.api<{ items: unknown[] }>('GET', '/outbox?status=sending')
      expect(body.items).toHaveLength(1)
    })
    await first.kill('SIGKILL')
    expect(outside.cards('zhangsan')).toEqual([])
    release()

    const second = await start()
    await eventually(() => expect(outside.cards('zhangsan')).toHaveLength(1))
    expect(await outside.tap('zhangsan', '接单', code)).toBe('answered')
    expect((await second.timeline(code)).map(({ fact }) => fact)).toEqual(['created', 'dispatched', 'accepted'])
    expect(outside.cards('zhangsan')).toHaveLength(1)
    expect(outside.cards('zhangsan')[0]?.text).toContain('待联系')
    expect(second.errors).toEqual([])
  })

  it('between send and the platform’s answer: there is still one card, and it works', async () => {
    const { sandbox } = outside
    const first = await start()
    const posted = new Promise<void>(resolve => {
      const stop = sandbox.onMessage(() => {
        stop()
        void first.kill('SIGKILL').then(() => resolve())
      })
    })
    const code = await first.order('张三')
    await posted
    // Some minutes later the card would say other things: the platform can't know it for the same.
    outside.sandbox.onMessage(() => {})
    const second = await start()
    await eventually(async () => {
      const { body } = await second.api<{ items: Array<{ status: string }> }>('GET', '/outbox?status=sent')
      expect(body.items).toHaveLength(1)
    })
    expect(outside.cards('zhangsan')).toHaveLength(1)
    expect(await outside.tap('zhangsan', '接单', code)).toBe('answered')
    expect(outside.cards('zhangsan').map(({ text }) => text)).toEqual([expect.stringContaining('待联系')])
  })
})
