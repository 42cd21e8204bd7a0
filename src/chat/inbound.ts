/** What a platform heard, in words no platform owns. Doors make it; `chat/receive` works on it. */
export type PlatformName = 'wecom' | 'dingtalk'

/** Which of a platform's channels heard it: the app's own 1:1 chat, or the bot that can be a group member. */
export type Via = 'app' | 'bot'

export interface MediaRef {
  kind: 'image' | 'voice' | 'video' | 'file'
  /** Where the platform lets us fetch it: a media id, or a URL with its key. Opaque outside the platform. */
  source: { mediaId: string } | { url: string; aesKey: string | null }
  name?: string
}

export type Said =
  /** `quoteOf` is the platform's id of the message that was quoted, when its words do not come along. */
  | { kind: 'text'; text: string; quote?: string; quoteOf?: string; media?: MediaRef[] }
  | { kind: 'button'; payload: string; taskId: string; choices: Record<string, string[]> }
  | { kind: 'media'; media: MediaRef[] }
  | { kind: 'location'; lat: number; lng: number; label: string }
  | {
      kind: 'event'
      /** `approval`: the platform's own approval `detail.id` changed. */
      event: 'entered' | 'joined' | 'left' | 'appIdle' | 'approval' | 'other'
      name: string
      detail: Record<string, string>
    }

export interface Inbound {
  platform: PlatformName
  /** Unique per platform event (R: design.md §5): the same event delivered again has the same key. */
  key: string
  /** The platform's id of the company the event belongs to. */
  corpId: string
  sender: { userId: string }
  chat: { kind: 'single' | 'group'; id: string; via: Via }
  /** When the platform says it happened. */
  at: Date
  said: Said
  /** A right to repaint the card that was tapped, kept for later changes. */
  repaint?: { handle: string; expiresAt: Date }
}
