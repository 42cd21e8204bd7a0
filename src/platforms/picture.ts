import type { Picture, Said } from '../chat/card.ts'
import type { Clock } from '../now.ts'
import type { TokenStore } from './platform.ts'

/** What a channel says that can show no picture, or none of this size. */
export const inWords = ({ alt }: Picture): Said => ({ kind: 'text', text: alt })

/** The form platforms want a file in: a part called `media`, with the file's name and type. */
export function pictureForm({ png }: Picture, fileName: string): FormData {
  const form = new FormData()
  form.set('media', new Blob([new Uint8Array(png)], { type: 'image/png' }), fileName)
  return form
}

/**
 * Ids of files a platform was given, by what they were given for, shared with other instances: a message that is tried
 * again, by whomever, names the same file. A store that fails costs another upload, no more.
 */
export class Uploads {
  constructor(
    private readonly prefix: string,
    private readonly lifeMs: number,
    private readonly deps: { store: TokenStore; clock: Clock },
  ) {}

  async id(name: string, upload: () => Promise<string>): Promise<string> {
    const { store, clock } = this.deps
    const key = `${this.prefix}:media:${name}`
    const kept = await store.get(key).catch(() => null)
    if (kept && kept.expiresAt > clock.now()) return kept.token
    const mediaId = await upload()
    await store.put(key, mediaId, new Date(clock.now().getTime() + this.lifeMs)).catch(() => {})
    return mediaId
  }

  /** The platform does not take the file any more. */
  async forget(name: string): Promise<void> {
    await this.deps.store.put(`${this.prefix}:media:${name}`, '-', new Date(0)).catch(() => {})
  }
}
