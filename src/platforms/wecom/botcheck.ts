import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { LineConfig } from './botline.ts'

const ownUrl = 'wss://openws.work.weixin.qq.com'
const waitMs = 10_000

const frameShape = z.looseObject({
  headers: z.looseObject({ req_id: z.string() }),
  errcode: z.number(),
  errmsg: z.string().default(''),
})

export type Subscribed = { errcode: number; errmsg: string } | { unreachable: string }

/**
 * Subscribes as the bot once and hangs up (developer.work.weixin.qq.com/document/path/101463). One subscription and no more:
 * they are protected by frequency, and whoever had the bot loses it.
 */
export function subscribeOnce({ botId, secret, wsUrl = ownUrl }: LineConfig): Promise<Subscribed> {
  return new Promise(resolve => {
    const socket = new WebSocket(wsUrl, { handshakeTimeout: waitMs })
    const id = `aibot_subscribe_${randomUUID()}`
    const done = (came: Subscribed) => {
      clearTimeout(alarm)
      socket.removeAllListeners()
      // What is still under way must not end the process.
      socket.on('error', () => {})
      socket.close()
      resolve(came)
    }
    const alarm = setTimeout(() => done({ unreachable: 'no answer in time' }), waitMs)
    socket.on('open', () =>
      socket.send(JSON.stringify({ cmd: 'aibot_subscribe', headers: { req_id: id }, body: { bot_id: botId, secret } })),
    )
    socket.on('message', data => {
      const frame = frameShape.safeParse(jsonOf(String(data)))
      if (frame.success && frame.data.headers.req_id === id) done(frame.data)
    })
    socket.on('error', error => done({ unreachable: 'code' in error ? String(error.code) : error.message }))
    socket.on('close', () => done({ unreachable: 'the connection was closed' }))
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
