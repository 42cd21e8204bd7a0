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
  // More patient than the real platform: a busy machine needs its time to start the service again.
  outside = await Outside.open({ timing: { ackTimeoutMs: 1_000, robotResendMs: 500, retries: 120 } })
  place = await newPlace()
  env = { ...outside.dingtalkEnv(), ...place.env, TEAMS_FILE: teamsFile('dingtalk') }
})
afterEach(async () => {
  await killAll()
  await outside.close()
  await place.remove()
})

const started = async () => {
  const service = await Service.start(env)
  await eventually(() => expect(outside.sandbox.dingtalk.connections()).toBe(2))
  return service
}

describe('the service on DingTalk alone', () => {
  it('starts from its settings, dispatches, hears taps and words, and ends in order', async () => {
    const service = await started()
    const code = await service.order('张三')
    await eventually(() => expect(outside.cards('zhangsan')[0]?.text).toContain(`派工单 ${code}`))
    expect(await outside.tap('zhangsan', '接单')).toBe('answered')
    await outside.say('zhangsan', '到了', 'ding')
    await eventually(async () =>
      expect((await service.timeline(code)).map(({ fact }) => fact)).toEqual(
        expect.arrayContaining(['created', 'dispatched', 'accepted', 'arrived']),
      ),
    )
    const ready = await (await fetch(`${service.url}/health/ready`)).json()
    expect(ready).toMatchObject({ ok: true, problems: [] })
    const { code: exit } = await service.kill('SIGTERM')
    expect(exit).toBe(0)
    expect(service.errors).toEqual([])
    for (const secret of outside.secrets) expect(service.output).not.toContain(secret)
  })

  it('killed while people speak: every acknowledged word is in the journal once, whatever was delivered again', async () => {
    let service = await started()
    const codes = [await service.order('张三'), await service.order('李四')]
    await eventually(() => expect(outside.cards('lisi')[0]?.text).toContain(codes[1]))
    // Words go on while the process dies and comes back; what is not acknowledged is pushed again.
    const said = ['zhangsan', 'lisi'].map((userId, at) => outside.say(userId, `接单 ${codes[at]}`, 'ding'))
    await service.kill('SIGKILL')
    await Promise.all(said)
    service = await started()
    await outside.sandbox.idle()
    await eventually(async () => {
      for (const code of codes) {
        const facts = (await service.timeline(code)).map(({ fact }) => fact)
        expect(facts.filter(fact => fact === 'accepted')).toHaveLength(1)
      }
    })
    expect(service.errors).toEqual([])
  })
})
