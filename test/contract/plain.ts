import type { Card, Message } from '../../src/chat/card.ts'
import type { PlatformName } from '../../src/chat/inbound.ts'
import { Permanent, Temporary } from '../../src/errors.ts'
import type { Clock } from '../../src/now.ts'
import type { Delivery, Platform, Receive } from '../../src/platforms/platform.ts'
import { replyWords } from '../../src/platforms/words.ts'

/** Not in the list of the product's platforms: a third one, as docs/platforms.md describes how to add it. */
export const plainName = 'plain' as PlatformName

export interface Line {
  /** A person's user id, or the group. */
  to: string
  text: string
  id: string
}

/** The people's side of it: what was said to them, and how they speak. */
export interface Plain {
  platform: Platform
  lines: Line[]
  say(userId: string, text: string, where?: { group?: string; quote?: string }): Promise<void>
  photo(userId: string, bytes: Buffer): Promise<void>
  /** Delivers the last event again. */
  again(): Promise<void>
  failOnce(how: 'temporary' | 'permanent'): void
}

/** A platform of plain words, in memory: no buttons, no card that could change, nothing taken back. */
export function createPlain(corpId: string, clock: Clock): Plain {
  const lines: Line[] = []
  const photos = new Map<string, Buffer>()
  const delivered = new Set<string>()
  const underWay = new Set<Promise<unknown>>()
  let receive: Receive | null = null
  let failing: 'temporary' | 'permanent' | null = null
  let last: Parameters<Receive>[0] | null = null
  let count = 0

  function show(to: string, text: string): string {
    const id = `line-${++count}`
    lines.push({ to, text, id })
    return id
  }

  async function send({ id, to, message }: Delivery) {
    const userId = to.kind === 'person' ? to.userId : to.via === 'bot' ? to.chatId : ''
    if (failing && to.kind === 'person') {
      const how = failing
      failing = null
      if (how === 'temporary') throw new Temporary('busy', 'plain: busy', { retryAfterMs: 5_000 })
      throw new Permanent('no-such-user', 'plain: nobody is called that', { fix: 'bind the person again' })
    }
    // The same delivery again is the retry of one whose answer was lost.
    if (delivered.has(id)) return {}
    delivered.add(id)
    return { messageId: show(userId, wordsOf(message)) }
  }

  async function hear(inbound: Parameters<Receive>[0]): Promise<void> {
    if (!receive) throw new Error('plain: nobody listens')
    last = inbound
    const { stored, handled } = receive(inbound)
    await stored
    const answer = await handled.catch(() => null)
    // Cards are messages of their own: the outbox sends them.
    if (answer?.message.kind !== 'text') return
    show(inbound.chat.kind === 'group' ? inbound.chat.id : inbound.sender.userId, answer.message.text)
    await answer.answered()
  }

  const tracked = async (work: Promise<void>) => {
    underWay.add(work)
    await work.finally(() => underWay.delete(work))
  }

  function event(userId: string, said: Parameters<Receive>[0]['said'], group?: string): Parameters<Receive>[0] {
    return {
      ...{ platform: plainName, key: `heard-${++count}`, corpId, sender: { userId }, at: clock.now(), said },
      chat: group ? { kind: 'group', id: group, via: 'bot' } : { kind: 'single', id: userId, via: 'bot' },
    }
  }

  const platform: Platform = {
    name: plainName,
    corpId,
    can: {
      ...{ buttons: false, repaint: 'never', answerShows: 'everyone', mention: false },
      ...{ hearsGroup: true, quotes: true, locations: false, recall: false },
    },
    async open(to) {
      receive = to
      return async () => {
        receive = null
      }
    },
    send,
    async fetchMedia({ source }) {
      const bytes = 'mediaId' in source ? photos.get(source.mediaId) : undefined
      if (!bytes) throw new Permanent('media-gone', 'plain: no such photo', { fix: 'ask for it again' })
      return { bytes, mime: 'image/png' }
    },
    limits: () => [],
    problems: () => [],
    idle: async () => void (await Promise.all(underWay)),
  }

  return {
    platform,
    lines,
    say: (userId, text, { group, quote } = {}) =>
      tracked(hear(event(userId, { kind: 'text', text, ...(quote !== undefined && { quote }) }, group))),
    photo(userId, bytes) {
      const mediaId = `photo-${++count}`
      photos.set(mediaId, bytes)
      return tracked(hear(event(userId, { kind: 'media', media: [{ kind: 'image', source: { mediaId } }] })))
    },
    again: () => (last ? tracked(hear(last)) : Promise.resolve()),
    failOnce(how) {
      failing = how
    },
  }
}

function wordsOf(message: Message): string {
  if (message.kind === 'picture') return message.alt
  return message.kind === 'text' ? message.text : cardWords(message.card)
}

function cardWords(card: Card): string {
  const rows = card.rows.map(({ label, value }) => `${label}：${value}`)
  return [card.title, card.figure, card.subtitle, ...rows, card.body, card.closed, replyWords(card)]
    .filter(Boolean)
    .join('\n')
}
