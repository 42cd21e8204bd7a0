import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Line, type LineEvents, lineError, openLine } from '../../../src/platforms/wecom/botline.ts'
import { keptLog } from './help.ts'

interface Frame {
  cmd?: string
  headers: { req_id: string }
  body?: Record<string, unknown>
}

/** A server that lets the bot in (or not) and acknowledges everything, unless told to refuse. */
function platform() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const frames: Frame[] = []
  const refuse = new Map<string, number>()
  let socket: WebSocket | undefined
  let logins = 0
  server.on('connection', connection => {
    socket = connection
    connection.on('message', data => {
      const frame: Frame = JSON.parse(String(data))
      frames.push(frame)
      if (frame.cmd === 'aibot_subscribe') logins++
      connection.send(
        JSON.stringify({ headers: frame.headers, errcode: refuse.get(frame.cmd ?? '') ?? 0, errmsg: 'said' }),
      )
    })
  })
  return {
    server,
    frames,
    refuse,
    url: () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logins: () => logins,
    push: (cmd: string, body: object) => socket?.send(JSON.stringify({ cmd, headers: { req_id: 'R1' }, body })),
    drop: () => socket?.terminate(),
  }
}

describe('openLine', () => {
  let wecom: ReturnType<typeof platform>
  let line: Line
  let log: ReturnType<typeof keptLog>
  const seen: string[] = []
  let wake: () => void = () => {}

  const note = (what: string) => {
    seen.push(what)
    wake()
  }
  async function until(what: string): Promise<void> {
    while (!seen.includes(what))
      await new Promise<void>(resolve => {
        wake = resolve
      })
  }
  const events: LineEvents = {
    heard: async (body, requestId) => {
      note(`heard ${requestId} ${JSON.stringify(body)}`)
      throw new Error('handler failed')
    },
    up: () => note('up'),
    down: () => note('down'),
    taken: () => note('taken'),
    refused: () => note('refused'),
  }
  const open = () => {
    line = openLine({ botId: 'BOT1', secret: 'bot-secret', wsUrl: wecom.url() }, events, log)
  }

  beforeEach(async () => {
    seen.length = 0
    log = keptLog()
    wecom = platform()
    await new Promise<void>(resolve => wecom.server.once('listening', resolve))
  })
  afterEach(() => {
    line.close()
    for (const client of wecom.server.clients) client.terminate()
    wecom.server.close()
  })

  it('is ready once it was let in, and speaks every command with its body', async () => {
    open()
    expect(line.ready).toBe(false)
    await expect(line.send('CH1', 2, { msgtype: 'markdown', markdown: { content: 'x' } })).rejects.toMatchObject({
      code: 'bot-offline',
    })
    await until('up')
    expect(line.ready).toBe(true)
    expect(wecom.frames[0]).toMatchObject({ cmd: 'aibot_subscribe', body: { bot_id: 'BOT1', secret: 'bot-secret' } })
    const card = {
      card_type: 'text_notice' as const,
      source: { desc: 's', desc_color: 0 as const },
      main_title: { title: 't' },
      task_id: 'T1',
    }
    await line.send('CH1', 2, { msgtype: 'markdown', markdown: { content: 'x' } })
    await line.reply('R1', { msgtype: 'stream', stream: { id: 's', finish: true, content: 'x' } })
    await line.welcome('R2', { msgtype: 'text', text: { content: 'x' } })
    await line.update('R3', card)
    expect(wecom.frames.slice(1).map(({ cmd, headers, body }) => [cmd, headers.req_id.slice(0, 14), body])).toEqual([
      [
        'aibot_send_msg',
        'aibot_send_msg',
        { chatid: 'CH1', chat_type: 2, msgtype: 'markdown', markdown: { content: 'x' } },
      ],
      ['aibot_respond_msg', 'R1', { msgtype: 'stream', stream: { id: 's', finish: true, content: 'x' } }],
      ['aibot_respond_welcome_msg', 'R2', { msgtype: 'text', text: { content: 'x' } }],
      ['aibot_respond_update_msg', 'R3', { response_type: 'update_template_card', template_card: card }],
    ])
  })

  it('hears messages and events, and survives a handler that fails', async () => {
    open()
    await until('up')
    wecom.push('aibot_msg_callback', { msgid: 'M1', msgtype: 'text', text: { content: '客户的话' } })
    wecom.push('aibot_event_callback', { msgid: 'M2', msgtype: 'event', event: { eventtype: 'enter_chat' } })
    await until('heard R1 {"msgid":"M2","msgtype":"event","event":{"eventtype":"enter_chat"}}')
    expect(seen.filter(what => what.startsWith('heard'))).toHaveLength(2)
    await line.reply('R1', { msgtype: 'stream', stream: { id: 's', finish: true, content: 'x' } })
    expect(log.lines.join()).toContain('could not be worked on')
    expect(log.lines.join()).not.toContain('客户的话')
  })

  it('turns a refusing frame into an error of ours', async () => {
    open()
    await until('up')
    wecom.refuse.set('aibot_send_msg', 93006)
    await expect(line.send('CH1', 2, { msgtype: 'markdown', markdown: { content: 'x' } })).rejects.toMatchObject({
      name: 'Permanent',
      code: 'not-greeted',
    })
  })

  it('says when another program took the bot, and does not come back by itself', async () => {
    open()
    await until('up')
    wecom.push('aibot_event_callback', { msgtype: 'event', event: { eventtype: 'disconnected_event' } })
    await until('taken')
    expect(seen).toEqual(['up', 'down', 'taken'])
    expect(line.ready).toBe(false)
    expect(wecom.logins()).toBe(1)
  })

  it('comes back after the connection broke, and lets nothing hang', async () => {
    open()
    await until('up')
    wecom.drop()
    await until('down')
    await expect(line.send('CH1', 2, { msgtype: 'markdown', markdown: { content: 'x' } })).rejects.toMatchObject({
      name: 'Temporary',
    })
    seen.length = 0
    await until('up')
    expect(wecom.logins()).toBe(2)
  })

  it('gives up on a wrong secret and never logs it', async () => {
    wecom.refuse.set('aibot_subscribe', 40001)
    open()
    await until('refused')
    expect(wecom.logins()).toBe(3)
    expect(log.lines.join()).not.toContain('bot-secret')
  })
})

describe('lineError', () => {
  it.each([
    [{ errcode: 45009, errmsg: 'x', headers: {} }, 'Temporary', 'rate-limited'],
    [{ errcode: 846609, errmsg: 'x' }, 'Temporary', 'bot-offline'],
    [{ errcode: 846605, errmsg: 'x' }, 'Permanent', 'too-late'],
    [{ errcode: 12345, errmsg: 'x' }, 'Permanent', 'bad-body'],
    [new Error('Reply ack timeout'), 'Temporary', 'timeout'],
    ['odd', 'Temporary', 'timeout'],
    [null, 'Temporary', 'timeout'],
  ])('%o is %s %s', (error, name, code) => {
    expect(lineError(error)).toMatchObject({ name, code })
  })
})
