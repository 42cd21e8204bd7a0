/** What the service says, before any platform draws it. */
export type Tone = 'normal' | 'urgent' | 'near' | 'late' | 'done'

export interface CardRow {
  /** At most five Chinese characters. */
  label: string
  value: string
  /** Opens when the row is tapped: an https page or a `tel:` number. */
  link?: string
}

export interface CardButton {
  /** At most ten characters. */
  text: string
  style: 'primary' | 'default' | 'danger'
  /** Comes back unchanged when tapped. Carries subject, step and the version shown. */
  payload: string
  /** What a person types instead where there are no buttons, e.g. `接单 1024`. */
  words: string
}

export interface Card {
  /** Small line above the title: who speaks, e.g. `派工 · 一班`. */
  source: string
  tone: Tone
  title: string
  subtitle?: string
  /** The figure that matters now, e.g. `联系剩 1 小时 18 分`. */
  figure?: string
  rows: CardRow[]
  body?: string
  /** The next step first; at most six. */
  buttons: CardButton[]
  /** Instead of buttons: what became of it, on a dead button, e.g. `已完工`. */
  closed?: string
  /** Opens when the card itself is tapped. */
  link?: string
  /** Version of the subject that is drawn. */
  version: number
}

/** Words or a card: small, and kept as they are where an answer waits to be sent. */
export type Said = { kind: 'text'; text: string; mentions?: string[] } | { kind: 'card'; card: Card }

/** A PNG, drawn when it is sent and kept nowhere. */
export interface Picture {
  kind: 'picture'
  png: Uint8Array
  /** Its file's name, with `.png` at the end. */
  name: string
  /** What it shows, in short, in Chinese: said instead where a channel can show no picture. */
  alt: string
}

/** One message. `mentions` are platform user ids, used where the platform can mention. */
export type Message = Said | Picture
