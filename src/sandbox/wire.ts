/** What the sandbox page and the sandbox server say to each other (JSON over HTTP, server-sent events back). */

export interface SandboxPerson {
  userId: string
  name: string
  /** Role names as shown, e.g. `派工员`; decides nothing. */
  title: string
  mobile: string
}

/** A conversation as phones show it. */
export interface SandboxChat {
  /** `app:<userId>` is the app's 1:1 chat of that person, `bot:<userId>` his chat with the bot, else a group's id. */
  id: string
  kind: 'app' | 'bot' | 'group'
  title: string
  /** userIds of those who see it. */
  members: string[]
  /** userId → messages not yet read. */
  unread: Record<string, number>
}

export interface SandboxCardButton {
  text: string
  style: 1 | 2 | 3 | 4
  key?: string
  url?: string
}

/** A template card as WeCom would draw it, already validated against its limits. */
export interface SandboxCard {
  type: 'text_notice' | 'news_notice' | 'button_interaction' | 'vote_interaction' | 'multiple_interaction'
  source?: { desc: string; color: 0 | 1 | 2 | 3 }
  title?: string
  desc?: string
  emphasis?: { title?: string; desc?: string }
  subTitle?: string
  quote?: { title?: string; text?: string }
  rows: Array<{ label: string; value: string; url?: string }>
  selection?: { key: string; title: string; options: Array<{ id: string; text: string }>; selected?: string }
  buttons: SandboxCardButton[]
  /** Replaces the buttons with one dead grey button. */
  replaceText?: string
  url?: string
}

export type SandboxBody =
  | { kind: 'text'; text: string; mentions: string[]; quote?: string }
  | { kind: 'markdown'; text: string }
  | { kind: 'card'; taskId: string; card: SandboxCard; forViewer: Record<string, SandboxCard> }
  | { kind: 'image'; url: string }
  | { kind: 'file'; name: string; url: string }
  | { kind: 'location'; lat: number; lng: number; label: string }

export interface SandboxMessage {
  id: string
  chat: string
  /** A person, or who speaks for the service: `app`, `bot`, `robot` (group webhook). */
  from: { kind: 'person'; userId: string } | { kind: 'app' | 'bot' | 'robot'; name: string }
  /** ISO. */
  at: string
  body: SandboxBody
  /** ISO, when a card was last repainted. */
  changedAt?: string
  recalled?: true
}

/** One exchange between the service and the platform, for those who integrate. */
export interface SandboxLogEntry {
  id: number
  at: string
  direction: 'to-platform' | 'to-service'
  channel: 'api' | 'callback' | 'socket' | 'webhook'
  /** e.g. `POST /cgi-bin/message/send` or `template_card_event`. */
  what: string
  ms?: number
  status?: number
  errcode?: number
  /** As it went over the wire (secrets blanked). */
  raw: string
  /** Opened: the decrypted XML or the JSON, pretty-printed. */
  opened?: string
  note?: string
}

export interface SandboxState {
  now: string
  /** Milliseconds the sandbox's clock is ahead of the machine's. */
  ahead: number
  people: SandboxPerson[]
  chats: SandboxChat[]
  messages: SandboxMessage[]
  botOnline: boolean
}

/**
 * Routes below `/sandbox/api`:
 *
 * - `GET /state` → SandboxState
 * - `GET /log` → { items: SandboxLogEntry[] } (the last 300)
 * - `GET /events` → server-sent events: `state` (SandboxState, at most ten a second), `log` (SandboxLogEntry)
 * - `POST /say` { as, chat, text, at?: boolean, quote?: messageId } — `at` addresses the bot in a group (`@派工助手 `)
 * - `POST /tap` { as, message, key, choices?: Record<string,string[]> } → { status: 'answered'|'empty'|'failed' }
 * - `POST /photo` { as, chat, image: data URL, text?: string, at?: boolean } — with text and at: a mixed message
 * - `POST /location` { as, chat, lat, lng, label }
 * - `POST /read` { as, chat }
 * - `POST /clock` { forwardMs } or { to: ISO } — never backwards
 * - `GET /media/:id` → bytes
 *
 * Faulty bodies get 422 with `{ title, detail }`.
 */
export interface SandboxActions {
  say: { as: string; chat: string; text: string; at?: boolean; quote?: string }
  tap: { as: string; message: string; key: string; choices?: Record<string, string[]> }
  photo: { as: string; chat: string; image: string; text?: string; at?: boolean }
  location: { as: string; chat: string; lat: number; lng: number; label: string }
  read: { as: string; chat: string }
  clock: { forwardMs: number } | { to: string }
}
