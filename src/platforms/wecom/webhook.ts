import { createHash } from 'node:crypto'
import type { Message } from '../../chat/card.ts'
import { Permanent } from '../../errors.ts'
import { inWords } from '../picture.ts'
import type { Delivery, Limit, Sent } from '../platform.ts'
import type { Client } from './client.ts'
import { type Body, pictureBytes, robotBody, robotPicture } from './render.ts'

/** developer.work.weixin.qq.com/document/path/99110 */
export const webhookLimits: Limit[] = [{ count: 20, windowMs: 60_000 }]

/** Speaks through a group's webhook robot. The key is its credential and appears in no message, log line or gate's name. */
export async function sendByWebhook(client: Client, key: string, { message, repaint }: Delivery): Promise<Sent> {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(key))
    throw new Permanent('robot-gone', 'the group robot’s key is malformed', {
      fix: 'copy the key from the robot’s address again',
    })
  // It has no way to change what it said.
  if (repaint) throw new Permanent('stale-handle', 'a webhook robot cannot change a card')
  const api = 'webhook/send'
  const scope = `robot ${createHash('sha256').update(key).digest('hex').slice(0, 12)}`
  return client.counted(api, async () => {
    client.gates.check(scope, `${scope} ${api}`)
    const answer = await client.ask({
      api,
      method: 'POST',
      url: `/cgi-bin/${api}`,
      params: { key },
      body: bodyOf(message),
    })
    client.settle(api, answer, scope)
    return {}
  })
}

function bodyOf(message: Message): Body {
  if (message.kind !== 'picture') return robotBody(message)
  return message.png.length > pictureBytes.robot ? robotBody(inWords(message)) : robotPicture(message)
}
