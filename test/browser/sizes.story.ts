import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { inBrowser } from '../support/pagestory.ts'
import { givenOrder } from '../support/shop.ts'

/** What the first route of each part may cost: scripts and styles, gzip. */
const limits = { '/console/': { kB: 300, as: 'zhaopaigong' }, '/m/': { kB: 150, as: 'zhangsan' } } as const

inBrowser((story, window) => {
  it.each(Object.entries(limits))('%s opens with less than it may', async (path, { kB, as }) => {
    const { world, windows } = story
    const code = await givenOrder(world)
    const page = await windows.blank(window)
    const sizes = new Map<string, Promise<number>>()
    page.on('response', answer => {
      if (/\.(js|css)(\?|$)/.test(answer.url()))
        sizes.set(
          answer.url(),
          answer.body().then(body => gzipSync(body, { level: 9 }).length),
        )
    })
    await page.goto(`${world.url}/login/${world.on[0]}?next=${path}`)
    await page.locator(`a[href*="as=${as}"]`).click()
    await page.getByText(code).first().waitFor()
    const total = (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0) / 1024
    const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0)
    const shift = await page.evaluate(
      () =>
        new Promise<number>(done => {
          let sum = 0
          new PerformanceObserver(list => {
            for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value
          }).observe({ type: 'layout-shift', buffered: true })
          requestAnimationFrame(() => requestAnimationFrame(() => done(sum)))
        }),
    )
    console.log(
      `${path} ${window}: ${sizes.size} files, ${total.toFixed(1)} kB gzip, first paint ${painted.toFixed(0)} ms, shift ${shift.toFixed(3)}`,
    )
    expect(sizes.size).toBeGreaterThan(0)
    expect(total).toBeLessThan(kB)
    // Web Vitals call 0.1 good.
    expect(shift).toBeLessThan(0.1)
    windows.quiet()
  })
})
