import { Permanent, Temporary } from '../../errors.ts'
import { mimeOf } from '../mime.ts'
import { type Client, isDownload } from './client.ts'

/** The file's name in a Content-Disposition header, without folders; undefined when there is none. */
export function fileName(header: unknown): string | undefined {
  if (typeof header !== 'string') return undefined
  const coded = /filename\*=UTF-8''([^;\s]+)/i.exec(header)?.[1]
  const name = coded ? decoded(coded) : /filename="?([^";]+)"?/i.exec(header)?.[1]
  return name?.split(/[\\/]/).pop()?.trim().slice(0, 200) || undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * A file somebody gave the bot: behind a link for five minutes, sealed with AES-256-CBC
 * (developer.work.weixin.qq.com/document/path/100719). `keys` are tried in turn. Throws `Temporary` and `Permanent`.
 */
export async function fetchBotFile(
  client: Client,
  url: string,
  keys: readonly string[],
): Promise<{ bytes: Buffer; mime: string; name?: string }> {
  if (!/^https?:\/\//i.test(url))
    throw new Permanent('media-gone', 'the bot’s file has no usable address', { fix: 'ask for it again' })
  const got = await client.counted('bot/media', async () => {
    const answer = await client.download({ api: 'bot/media', method: 'GET', url, elsewhere: 'media' })
    if (!isDownload(answer))
      throw new Permanent('media-gone', `bot/media: errcode ${answer.errcode}`, {
        fix: 'links live five minutes: ask for it again',
      })
    return answer
  })
  const name = fileName(got.headers['content-disposition'])
  const bytes = keys.length === 0 ? got.bytes : await opened(got.bytes, keys)
  return { bytes, mime: mimeOf(bytes), ...(name && { name }) }
}

async function opened(bytes: Buffer, keys: readonly string[]): Promise<Buffer> {
  const { decryptFile } = await import('@wecom/aibot-node-sdk')
  for (const key of keys) {
    try {
      return decryptFile(bytes, key)
    } catch {
      // The next key, if there is one.
    }
  }
  throw new Temporary('media-broken', 'the bot’s file could not be decrypted: it may have been cut short')
}
