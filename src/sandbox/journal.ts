import type { Clock } from '../now.ts'
import type { SandboxLogEntry } from './wire.ts'

const ring = 300
const mostChars = 16_000

/** Secrets in query strings and JSON bodies, whether known to us or wrong guesses. */
const query = /([?&](?:access_token|corpsecret|appsecret|key|session|ticket|authCode)=)[^&\s"\\]+/g
const secretFields = [
  ...['access_token', 'secret', 'corpsecret', 'aeskey'],
  ...['accessToken', 'refreshToken', 'appSecret', 'clientSecret', 'client_secret', 'apiSecret', 'ticket'],
]
const field = new RegExp(`("(?:${secretFields.join('|')})"\\s*:\\s*")[^"]+`, 'g')

/** The exchanges between the service and the platform, the last 300, with secrets blanked. */
export class Journal {
  private readonly entries: SandboxLogEntry[] = []
  private readonly secrets = new Set<string>()
  private readonly listeners = new Set<(entry: SandboxLogEntry) => void>()
  private last = 0

  constructor(private readonly clock: Clock) {}

  /** From now on `secret` never shows in an entry. */
  hide(secret: string): void {
    this.secrets.add(secret)
  }

  add(entry: Omit<SandboxLogEntry, 'id' | 'at'>): void {
    const kept: SandboxLogEntry = {
      ...entry,
      id: ++this.last,
      at: this.clock.now().toISOString(),
      raw: this.blank(entry.raw),
      ...(entry.opened === undefined ? {} : { opened: this.blank(entry.opened) }),
      ...(entry.note === undefined ? {} : { note: this.blank(entry.note) }),
    }
    this.entries.push(kept)
    if (this.entries.length > ring) this.entries.shift()
    for (const listener of this.listeners) listener(kept)
  }

  /** How many there were, those too old to be kept as well. */
  get count(): number {
    return this.last
  }

  items(): SandboxLogEntry[] {
    return structuredClone(this.entries)
  }

  onEntry(listener: (entry: SandboxLogEntry) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  blank(text: string): string {
    // Twice the length is looked at, so that no secret is cut in half before it is recognised.
    const looked = text.slice(0, mostChars * 2)
    let blanked = looked.replace(query, '$1***').replace(field, '$1***')
    for (const secret of this.secrets) blanked = blanked.replaceAll(secret, '***')
    return blanked.length > mostChars ? `${blanked.slice(0, mostChars)}… (${text.length} characters)` : blanked
  }
}

/** JSON made readable; anything else as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
