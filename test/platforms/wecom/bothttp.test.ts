import { describe, expect, it, vi } from 'vitest'
import type { Said } from '../../../src/chat/card.ts'
import { openEnvelope, sealEnvelope } from '../../../src/platforms/envelope.ts'
import type { Delivery, Receipt } from '../../../src/platforms/platform.ts'
import { BotCallback } from '../../../src/platforms/wecom/bothttp.ts'
import { Client } from '../../../src/platforms/wecom/client.ts'
import { pictureOf } from '../../support/picture.ts'
import { outside } from '../web.ts'
import { bare, base, card, corpId, fakeReceive, frozenClock, keptLog, keptSignals, secret, start } from './help.ts'

const web = outside()

function world(answer: () => Partial<Receipt> = () => ({})) {
  const clock = frozenClock()
  const log = keptLog()
  const signals = keptSignals()
  const client = new Client(base, { clock, log, signals, exchange: web.exchange })
  const bot = new BotCallback([secret], { corpId, names: ['派工助手'] }, client, {
    clock,
    signals,
    log,
    answerWithinMs: 3_500,
  })
  const { heard, receive } = fakeReceive(answer)
  return { clock, signals, heard, bot, handle: bot.route(receive).handle }
}

function posted(body: object | string, receiveId = '') {
  const sealed = sealEnvelope(
    secret,
    receiveId,
    typeof body === 'string' ? body : JSON.stringify(body),
    start,
    'nonce-1',
  )
  const query = { msg_signature: sealed.signature, timestamp: sealed.timestamp, nonce: sealed.nonce }
  return bare({ path: '/wecom/bot', query, body: Buffer.from(JSON.stringify({ encrypt: sealed.encrypt })) })
}

function opened(body: string) {
  const { encrypt, msgsignature, timestamp, nonce } = JSON.parse(body)
  expect(timestamp).toBe(start.getTime() / 1_000)
  expect(nonce).toBe('nonce-1')
  const query = { msg_signature: msgsignature, timestamp: String(timestamp), nonce }
  return JSON.parse(openEnvelope({ secrets: [secret], receiveId: '' }, query, encrypt, start).message)
}

const says = (message: Said, answered = async () => {}): Partial<Receipt> => ({
  handled: Promise.resolve({ message, answered }),
})
const url = `${base}/reply/1`
const text = {
  msgid: 'M1',
  chatid: 'CH1',
  chattype: 'group',
  from: { userid: 'zhang3' },
  msgtype: 'text',
  text: { content: '@派工助手 接单 1024' },
  response_url: url,
}
const tap = {
  ...text,
  msgtype: 'event',
  event: { eventtype: 'template_card_event', template_card_event: { event_key: 'k', task_id: 'T1' } },
}
const delivery: Delivery = {
  id: 'd',
  to: { kind: 'group', chatId: 'CH1', via: 'bot' },
  message: { kind: 'text', text: '今日 3 单' },
}

describe('/wecom/bot', () => {
  it('answers the check of the address', async () => {
    const { handle } = world()
    const { encrypt, signature, timestamp, nonce } = sealEnvelope(secret, '', 'echo', start)
    const answer = await handle(
      bare({ method: 'GET', query: { msg_signature: signature, timestamp, nonce, echostr: encrypt } }),
    )
    expect(answer).toMatchObject({ status: 200, body: 'echo' })
  })

  it('answers text by a finished stream, and reports it after it was sent', async () => {
    const answered = vi.fn(async () => {})
    const { handle, heard } = world(() => says({ kind: 'text', text: '好' }, answered))
    const answer = await handle(posted(text))
    expect(opened(answer.body)).toEqual({ msgtype: 'stream', stream: { id: 'bot:M1', finish: true, content: '好' } })
    expect(answered).not.toHaveBeenCalled()
    answer.sent?.()
    expect(answered).toHaveBeenCalledOnce()
    expect(heard[0]?.said).toEqual({ kind: 'text', text: '接单 1024' })
  })

  it('answers a tap by drawing the card anew', async () => {
    const { handle } = world(() => says({ kind: 'card', card }))
    expect(opened((await handle(posted(tap))).body)).toMatchObject({
      response_type: 'update_template_card',
      template_card: { task_id: 'T1' },
    })
  })

  it('says nothing to polls, late answers and what it cannot read', async () => {
    const { handle, heard } = world()
    expect(await handle(posted({ ...text, msgtype: 'stream', stream: { id: 's' } }))).toMatchObject({
      status: 200,
      body: '',
    })
    expect(await handle(posted({ a: 1 }))).toMatchObject({ status: 200, body: '' })
    expect(heard).toEqual([])
    expect(await handle(posted(text))).toMatchObject({ status: 200, body: '' })
  })

  it('refuses forged, foreign and broken bodies', async () => {
    const { handle, heard, signals } = world()
    const good = posted(text)
    const forged = { ...good, query: { ...good.query, msg_signature: 'b'.repeat(40) } }
    const broken = { ...good, body: Buffer.from('{"encrypt":') }
    const extra = { ...good, body: Buffer.from(`${good.body}{"encrypt":"x"}`) }
    const statuses = []
    for (const request of [forged, broken, extra, posted(text, 'wwOTHER'), posted('no json')])
      statuses.push((await handle(request)).status)
    expect(statuses).toEqual([401, 401, 401, 403, 403])
    expect(signals.refusals.map(line => line.split(' ')[1])).toEqual([
      'signature',
      'malformed',
      'malformed',
      'receiver',
      'json',
    ])
    expect(heard).toEqual([])
  })

  it('asks for another delivery when it could not be kept', async () => {
    const { handle } = world(() => ({
      stored: Promise.reject(new Error('down')),
      handled: Promise.reject(new Error('down')),
    }))
    expect((await handle(posted(text))).status).toBe(503)
  })
})

describe('speaking later', () => {
  it('uses the address of the last message once', async () => {
    const { handle, bot } = world()
    await handle(posted(text))
    web
      .at(base)
      .post('/reply/1', { msgtype: 'markdown', markdown: { content: '今日 3 单' } })
      .reply(200, { errcode: 0, errmsg: 'ok' })
    await expect(bot.send(delivery, 'CH1')).resolves.toEqual({})
    await expect(bot.send(delivery, 'CH1')).rejects.toMatchObject({ name: 'Permanent', code: 'cannot-speak-first' })
  })

  it('says a picture in words: it has no way to show one', async () => {
    const { handle, bot } = world()
    await handle(posted(text))
    web
      .at(base)
      .post('/reply/1', { msgtype: 'markdown', markdown: { content: '排名（图片）' } })
      .reply(200, { errcode: 0, errmsg: 'ok' })
    await expect(bot.send({ ...delivery, message: pictureOf('排名') }, 'CH1')).resolves.toEqual({})
  })

  it('not after an hour, not elsewhere, not to repaint', async () => {
    const { handle, bot, clock } = world()
    await handle(posted(text))
    await expect(bot.send(delivery, 'CH2')).rejects.toMatchObject({ code: 'cannot-speak-first' })
    await expect(bot.send({ ...delivery, repaint: { handle: 'x' } }, 'CH1')).rejects.toMatchObject({
      code: 'stale-handle',
    })
    clock.forward(3_600_000)
    await expect(bot.send(delivery, 'CH1')).rejects.toMatchObject({ code: 'cannot-speak-first' })
  })
})
