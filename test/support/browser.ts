/** What a browser does with redirects and cookies, at one service. */

export interface Answered {
  status: number
  /** Where it wants the browser to go. */
  location: string | null
  headers: Headers
  text: string
  json: <T = Record<string, unknown>>() => T
}

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

export class Browser {
  readonly cookies = new Map<string, string>()
  /** As the server wrote them, attributes and all. */
  readonly written: string[] = []
  /** Sent with every request; what a request names itself comes first. */
  headers: Record<string, string> = {}

  constructor(
    readonly url: string,
    readonly userAgent = chrome,
  ) {}

  /** One request, as a browser sends it for an address that is opened; no redirect is followed. */
  async open(path: string, headers: Record<string, string> = {}): Promise<Answered> {
    return this.send('GET', path, { Accept: 'text/html,application/xhtml+xml', ...headers })
  }

  /** A request of a script, for data. */
  get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
    return this.send('GET', path, { Accept: 'application/json', ...headers })
  }

  /** A POST from a page of the service itself, unless headers say otherwise. */
  post(path: string, body?: object | URLSearchParams, headers: Record<string, string> = {}): Promise<Answered> {
    const own = { Origin: new URL(this.url).origin, 'Sec-Fetch-Site': 'same-origin' }
    return this.send('POST', path, { ...own, Accept: 'application/json', ...headers }, body)
  }

  /** A file, sent by a page's script. */
  put(path: string, bytes: Uint8Array, headers: Record<string, string>): Promise<Answered> {
    return this.send('PUT', path, { Accept: 'application/json', ...headers }, bytes)
  }

  /** Sends the form of a page that leads to an address, as a browser does when its button is pressed. */
  submit(page: Answered, action: string): Promise<Answered> {
    const form = new RegExp(`<form method="post" action="${action}">(.*?)</form>`, 's').exec(page.text)?.[1]
    if (form === undefined) throw new Error(`no form leads to ${action}`)
    const fields = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]+)">/g)]
    const body = new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value]))
    // Fetch standard, "append a request Origin header": a page that sends no referrer has its forms say null.
    const silent = page.headers.get('referrer-policy') === 'no-referrer'
    return this.post(action, body, { Accept: 'text/html', ...(silent && { Origin: 'null' }) })
  }

  /** Opens an address and goes wherever it is sent, at most ten times. */
  async follow(path: string): Promise<Answered & { path: string }> {
    let at = path
    for (let hops = 0; hops < 10; hops++) {
      const answer = await this.open(at)
      if (!answer.location) return { ...answer, path: this.pathOf(at) }
      at = new URL(answer.location, new URL(at, this.url)).href
    }
    throw new Error(`no end of redirects from ${path}`)
  }

  private pathOf(address: string): string {
    const { pathname, search } = new URL(address, this.url)
    return `${pathname}${search}`
  }

  private async send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: object | URLSearchParams | Uint8Array,
  ): Promise<Answered> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const plain = body instanceof URLSearchParams || body instanceof Uint8Array
    const answer = await fetch(new URL(path, this.url), {
      ...{ method, redirect: 'manual' },
      headers: {
        'User-Agent': this.userAgent,
        ...(cookie && { Cookie: cookie }),
        ...(body && !plain && { 'Content-Type': 'application/json' }),
        ...this.headers,
        ...headers,
      },
      ...(body && { body: plain ? (body as BodyInit) : JSON.stringify(body) }),
    })
    for (const line of answer.headers.getSetCookie()) this.keep(line)
    const text = await answer.text()
    return {
      ...{ status: answer.status, location: answer.headers.get('location'), headers: answer.headers, text },
      json: <T>() => JSON.parse(text) as T,
    }
  }

  private keep(line: string): void {
    this.written.push(line)
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/Max-Age=0\b/.test(line)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}
