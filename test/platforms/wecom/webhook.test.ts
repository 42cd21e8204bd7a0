import { describe, expect, it } from 'vitest'
import type { Delivery } from '../../../src/platforms/platform.ts'
import { Client } from '../../../src/platforms/wecom/client.ts'
import { sendByWebhook } from '../../../src/platforms/wecom/webhook.ts'
import { outside } from '../web.ts'
import { base, frozenClock, keptLog, keptSignals } from './help.ts'

const web = outside()

const key = 'demo-robot-key-0001'
const text: Delivery = {
  id: 'd1',
  to: { kind: 'group', via: 'webhook', robot: { key } },
  message: { kind: 'text', text: '1024 超时', mentions: ['zhang3'] },
}

function world() {
  const clock = frozenClock()
  const log = keptLog()
  return { clock, log, client: new Client(base, { clock, log, signals: keptSignals(), exchange: web.exchange }) }
}
const robot = (answer: object, by = key) =>
  web.at(base).post('/cgi-bin/webhook/send').query({ key: by }).reply(200, answer)

describe('sendByWebhook', () => {
  it('speaks with mentions', async () => {
    const { client } = world()
    const body = { msgtype: 'text', text: { content: '1024 超时', mentioned_list: ['zhang3'] } }
    web.at(base).post('/cgi-bin/webhook/send', body).query({ key }).reply(200, { errcode: 0, errmsg: 'ok' })
    await expect(sendByWebhook(client, key, text)).resolves.toEqual({})
  })

  it('waits a minute after too many messages, in this group only', async () => {
    const { client, clock } = world()
    for (let at = 0; at < 2; at++) {
      robot({ errcode: 45009, errmsg: 'freq' })
      await expect(sendByWebhook(client, key, text)).rejects.toMatchObject({ name: 'Temporary', retryAfterMs: 60_000 })
      await expect(sendByWebhook(client, key, text)).rejects.toMatchObject({ code: 'rate-limited' })
      clock.forward(60_000)
    }
    robot({ errcode: 0, errmsg: 'ok' }, 'other')
    await expect(sendByWebhook(client, 'other', text)).resolves.toEqual({})
  })

  it.each([93000, 93004, 93008])('gives up on %i', async errcode => {
    const { client } = world()
    robot({ errcode, errmsg: `invalid webhook url key=${key}` })
    const error = await sendByWebhook(client, key, text).catch((failed: unknown) => failed)
    expect(error).toMatchObject({ name: 'Permanent', code: 'robot-gone' })
    expect(String(error)).not.toContain(key)
  })

  it('keeps the key out of errors and log when the connection fails', async () => {
    const { client, log } = world()
    web
      .at(base)
      .post('/cgi-bin/webhook/send')
      .query(true)
      .answer(() => 'drop')
    const error = await sendByWebhook(client, key, text).catch((failed: unknown) => failed)
    expect(error).toMatchObject({ name: 'Temporary' })
    expect(`${error} ${JSON.stringify(error)} ${log.lines}`).not.toContain(key)
  })

  it('refuses a malformed key and a repaint without asking', async () => {
    const { client } = world()
    await expect(sendByWebhook(client, 'a b&c', text)).rejects.toMatchObject({ code: 'robot-gone' })
    await expect(sendByWebhook(client, key, { ...text, repaint: { handle: 'x' } })).rejects.toMatchObject({
      code: 'stale-handle',
    })
  })
})
