/** What the sandbox page and the sandbox server say to each other (JSON over HTTP, server-sent events back). */

/** The two apps a phone at the desk can show. */
export type PhonePlatform = 'wecom' | 'dingtalk'

export interface SandboxPerson {
  /** Who he is at the desk; his userid in WeCom, too. */
  userId: string
  /** His userId in DingTalk. */
  dingtalkId: string
  /** The app his phone shows, and where the service finds him. Changed by `switch`. */
  uses: PhonePlatform
  name: string
  /** Role names as shown, e.g. `派工员`; decides nothing. */
  title: string
  mobile: string
}

/** A conversation as phones show it. */
export interface SandboxChat {
  /**
   * WeCom: `app:<userId>` is the app's 1:1 chat of that person, `bot:<userId>` his chat with the bot. DingTalk:
   * `ding:<userId>` is his chat with the robot. Groups have the platform's own id.
   */
  id: string
  platform: PhonePlatform
  /** `robot` is DingTalk's only 1:1 chat. */
  kind: 'app' | 'bot' | 'robot' | 'group'
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

export interface SandboxDingButton {
  /** Names the button in `tap`; within a card unique. */
  id: string
  text: string
  /** `blue` and `red` are filled, anything else is an outline. */
  color: string
  /** Calls the service back when tapped. */
  request: boolean
  /** Opens instead. */
  url?: string
}

/** A card as DingTalk draws it: an interactive card of a template, or an ActionCard, whose buttons only open pages. */
export interface SandboxDingCard {
  look: 'markdown-button' | 'own-template' | 'action-card'
  title: string
  /** Small grey words beside the title (own template). */
  tag?: string
  /** The figure that matters now, drawn large (own template). */
  figure?: string
  markdown: string
  /** Small grey line below. */
  tips?: string
  buttons: SandboxDingButton[]
  /** Instead of buttons: what became of it (own template). */
  closed?: string
}

export type SandboxBody =
  | { kind: 'text'; text: string; mentions: string[]; quote?: string }
  /** `title`: DingTalk shows it in the list of chats. */
  | { kind: 'markdown'; text: string; title?: string; mentions?: string[] }
  | { kind: 'card'; taskId: string; card: SandboxCard; forViewer: Record<string, SandboxCard> }
  /** `mentions`: names called with @ when the card came. `forViewer`: redrawn in the answer to this one's tap only. */
  | {
      kind: 'dingcard'
      outTrackId: string
      card: SandboxDingCard
      forViewer: Record<string, SandboxDingCard>
      mentions: string[]
    }
  /** `title`: what a PNG says of itself, for those who cannot see it. */
  | { kind: 'image'; url: string; title?: string }
  /** `text`: what the platform recognised; empty when it could not. */
  | { kind: 'voice'; seconds: number; text: string }
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
  /** Whose servers. */
  platform: PhonePlatform
  channel: 'api' | 'callback' | 'socket' | 'webhook'
  /** e.g. `POST /cgi-bin/message/send` or `template_card_event`. */
  what: string
  ms?: number
  status?: number
  errcode?: number
  /** DingTalk's word for what is wrong, e.g. `param.cardNotExist`. */
  code?: string
  /** As it went over the wire (secrets blanked). */
  raw: string
  /** Opened: the decrypted XML or the JSON, pretty-printed. */
  opened?: string
  note?: string
}

/** What people do with a request in a platform's own app for approvals. */
export type ApprovalDeed = 'approve' | 'reject' | 'withdraw' | 'revoke' | 'delete'

/** A request in WeCom's 审批 or DingTalk's OA 审批, in a small form. People by userId. */
export interface SandboxApproval {
  platform: PhonePlatform
  id: string
  /** `张三提交的请假` */
  title: string
  applicant: string
  /** What was filled in, a line each. */
  lines: string[]
  /** `revoked`: taken back after it was approved. */
  status: 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'deleted'
  /** Who may decide now. */
  deciders: string[]
  /** ISO */
  at: string
}

/** A check-in in WeCom's 打卡 or DingTalk's 考勤. */
export interface SandboxPunch {
  platform: PhonePlatform
  userId: string
  /** ISO: when, or for a missing one when it should have been. */
  at: string
  kind: 'in' | 'out' | 'outside'
  missing?: true
  /** Where, when it was not at work. */
  place?: string
}

export interface SandboxState {
  now: string
  /** Milliseconds the sandbox's clock is ahead of the machine's. */
  ahead: number
  people: SandboxPerson[]
  chats: SandboxChat[]
  messages: SandboxMessage[]
  /** Newest first, the last 100. */
  approvals: SandboxApproval[]
  /** Newest first, the last 50. */
  punches: SandboxPunch[]
  /** The WeCom bot's socket is connected. */
  botOnline: boolean
  /** DingTalk reaches the service: by a stream connection, or by its addresses in HTTP mode. */
  dingtalkOnline: boolean
  /** DingTalk's meters for this month. */
  dingtalkQuota: { month: string; calls: number; callLimit: number; pushes: number; pushLimit: number }
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
 * - `POST /voice` { as, chat, text, seconds? } — a voice message, `text` as the platform recognises it (DingTalk 1:1 only)
 * - `POST /read` { as, chat }
 * - `POST /switch` { as, platform } — the person uses the other app from now on
 * - `POST /approval` { id, as, do, words? } — somebody decides a request in the platform's own app, or takes his own back
 * - `POST /punch` { as, at?, kind, missing?, place? } — somebody checks in with the app he uses, or should have at `at`
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
  voice: { as: string; chat: string; text: string; seconds?: number }
  read: { as: string; chat: string }
  switch: { as: string; platform: PhonePlatform }
  approval: { id: string; as: string; do: ApprovalDeed; words?: string }
  punch: { as: string; at?: string; kind: SandboxPunch['kind']; missing?: boolean; place?: string }
  clock: { forwardMs: number } | { to: string }
}
