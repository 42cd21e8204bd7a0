import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { expectReadable, picture } from '../support/chromium.ts'
import { inBrowser } from '../support/pagestory.ts'
import { givenOrder } from '../support/shop.ts'

/** Two photos and the customer's name on paper before 完工. */
const policy = `
name: default
version: 1
clocks:
  - { kind: accept, start: dispatched, stop: accepted, within: 15m }
  - { kind: complete, start: dispatched, stop: completed, within: 24h }
evidence:
  complete:
    - { photos: { min: 1 }, signature: true }
`

/** A picture as a camera makes it, larger than what is sent. */
const photo = (page: Page): Promise<Buffer> =>
  page
    .evaluate(
      () =>
        new Promise<string>(done => {
          const canvas = Object.assign(document.createElement('canvas'), { width: 2400, height: 1800 })
          const pen = canvas.getContext('2d')
          for (let x = 0; pen && x < 24; x++) {
            pen.fillStyle = `hsl(${x * 15} 60% 50%)`
            pen.fillRect(x * 100, 0, 100, 1800)
          }
          done(canvas.toDataURL('image/jpeg', 0.9))
        }),
    )
    .then(url => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'))

async function signs(page: Page): Promise<void> {
  const box = await page.locator('canvas').boundingBox()
  if (!box) throw new Error('there is nowhere to sign')
  for (const line of [0.3, 0.5, 0.7]) {
    await page.mouse.move(box.x + box.width * 0.15, box.y + box.height * line)
    await page.mouse.down()
    for (let step = 1; step <= 12; step++)
      await page.mouse.move(
        box.x + box.width * (0.15 + step * 0.055),
        box.y + box.height * (line + (step % 2 ? 0.08 : -0.08)),
      )
    await page.mouse.up()
  }
}

inBrowser(
  (story, window) => {
    it('a job is taken, shown with a photo, signed for and done on the phone', async () => {
      const { world, windows, db } = story
      const code = await givenOrder(world)
      const page = await windows.signedIn(world, 'zhangsan', `/m/orders/${code}`, { window })
      const button = (name: string | RegExp) => page.getByRole('button', { name })
      const step = async (name: string) => {
        await button(name).first().click()
        await world.settle()
      }
      await button('接单').first().waitFor()
      await expectReadable(page, 'order')
      await picture(page, `m-order-${window}`)
      expect(await page.locator('a[href="tel:13800001234"]').count()).toBeGreaterThan(0)
      await step('接单')
      world.ignore()
      await button('更多').click()
      await expectReadable(page, 'more')
      await page.keyboard.press('Escape')
      await page.goto(`${world.url}/m/orders/${code}`)

      // The photo is made small on the phone.
      await page
        .locator('input[type="file"][multiple]')
        .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: await photo(page) })
      await expect.poll(() => db.prisma.media.count({ where: { state: 'stored', kind: 'image' } })).toBe(1)
      const { size } = await db.prisma.media.findFirstOrThrow({ where: { kind: 'image' } })
      expect(size).toBeLessThan(600_000)

      await button('请客户签字').first().click()
      await page.locator('canvas').waitFor()
      await expectReadable(page, 'sign')
      const result = page.getByLabel('做了什么')
      if (await result.isVisible()) await result.fill('换了电容')
      await signs(page)
      await picture(page, `m-sign-${window}`)
      await button('签好了').click()
      await expect.poll(() => db.prisma.media.count({ where: { state: 'stored', kind: 'signature' } })).toBe(1)
      world.ignore()
      await page.goto(`${world.url}/m/orders/${code}`)
      await button('更多').click()
      await button('到达').first().click()
      await button('完工').first().waitFor()
      await world.settle()
      world.ignore()
      await button('完工').first().click()
      await page.getByLabel('修理结果').fill('换了电容')
      await page.getByLabel('收费（元）').fill('80')
      await expectReadable(page, 'done')
      await button('完工').last().click()
      await page.getByText('已完工').first().waitFor()
      await world.settle()
      world.ignore()
      const seen = await world.api<{ state: string; signature: { name: string } }>('GET', `/orders/${code}`)
      expect(seen.body).toMatchObject({ state: 'completed', signature: { name: '王女士' } })
      // A page without a script asks for no picture of its own.
      windows.quiet([/favicon/])
    })
  },
  { policy, windows: ['phone'] },
)

inBrowser((story, window) => {
  it('a customer rates the visit on his own phone', async () => {
    const { world, windows } = story
    const code = await givenOrder(world)
    await world.zhang.says(`完工 ${code} 换了电容 收费80`)
    await world.zhang.says(`评价码 ${code}`)
    const said = world.messagesFor('zhangsan').map(message => JSON.stringify(message.body))
    const link = said.map(text => /http[^"\s]*\/r\/[\w.~-]+/.exec(text)?.[0]).find(Boolean)
    world.ignore()
    const page = await windows.blank(window)
    await page.goto(link ?? '')
    await expectReadable(page, 'rating')
    await picture(page, `rating-${window}`)
    await page.getByText('非常满意').first().click()
    await page.getByRole('button').last().click()
    await page.getByText(/谢谢/).first().waitFor()
    await expectReadable(page, 'thanks')
    await world.settle()
    world.ignore()
    // A page without a script asks for no picture of its own.
    windows.quiet([/favicon/])
  })
})
