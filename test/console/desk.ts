import { signIn } from '../login/help.ts'
import { Browser } from '../support/browser.ts'
import type { World } from '../support/world.ts'

/** A person at the console, as the page asks for things and changes them. */
export class Desk {
  private constructor(
    readonly browser: Browser,
    readonly id: string,
    private readonly csrf: string,
    private readonly world: World,
  ) {}

  static async open(world: World, userId: string): Promise<Desk> {
    const browser = new Browser(world.url)
    await signIn(world, browser, userId, '/session')
    const { csrf, person } = (await browser.get('/session')).json<{ csrf: string; person: { id: string } }>()
    return new Desk(browser, person.id, csrf, world)
  }

  async get<T = Record<string, unknown>>(path: string): Promise<{ status: number; body: T }> {
    const answer = await this.browser.get(`/console/api${path}`)
    return { status: answer.status, body: answer.json<T>() }
  }

  /** A change, and everything it sets going. */
  async does<T = Record<string, unknown>>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: object = {},
  ): Promise<{ status: number; body: T }> {
    const answer = await this.raw(method, path, JSON.stringify(body), 'application/json')
    return { status: answer.status, body: (await answer.json()) as T }
  }

  /** The same, without waiting for what it sets going. */
  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: T }> {
    const answer = await this.fetch(method, path, body && JSON.stringify(body), 'application/json')
    const text = await answer.text()
    return { status: answer.status, body: (text ? JSON.parse(text) : null) as T }
  }

  async raw(method: string, path: string, body: BodyInit, type: string): Promise<Response> {
    const answer = await this.fetch(method, path, body, type)
    await this.world.settle()
    return answer
  }

  private fetch(method: string, path: string, body: BodyInit | undefined, type: string): Promise<Response> {
    return fetch(`${this.world.url}/console/api${path}`, {
      ...{ method, ...(body !== undefined && { body }) },
      headers: {
        ...{ Cookie: this.cookie, 'X-CSRF-Token': this.csrf, Origin: new URL(this.world.url).origin },
        ...{ 'Sec-Fetch-Site': 'same-origin', Accept: 'application/json' },
        ...(body !== undefined && { 'Content-Type': type }),
      },
    })
  }

  private get cookie(): string {
    return [...this.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** A file as the browser gets it. */
  async file(path: string): Promise<{ status: number; type: string; bytes: Buffer }> {
    const answer = await fetch(`${this.world.url}/console/api${path}`, { headers: { Cookie: this.cookie } })
    const type = answer.headers.get('Content-Type') ?? ''
    return { status: answer.status, type, bytes: Buffer.from(await answer.arrayBuffer()) }
  }
}
