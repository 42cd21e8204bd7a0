import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { expectReadable, picture } from '../support/chromium.ts'
import { inBrowser } from '../support/pagestory.ts'
import { givenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

const app = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile AliApp(DingTalk/7.6.0)'

/** The bridge DingTalk's app for iPhones gives to pages; `answer` is what it knows about who holds the phone. */
async function heldBy(page: Page, answer: (asked: Record<string, string>) => Promise<string | null> | string | null) {
  await page.exposeFunction('appSays', answer)
  await page.addInitScript(() => {
    type Said = { errorCode: string; result?: { code: string } }
    const says = (globalThis as unknown as { appSays(asked: object): Promise<string | null> }).appSays
    Object.assign(globalThis, {
      WebViewJavascriptBridge: {
        init: () => {},
        registerHandler: () => {},
        async callHandler(name: string, asked: object, then: (said: Said) => void) {
          if (name !== 'runtime.permission.requestAuthCodeV2') return then({ errorCode: '3' })
          const code = await says(asked)
          then(code === null ? { errorCode: '3' } : { errorCode: '0', result: { code } })
        },
      },
    })
  })
}

const codeOf = (world: World, userId: string) => world.sandbox.dingtalk.loginCode(userId)

inBrowser(
  story => {
    it('inside DingTalk the card of a job opens its page, and nobody has to agree to anything', async () => {
      const { world, windows } = story
      const code = await givenOrder(world)
      const page = await windows.blank('phone', { as: app })
      const asked: Array<Record<string, string>> = []
      await heldBy(page, what => {
        asked.push(what)
        return codeOf(world, 'zhangsan')
      })
      await page.goto(`${world.url}/m/orders/${code}`)
      await page.getByRole('button', { name: '接单' }).first().waitFor()
      expect(new URL(page.url()).pathname).toBe(`/m/orders/${code}`)
      const { corpId, clientId } = world.sandbox.dingtalk.credentials
      expect(asked).toMatchObject([{ corpId, clientId }])
      world.ignore()
    })

    it('an app that gives no code, and one that gives a wrong one, leave another way open', async () => {
      const { world, windows } = story
      const silent = await windows.blank('phone', { as: app })
      await heldBy(silent, () => null)
      await silent.goto(`${world.url}/login?next=/m/`)
      await silent.getByText('钉钉没有回应').waitFor()
      await expectReadable(silent, 'no code')
      await picture(silent, 'inside-refused')
      await silent.getByRole('link', { name: '换一种方式登录' }).click()
      await silent.locator('a[href*="as=zhangsan"]').click()
      await silent.waitForURL('**/m/')

      const wrong = await windows.blank('phone', { as: app })
      await heldBy(wrong, () => 'made-up')
      await wrong.goto(`${world.url}/login?next=/m/`)
      await wrong.getByText('登录码过期了').waitFor()
      windows.quiet([/403/, /favicon/])
      world.ignore()
    })
  },
  { windows: ['phone'] },
)
