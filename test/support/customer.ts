import { createCanvas, loadImage } from '@napi-rs/canvas'
import jsQR from 'jsqr'

/** What a camera reads from a picture; null where there is no code. */
export async function scan(png: Buffer): Promise<string | null> {
  const image = await loadImage(png)
  const canvas = createCanvas(image.width, image.height)
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height)
  return jsQR(data, width, height)?.data ?? null
}

/** A page as its reader sees it. */
export interface Shown {
  status: number
  /** As it came, and without its marks. */
  html: string
  text: string
  headers: Headers
}

interface Rating {
  grade?: number | string
  tags?: string[]
  words?: string
}

/** The browser on a customer's phone: it keeps cookies and knows no script. */
export class CustomerPhone {
  readonly #cookies = new Map<string, string>()

  async opens(url: string): Promise<Shown> {
    return this.#shown(await this.#send(url))
  }

  /** Fills in the form of the page and sends it; what is shown then. */
  async rates(url: string, rating: Rating): Promise<Shown> {
    const sent = await this.sends(url, rating)
    const next = sent.headers.get('location')
    return sent.status === 303 && next ? this.opens(new URL(next, url).href) : this.#shown(sent)
  }

  /** Sends the form without looking at what comes back. */
  async sends(url: string, { grade, tags = [], words }: Rating): Promise<Response> {
    const body = new URLSearchParams()
    if (grade !== undefined) body.set('grade', String(grade))
    for (const tag of tags) body.append('tag', tag)
    if (words !== undefined) body.set('words', words)
    return this.#send(url, { method: 'POST', body })
  }

  async #send(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { ...init, redirect: 'manual', ...(cookie && { headers: { cookie } }) })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      this.#cookies.set(name, value)
    }
    return answer
  }

  async #shown(answer: Response): Promise<Shown> {
    const html = await answer.text()
    const text = html
      .replace(/<style>.*?<\/style>/s, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    return { status: answer.status, html, text, headers: answer.headers }
  }
}
