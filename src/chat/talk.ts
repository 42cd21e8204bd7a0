import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Speech } from '../orders/announce.ts'
import type { Person } from '../people/person.ts'
import type { Card, Said } from './card.ts'
import type { Inbound } from './inbound.ts'

/** One thing said by one person: what every handler of the conversation is given. */
export interface Talk {
  tx: Tx
  ctx: Context
  person: Person
  inbound: Inbound
  /** Who and where, for questions that wait for an answer. */
  chatKey: string
  speech: Speech
}

/**
 * What to answer. A card that repaints the tapped one names it, so that its own repaint is not done twice; `passing`: it
 * explains something for a moment (a stale tap, a menu), so nothing hurries to draw over it.
 */
export interface Reply {
  message: Said
  painted?: { subject: string; shownId: string; version: number; passing?: boolean }
  /** Said instead if the card could not be repainted in the answer. */
  fallback?: Said
}

/** A tap is answered within the platform's five seconds; after this the outbox repaints the card. */
export const answerGraceMs = 5_000

export const say = (text: string): Reply => ({ message: { kind: 'text', text } })
export const show = (card: Card): Reply => ({ message: { kind: 'card', card } })

export function chatKey(inbound: Inbound): string {
  const { platform, chat } = inbound
  return `${platform}:${chat.via}:${chat.kind}:${chat.id}`
}
