import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { OrderPage, StepDone, StepWish } from '../../src/mobile/wire.ts'
import { signIn } from '../login/help.ts'
import { type Answered, Browser } from '../support/browser.ts'
import type { World } from '../support/world.ts'

export type Answer<T> = T & { status: number; detail: string }

/** Somebody's phone with our pages open. */
export class Phone {
  private constructor(
    readonly browser: Browser,
    readonly csrf: string,
  ) {}

  static async of(world: World, userId: string): Promise<Phone> {
    const browser = new Browser(world.url)
    const page = await signIn(world, browser, userId, '/session')
    expect(page.status).toBe(200)
    return new Phone(browser, page.json<{ csrf: string }>().csrf)
  }

  async reads<T>(path: string): Promise<Answer<T>> {
    return (await this.browser.get(`/m/api${path}`)).json<Answer<T>>()
  }

  async sends<T>(path: string, body: object): Promise<Answer<T>> {
    const answer = await this.browser.post(`/m/api${path}`, body, { 'X-CSRF-Token': this.csrf })
    return answer.json<Answer<T>>()
  }

  /** Sends a file as a page does. */
  async puts(path: string, bytes: Buffer, type = 'image/jpeg'): Promise<Answered> {
    const headers = { 'Content-Type': type, 'X-CSRF-Token': this.csrf, Origin: new URL(this.browser.url).origin }
    return this.browser.put(`/m/api${path}`, bytes, headers)
  }

  order(code: string): Promise<Answer<OrderPage>> {
    return this.reads(`/orders/${code}`)
  }

  /** Takes a step from the page as it is now. */
  async takes(code: string, wish: StepWish, key = randomUUID()): Promise<Answer<StepDone>> {
    const { seen } = await this.order(code)
    return this.sends(`/orders/${code}/steps`, { key, seen, wish })
  }
}
