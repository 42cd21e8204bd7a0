import { expect } from 'vitest'
import { signIn } from '../login/help.ts'
import { Browser } from '../support/browser.ts'
import type { World } from '../support/world.ts'

/** Somebody at the console: what his pages ask for, and what he does there. */
export class Asker {
  private csrf = ''

  private constructor(private readonly browser: Browser) {}

  static async of(world: World, userId: string): Promise<Asker> {
    const browser = new Browser(world.url)
    const desk = new Asker(browser)
    const page = await signIn(world, browser, userId, '/session')
    desk.csrf = page.json<{ csrf: string }>().csrf
    return desk
  }

  /** What is there; fails on anything but 200. */
  async reads<T = Record<string, unknown>>(path: string): Promise<T> {
    const answer = await this.browser.get(`/console/api${path}`)
    expect([answer.status, path, answer.text]).toEqual([200, path, answer.text])
    return answer.json<T>()
  }

  get(path: string) {
    return this.browser.get(`/console/api${path}`)
  }

  /** The status and the sentence of what is refused. */
  async refused(path: string, body?: object): Promise<[number, string]> {
    const answer = body ? await this.posts(path, body) : await this.browser.get(`/console/api${path}`)
    return [answer.status, answer.json<{ detail?: string }>().detail ?? answer.text]
  }

  async does<T = Record<string, unknown>>(path: string, body: object): Promise<T> {
    const answer = await this.posts(path, body)
    expect([answer.status, answer.text]).toEqual([200, answer.text])
    return answer.json<T>()
  }

  posts(path: string, body: object) {
    return this.browser.post(`/console/api${path}`, body, { 'X-CSRF-Token': this.csrf })
  }

  /** Sends a file as the page does. */
  async uploads(path: string, bytes: Buffer, type: string): Promise<{ status: number; text: string }> {
    const { url, cookies } = this.browser
    const answer = await fetch(`${url}/console/api${path}`, {
      method: 'POST',
      headers: {
        Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        Origin: new URL(url).origin,
        'Sec-Fetch-Site': 'same-origin',
        'X-CSRF-Token': this.csrf,
        'Content-Type': type,
      },
      body: new Uint8Array(bytes),
    })
    return { status: answer.status, text: await answer.text() }
  }
}

/** Somebody becomes the manager of another team, and of that alone. */
export async function managesElsewhere(world: World, name: string): Promise<void> {
  const made = await world.api<{ id: string }>('POST', '/teams', { name: '二班' })
  expect(made.status).toBe(201)
  const { id } = await world.db.prisma.person.findFirstOrThrow({ where: { name } })
  const changed = { teamId: made.body.id, role: 'manager' as const }
  await world.db.prisma.membership.updateMany({ where: { personId: id }, data: changed })
}
