import type { Log } from '../../log.ts'
import type { Clock, Timers } from '../../now.ts'
import type { Signals } from '../platform.ts'
import type { Client } from './client.ts'
import type { DingtalkConfig } from './config.ts'
import type { Ears } from './hear.ts'
import { type Heard, Stream } from './stream/stream.ts'

interface Parts {
  clock: Clock
  timers: Timers
  log: Log
  signals: Signals
  ears: Ears
  client: Client
}

/** Opens the stream and gives what comes over it to the ears; each kind is acknowledged in its own form (dingtalk.md §4.2). */
export function streamOf(
  config: Pick<DingtalkConfig, 'apiBase' | 'clientId' | 'clientSecrets'> & { events: boolean },
  { ears, client, ...rest }: Parts,
): Stream {
  const { apiBase, clientId, clientSecrets, events } = config
  const heard = async (frame: Heard): Promise<object> => {
    if (frame.kind === 'robot') {
      await ears.robot(frame.data)
      return { response: null }
    }
    if (frame.kind === 'card') return { response: await ears.card(frame.data, frame.messageId) }
    const { eventType = '', eventId = frame.messageId, eventCorpId, eventBornTime } = frame.headers
    const bornAt = Number(eventBornTime)
    const head = { eventType, eventId, corpId: eventCorpId, ...(Number.isFinite(bornAt) && bornAt > 0 && { bornAt }) }
    await ears.event(head, frame.data)
    return { status: 'SUCCESS', message: 'success' }
  }
  const ban = {
    active: () => client.banned,
    found: () => {
      if (!client.banned) client.ban('gateway/connections/open')
    },
  }
  const stream = new Stream(
    { apiBase, clientId, clientSecret: clientSecrets[0] ?? '', events },
    { ...rest, chance: Math.random, heard, ban },
  )
  stream.open()
  return stream
}
