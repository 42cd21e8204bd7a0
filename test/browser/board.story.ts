import { expect, it } from 'vitest'
import { expectReadable, picture } from '../support/chromium.ts'
import { inBrowser } from '../support/pagestory.ts'
import { givenOrder } from '../support/shop.ts'

inBrowser((story, window) => {
  it('a dispatcher opens an order from a pasted text, sends somebody, and follows it', async () => {
    const { world, windows } = story
    const early = await givenOrder(world, { assign: '' })
    const page = await windows.signedIn(world, 'zhaopaigong', '/console/', { window })
    await page.getByText('实时更新').waitFor()
    await page.locator('.row', { hasText: early }).waitFor()
    await expectReadable(page)
    await picture(page, `console-board-${window}`)

    await page.getByRole('button', { name: '开单', exact: true }).click()
    const form = page.getByRole('dialog')
    await form
      .getByLabel('把客户发来的话贴在这里')
      .fill('李先生 13800001299 二七区航海路8号3单元501 空调漏水 明天下午3点 派给张三')
    await form.getByRole('button', { name: '读一读' }).click()
    await expect.poll(() => form.getByLabel('电话').inputValue()).toBe('13800001299')
    expect(await form.getByLabel('希望上门').inputValue()).toBe('2026-11-25T15:00')
    await expectReadable(page)
    await form.getByRole('button', { name: '开单', exact: true }).click()
    await page.waitForURL('**/console/orders/*')
    const code = page.url().split('/').at(-1) ?? ''
    await world.settle()
    world.zhang.sees(`派工单 ${code}`)
    world.groupSees(`${code} 已派单给张三`)
    await page.getByText('待接单').first().waitFor()
    await expectReadable(page)
    await picture(page, `console-order-${window}`)

    // He takes it on his phone: the page that is open says so by itself.
    await world.zhang.taps('接单')
    world.zhao.sees(`${code} 张三 已接单`)
    world.groupSees(`${code} 张三 已接单`)
    await page.getByText('待联系').first().waitFor()
    await page.getByRole('button', { name: '取消' }).click()
    await page.getByLabel('原因').fill('客户不修了')
    await page.locator('form.act').getByRole('button', { name: '取消' }).click()
    await page.getByText('已取消').first().waitFor()
    await world.settle()
    world.ignore()
    windows.quiet()
  })

  it('somebody is sent without a mouse', async () => {
    const { world, windows } = story
    const code = await givenOrder(world, { assign: '' })
    const page = await windows.signedIn(world, 'zhaopaigong', '/console/', { window })
    await page.locator('.row', { hasText: code }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('a')
    await page.locator('.candidates li').first().waitFor()
    await expectReadable(page)
    // The best candidate's button has the focus.
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('派给他')
    await page.keyboard.press('Enter')
    await page.locator('.row', { hasText: code }).getByText('待接单').waitFor()
    await world.settle()
    world.ignore()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: '快捷键' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Board' }).waitFor()
    await expectReadable(page)
    windows.quiet()
  })

  it('a technician has his own orders and nothing of the desk', async () => {
    const { world, windows } = story
    const own = await givenOrder(world)
    const other = await givenOrder(world, { assign: '李四' })
    const page = await windows.signedIn(world, 'zhangsan', '/console/', { window, dark: true })
    await page.locator('.row', { hasText: own }).waitFor()
    expect(await page.getByText(other).count()).toBe(0)
    expect(await page.getByRole('button', { name: '开单', exact: true }).count()).toBe(0)
    await expectReadable(page)
    await page.goto(`${world.url}/console/orders/${other}`)
    await page.getByText(`没有单号 ${other}`).waitFor()
    windows.quiet([/404/])
  })
})

const onDesk = { windows: ['desktop'] } as const
inBrowser((story, window) => {
  it('an order is dragged onto the one who gets it, and taken back', async () => {
    const { world, windows } = story
    const code = await givenOrder(world, { assign: '' })
    const page = await windows.signedIn(world, 'zhaopaigong', '/console/', { window })
    const row = page.locator('.row', { hasText: code })
    await row.dragTo(page.locator('.load li', { hasText: '李四' }))
    await page.getByText(`${code} 已派给 李四`).waitFor()
    await world.settle()
    world.li.sees(`派工单 ${code}`)
    await page.getByRole('button', { name: '收回' }).click()
    await page.getByText(`${code} 已收回`).waitFor()
    await row.getByText('未派').waitFor()
    await world.settle()
    world.ignore()
    windows.quiet()
  })
}, onDesk)
